//! Every view through its index, by example.

use super::*;

mod properties;

fn index(view: View, body: &[u8]) -> Index {
    let mut index = Index::new(view, charset(None, body));
    index.feed(body);
    index.finish();
    index
}

fn reader(body: &[u8]) -> impl Fn(u64, usize) -> Vec<u8> + '_ {
    |offset, length| {
        let start = (offset as usize).min(body.len());
        body[start..body.len().min(start + length)].to_vec()
    }
}

fn all(index: &Index, body: &[u8]) -> Vec<Line> {
    index.render(&Window::lines(0..u64::MAX), &reader(body))
}

fn shown(view: View, body: &str) -> Vec<String> {
    all(&index(view, body.as_bytes()), body.as_bytes()).iter().map(Line::text).collect()
}

fn kinds(view: View, body: &str) -> Vec<(String, Token)> {
    let lines = all(&index(view, body.as_bytes()), body.as_bytes());
    let spans = lines.into_iter().flat_map(|line| line.spans);
    spans.filter(|span| span.kind != Token::Space).map(|span| (span.text, span.kind)).collect()
}

#[test]
fn the_views_go_round() {
    let round =
        |fitting: View| std::iter::successors(Some(fitting), move |view| Some(view.next(fitting)));
    assert_eq!(
        round(View::Json).take(5).collect::<Vec<_>>(),
        [View::Json, View::Text, View::Raw, View::Hex, View::Json]
    );
    assert_eq!(
        round(View::Text).take(4).collect::<Vec<_>>(),
        [View::Text, View::Raw, View::Hex, View::Text]
    );
    assert_eq!(
        round(View::Hex).take(4).collect::<Vec<_>>(),
        [View::Hex, View::Text, View::Raw, View::Hex]
    );
}

#[test]
fn json_on_one_line_is_indented() {
    let body = r#"{"a":[1,{"b":null}],"c":{},"d":[ ],"e":"x, [y] \"z\""}"#;
    let expected =
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(body).unwrap())
            .unwrap();
    assert_eq!(shown(View::Json, body).join("\n"), expected);
}

#[test]
fn json_tokens_have_kinds() {
    let seen = kinds(View::Json, "{\"k\\n\": [true, -1.5e3, \"\x1b\", 01]}");
    let kinds: Vec<_> = seen.iter().map(|(text, kind)| (text.as_str(), *kind)).collect();
    assert!(
        kinds.contains(&("\"k", Token::Key)) && kinds.contains(&("\\n", Token::Sequence)),
        "{kinds:?}"
    );
    assert!(
        kinds.contains(&("true", Token::Literal)) && kinds.contains(&("-1.5e3", Token::Number))
    );
    assert!(kinds.contains(&("\\x1b", Token::Escape)) && kinds.contains(&("01", Token::Invalid)));
}

#[test]
fn what_is_not_json_is_shown_as_it_is_from_there() {
    let body = "{\"a\": 1] <b>\nrest\u{202e}";
    let broken = index(View::Json, body.as_bytes());
    assert_eq!(broken.fault(), Some(Fault { offset: 7, kind: FaultKind::Unexpected }));
    assert_eq!(shown(View::Json, body), ["{", "  \"a\": 1", "] <b>", "rest\\u{202e}"]);
    assert_eq!(shown(View::Json, "<html>\n1"), ["<html>", "1"]);
    assert_eq!(
        index(View::Json, b"[1, {\"a\"").fault().map(|fault| fault.kind),
        Some(FaultKind::Unfinished)
    );
}

#[test]
fn several_json_values_stand_one_after_the_other() {
    assert_eq!(
        shown(View::Json, "{\"a\":1}\n{\"a\":2} 3"),
        ["{", "  \"a\": 1", "}", "{", "  \"a\": 2", "}", "3"]
    );
}

#[test]
fn nearly_json_is_let_pass_and_marked() {
    let body = "{a: 1, \"b\": [1,],}";
    assert_eq!(shown(View::Json, body), ["{", "  a: 1,", "  \"b\": [", "    1,", "  ],", "}"]);
    assert_eq!(
        index(View::Json, body.as_bytes()).fault(),
        Some(Fault { offset: 1, kind: FaultKind::Lenient })
    );
}

#[test]
fn hostile_nesting_is_followed_to_a_limit() {
    let body = "[".repeat(100_000);
    let deep = index(View::Json, body.as_bytes());
    assert_eq!(deep.fault(), Some(Fault { offset: 1024, kind: FaultKind::TooDeep }));
    assert!(deep.lines() < 1100);
}

#[test]
fn lines_of_markup_say_which_elements_they_are_in() {
    let body = b"<!doctype html><html><body><form><input name=a><p>one<p>two</form></body><script>\n<b>\n</script></html>";
    let lines = index(View::Html, body);
    let paths: Vec<_> = (0..lines.lines())
        .map(|line| lines.path(line, &reader(body)).unwrap_or_default())
        .collect();
    let form = "html > body > form";
    let (p, script) = (format!("{form} > p"), "html > script");
    let body_of = "html > body";
    let expected =
        ["", "html", body_of, form, &p, &p, form, body_of, script, script, script, "html"];
    assert_eq!(paths, expected);
}

#[test]
fn json_lines_have_paths() {
    let body = r#"{"items":[{"id":1},[0,{"a b":{"x":"y"}}]],"end":true}"#;
    let lines = index(View::Json, body.as_bytes());
    let paths: Vec<_> = (0..lines.lines())
        .map(|line| lines.path(line, &reader(body.as_bytes())).unwrap())
        .collect();
    let expected = [
        "$",
        "$.items",
        "$.items[0]",
        "$.items[0].id",
        "$.items[0]",
        "$.items[1]",
        "$.items[1][0]",
        "$.items[1][1]",
        "$.items[1][1][\"a b\"]",
        "$.items[1][1][\"a b\"].x",
        "$.items[1][1][\"a b\"]",
        "$.items[1][1]",
        "$.items[1]",
        "$.items",
        "$.end",
        "$",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn html_is_laid_out_in_blocks() {
    let body = "<!DOCTYPE html><html><head><title>Moved</title><meta charset=utf-8></head><body><h1>302   Found</h1>\
        <p>The document has moved <a  href=\"/x?a=b&amp;c\">here</a>.</p><ul><li>a<li>b</ul><hr>1 < 2<br/>x</body></html>";
    let expected = [
        "<!DOCTYPE html>",
        "<html>",
        "  <head>",
        "    <title>Moved</title>",
        "    <meta charset=utf-8>",
        "  </head>",
        "  <body>",
        "    <h1>302   Found</h1>",
        "    <p>The document has moved <a href=\"/x?a=b&amp;c\">here</a>.</p>",
        "    <ul>",
        "      <li>a",
        "      <li>b",
        "    </ul>",
        "    <hr>",
        "    1 < 2<br/>",
        "    x",
        "  </body>",
        "</html>",
    ];
    assert_eq!(shown(View::Html, body), expected);
}

#[test]
fn scripts_and_comments_keep_their_lines() {
    let body = "<div><script>\n  if (a</b) {\n\tx()\n  }\n</script><!-- a\n   b --></div>\n\n\n<p>x\n   y</p>";
    let expected = [
        "<div>",
        "  <script>",
        "  if (a</b) {",
        "    x()",
        "  }",
        "</script>",
        "  <!-- a",
        "   b -->",
        "</div>",
        "<p>x",
        "  y",
        "</p>",
    ];
    assert_eq!(shown(View::Html, body), expected);
}

#[test]
fn xml_is_laid_out_by_element() {
    let body = "<?xml version='1.0'?><a x='1'\n  y=\"2\"><b/><c>t</c><d><![CDATA[<x>]]></d></a>";
    let expected = [
        "<?xml version='1.0'?>",
        "<a x='1' y=\"2\">",
        "  <b/>",
        "  <c>t</c>",
        "  <d><![CDATA[<x>]]></d>",
        "</a>",
    ];
    assert_eq!(shown(View::Xml, body), expected);
}

#[test]
fn markup_has_kinds() {
    let seen = kinds(View::Html, "<a href='x'>t&lt;</a><!--c--><3");
    let kinds: Vec<_> = seen.iter().map(|(text, kind)| (text.as_str(), *kind)).collect();
    let expected = [
        ("<a", Token::Tag),
        ("href", Token::Attribute),
        ("=", Token::Punctuation),
        ("'x'", Token::String),
        (">", Token::Tag),
        ("t", Token::Text),
        ("&lt;", Token::Sequence),
        ("</a>", Token::Tag),
        ("<!--c-->", Token::Comment),
        ("<3", Token::Text),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn containers_fold_with_the_line_that_closes_them() {
    let body = r#"{"items":[{"id":1},[0,[]]],"end":true}"#;
    let index = index(View::Json, body.as_bytes());
    let folds: Vec<_> =
        (0..index.lines()).map(|line| index.fold(line, &reader(body.as_bytes()))).collect();
    let lines = all(&index, body.as_bytes());
    assert!(lines.iter().zip(&folds).all(|(line, fold)| line.opens == fold.is_some()));
    assert_eq!(folds.into_iter().flatten().collect::<Vec<_>>(), [1..12, 2..10, 3..5, 6..9]);
    let html = "<ul><li>a<p>b</p><li>c</ul><p>d</p><div><p>e";
    let index = self::index(View::Html, html.as_bytes());
    let folds: Vec<_> =
        (0..index.lines()).map(|line| index.fold(line, &reader(html.as_bytes()))).collect();
    assert_eq!(folds, [Some(1..5), Some(2..3), None, None, None, None, Some(7..8), None]);
}

#[test]
fn a_fold_skips_what_it_folds() {
    let row = r#"{"deep":[[["x"]]],"n":123456,"text":"some words in a value"},"#;
    let body = format!("[[{}0],[1,2]]", row.repeat(60_000)).into_bytes();
    let index = index(View::Json, &body);
    let reads = std::cell::Cell::new(0);
    let read = |offset, length| {
        reads.set(reads.get() + 1);
        reader(&body)(offset, length)
    };
    let fold = index.fold(1, &read).unwrap();
    assert_eq!(fold.end, index.lines() - 5);
    assert!(reads.get() < 20, "{}", reads.get());
}

#[test]
fn checkpoints_are_thinned_out_before_they_grow_beyond_the_budget() {
    let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
    let body = format!("[{}0]", format!("{deep},").repeat(20_000)).into_bytes();
    let mut index = Index::new(View::Json, encoding_rs::UTF_8);
    body.chunks(64 << 10).for_each(|block| index.feed(block));
    assert!(index.weight() <= BUDGET, "{}", index.weight());
    let last = index.render(&Window::lines(index.lines() - 2..index.lines()), &reader(&body));
    assert_eq!(last.iter().map(Line::text).collect::<Vec<_>>(), ["  0", "]"]);
    assert_eq!(index.fold(0, &reader(&body)), Some(1..index.lines()));
}

#[test]
fn form_fields_are_decoded() {
    assert_eq!(
        shown(View::Form, "a=b+c&d%5B%5D=%E2%82%AC%0a&e&=%zz&"),
        ["a = b c", "d[] = €\\n", "e", " = %zz"]
    );
}

#[test]
fn text_is_shown_in_its_charset() {
    let body = b"caf\xe9\tx\r\nb\n";
    let mut latin = Index::new(View::Text, encoding_rs::WINDOWS_1252);
    latin.feed(body);
    let lines = latin.render(&Window::lines(0..9), &reader(body));
    assert_eq!(lines.iter().map(Line::text).collect::<Vec<_>>(), ["café    x", "b"]);
    let wide: Vec<u8> = "\u{feff}a\r\nč\u{a0a}".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let lines = all(&index(View::Json, &wide), &wide);
    assert_eq!(lines.iter().map(Line::text).collect::<Vec<_>>(), ["\\u{feff}a", "č\u{a0a}"]);
}

#[test]
fn raw_shows_every_byte() {
    assert_eq!(shown(View::Raw, "a\tb\r\n\n\x1b[0m"), ["a\\tb\\r", "", "\\x1b[0m"]);
}

#[test]
fn hex_shows_offset_bytes_and_ascii() {
    let lines = shown(View::Hex, "0123456789abcdef\n\u{7f}z");
    assert_eq!(
        lines[0],
        "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef"
    );
    assert_eq!(lines[1], "00000010  0a 7f 7a                                          ..z");
}

#[test]
fn a_long_line_goes_on_in_the_next_and_only_the_wanted_columns_are_laid_out() {
    let body = "é".repeat(50_000);
    let index = index(View::Raw, body.as_bytes());
    let lines = all(&index, body.as_bytes());
    assert!(lines.iter().all(|line| line.source.end - line.source.start <= MAX_LINE));
    assert!(lines.iter().skip(1).all(|line| line.continues));
    assert_eq!(lines.iter().map(Line::text).collect::<String>(), body);
    let window = Window { lines: 3..5, columns: 10..20 };
    let clipped = index.render(&window, &reader(body.as_bytes()));
    assert!(clipped.iter().all(|line| line.text() == "é".repeat(10)));
}

#[test]
fn columns_of_a_match_are_found() {
    let body = "漢字: \u{202e}match\n";
    let lines = all(&index(View::Text, body.as_bytes()), body.as_bytes());
    let at = body.find("match").unwrap() as u64;
    assert_eq!(lines[0].columns(&(at..at + 5)), Some(14..19));
    assert_eq!(lines[0].columns(&(3..6)), Some(2..4));
    assert_eq!(lines[0].columns(&(90..91)), None);
}

#[test]
fn a_wide_character_across_an_edge_gives_way_to_spaces() {
    let body = "漢字漢字";
    let lines = index(View::Raw, body.as_bytes())
        .render(&Window { lines: 0..1, columns: 1..6 }, &reader(body.as_bytes()));
    assert_eq!(lines[0].text(), " 字漢");
}

#[test]
fn the_index_stays_small_and_finds_its_lines() {
    let row = r#"{"deep":[[[[[[[["x"]]]]]]]],"n":123456,"text":"some words in a value"},"#;
    let body = format!("[{}0]", row.repeat(60_000)).into_bytes();
    let index = index(View::Json, &body);
    assert!(index.weight() < 64 << 10, "{}", index.weight());
    let last = index.render(&Window::lines(index.lines() - 2..index.lines()), &reader(&body));
    assert_eq!(last.iter().map(Line::text).collect::<Vec<_>>(), ["  0", "]"]);
    let line = index.line_at(body.len() as u64 - 3, &reader(&body));
    assert_eq!(line, Some(index.lines() - 3));
    assert_eq!(index.path(index.lines() - 2, &reader(&body)).unwrap(), "$[60000]");
}
