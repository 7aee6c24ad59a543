//! Sitemaps as they are written, and as nobody should write them.

use std::sync::Arc;

use proptest::prelude::*;

use super::super::suite::tests::with_setup;
use super::*;

fn locs(text: &str) -> Vec<(usize, String)> {
    let sitemap = read("s.xml", text).unwrap();
    sitemap.locs.into_iter().map(|loc| (loc.line, loc.url.into())).collect()
}

fn faults(text: &str) -> Vec<String> {
    read("s.xml", text).unwrap_err().iter().map(ToString::to_string).collect()
}

const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc>https://shop.test/</loc><lastmod>2026-01-01</lastmod>
    <image:image><image:loc>https://cdn.test/a.png</image:loc></image:image>
  </url>
  <url><loc>
      https://shop.test/?a=1&amp;b=&#50;
  </loc></url>
  <url><loc><![CDATA[https://shop.test/c?x&y]]></loc></url>
</urlset>
"#;

#[test]
fn every_loc_of_a_page_is_read_with_its_line() {
    let read = locs(WHOLE);
    let want = [
        (5, "https://shop.test/"),
        (9, "https://shop.test/?a=1&b=2"),
        (11, "https://shop.test/c?x&y"),
    ];
    assert_eq!(read, want.map(|(line, url)| (line, url.to_owned())));
    assert_eq!(locs(&format!("\u{feff}{WHOLE}")), read);
    assert!(is_sitemap(WHOLE.as_bytes()));
}

#[test]
fn an_index_names_sitemaps() {
    let text = "<s:sitemapindex xmlns:s='x'><s:sitemap><s:loc>http://a.test/1.xml</s:loc></s:sitemap></s:sitemapindex>";
    let sitemap = read("s.xml", text).unwrap();
    assert_eq!((sitemap.kind, sitemap.locs.len()), (Kind::Index, 1));
    assert!(is_sitemap(text.as_bytes()) && is_sitemap(b"\xef\xbb\xbf\n<!DOCTYPE x><urlset/>"));
    for other in ["", "<rss/>", "source,target", "a <urlset/>", "<!-- <urlset>", "{}", "\u{0}"] {
        assert!(!is_sitemap(other.as_bytes()), "{other}");
    }
}

#[test]
fn faults_say_where_and_what_was_expected() {
    for (text, fault) in [
        ("<urlset>\n<url><lastmod/></url></urlset>", "s.xml:2:1: expected a <loc>"),
        ("<urlset><url><loc> </loc></url></urlset>", "s.xml:1:"),
        ("<urlset><url><loc/></url></urlset>", "s.xml:1:"),
        ("<urlset><url><loc>a</loc><loc>b</loc></url></urlset>", "s.xml:1:26: expected one <loc>"),
        ("<urlset><url>\n<loc>a", "s.xml:2:7: expected the end of the sitemap"),
        ("<urlset></url>", "s.xml:1:9: expected XML:"),
        ("<urlset/><urlset/>", "s.xml:1:10: expected one root"),
        ("<rss/>", "s.xml:1:1: expected <urlset>"),
        (
            "<!DOCTYPE a [<!ENTITY x \"y\">]>\n<urlset><url><loc>http://a.test/&x;</loc></url></urlset>",
            "s.xml:2:33: expected no entity of a DTD",
        ),
    ] {
        let seen = faults(text).remove(0);
        assert!(seen.starts_with(fault), "{seen}");
    }
    let long = format!("<urlset><url><loc>http://a/{}</loc></url></urlset>", "a".repeat(LONGEST));
    assert!(faults(&long)[0].contains("less than 2048"), "{:?}", faults(&long));
}

#[test]
fn the_billion_laughs_stay_small() {
    let mut text = "<!DOCTYPE lolz [<!ENTITY l0 \"lol\">".to_owned();
    for n in 1..10 {
        let before = format!("&l{};", n - 1).repeat(10);
        text += &format!("<!ENTITY l{n} \"{before}\">");
    }
    text += "]><urlset><lastmod>&l9;</lastmod></urlset>";
    assert_eq!(locs(&text), []);
}

#[test]
fn a_page_is_a_row_that_answers_200() {
    let file: Arc<str> = "s.xml".into();
    with_setup(None, |setup| {
        let row = row(Place { file: Arc::clone(&file), line: 3 }, "http://a.test/x", setup);
        let row = row.unwrap();
        assert_eq!(
            (row.place.to_string().as_str(), row.name.as_str()),
            ("s.xml:3", "http://a.test/x")
        );
        let status = row.expect.hop[0].status.as_ref().unwrap();
        assert!(status.holds(Some(200)) && !status.holds(Some(301)) && !status.holds(Some(204)));
        let place = Place { file, line: 3 };
        assert!(super::row(place, "/x", setup).unwrap_err().to_string().contains("--base"));
    });
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(<(/)?(urlset|url|loc|sitemapindex|sitemap|!\\[CDATA\\[|!--|\\?x)?( a='b')?(/)?(>|\\]\\]>|-->|\\?>)?|&(amp|#x?[0-9a-f]{0,7}|x);?|\\PC){0,30}") {
        let _ = read("s.xml", &text);
        is_sitemap(text.as_bytes());
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        is_sitemap(&bytes);
        let _ = read("s.xml", &String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn every_url_comes_back(urls in prop::collection::vec("http://[a-z]{1,8}\\.test/[ -~]{0,20}", 0..9)) {
        let urls: Vec<String> = urls.iter().map(|url| url.trim().to_owned()).collect();
        let items = urls.iter().map(|url| {
            let url = url.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            format!("<url>\n<loc>{url}</loc></url>")
        });
        let text = format!("<urlset>{}</urlset>", items.collect::<String>());
        let want: Vec<_> = urls.into_iter().enumerate().map(|(at, url)| (at + 2, url)).collect();
        prop_assert_eq!(locs(&text), want);
    }
}
