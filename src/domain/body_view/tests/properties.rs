//! What holds for any body: the same lines however it is cut, nothing lost, nothing unsafe, no panic.

use encoding_rs::UTF_8;
use proptest::prelude::*;

use super::*;
use crate::domain::escape::is_visible;

fn body() -> impl Strategy<Value = Vec<u8>> {
    let bit = prop_oneof![
        8 => prop::sample::select(vec!["{", "}", "[", "]", ":", ",", "\"", "\\", "\\\"", "\"a\"", "\"k\":", "1", "null", " ", "\n", "\r\n", "&", "=", "%41", "<", "</", ">", "<p>", "</p>", "<b a='x'>", "<!--", "-->", "<script>", "</script>", "é", "漢", "\u{301}", "\u{202e}", "\t"])
            .prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
        1 => (prop::sample::select(vec!["x", " ", "é", "\\", "[1,", "{\"k\":", "</p><p>", "<b>"]), 1usize..4000).prop_map(|(text, times)| text.repeat(times).into_bytes()),
    ];
    prop::collection::vec(bit, 0..60).prop_map(|bits| bits.concat())
}

fn view() -> impl Strategy<Value = View> {
    prop::sample::select(View::ALL.to_vec())
}

/// JSON that serde_json wrote, with odd spaces between tokens.
fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[ -~\\\\\"é漢]{0,12}".prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map("[a-z\" ]{0,6}", inner, 0..6)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

/// How many parents a line has.
fn depth_of(index: &Index, body: &[u8], line: u64) -> u32 {
    let mut depth = 0;
    let mut line = line;
    while let Some(parent) = index.parent(line, &reader(body)) {
        (line, depth) = (parent, depth + 1);
    }
    depth
}

proptest! {
    #[test]
    fn pretty_json_is_that_of_serde_json(value in json()) {
        let body = serde_json::to_string(&value).unwrap();
        let expected = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(shown(View::Json, &body).join("\n"), expected.clone());
        prop_assert_eq!(shown(View::Json, &expected).join("\n"), expected);
    }

    #[test]
    fn the_lines_are_the_same_however_the_body_is_cut(view in view(), body in body(), cuts in prop::collection::vec(1usize..3000, 1..20)) {
        let whole = index(view, &body);
        let mut parts = Index::new(view, charset(None, &body));
        let mut rest = body.as_slice();
        for cut in cuts.iter().cycle() {
            let (part, tail) = rest.split_at((*cut).min(rest.len()));
            parts.feed(part);
            rest = tail;
            if rest.is_empty() { break; }
        }
        parts.finish();
        prop_assert_eq!((whole.lines(), whole.fault()), (parts.lines(), parts.fault()));
        prop_assert_eq!(all(&whole, &body), all(&parts, &body));
    }

    #[test]
    fn a_part_is_rendered_as_in_the_whole(view in view(), body in body(), at in 0.0f64..1.0, count in 1u64..9) {
        let index = index(view, &body);
        let whole = all(&index, &body);
        prop_assert_eq!(whole.len() as u64, index.lines());
        let start = (at * index.lines() as f64) as u64;
        let part = index.render(&Window::lines(start..start + count), &reader(&body));
        let end = (start + count).min(index.lines());
        prop_assert_eq!(&part[..], &whole[start as usize..end as usize]);
        for line in &part {
            if line.source.is_empty() { continue; }
            prop_assert_eq!(index.line_at(line.source.start, &reader(&body)), Some(line.number));
            prop_assert_eq!(index.line_at(line.source.end - 1, &reader(&body)), Some(line.number));
        }
    }

    #[test]
    fn what_is_drawn_is_safe_and_every_byte_has_its_line(view in view(), body in body()) {
        let lines = all(&index(view, &body), &body);
        for line in &lines {
            prop_assert!(line.text().chars().all(is_visible), "{:?}", line.text());
            prop_assert!(line.source.end - line.source.start <= MAX_LINE + 3);
        }
        if matches!(view, View::Text | View::Raw | View::Hex | View::Form) {
            let mut end = 0;
            for line in &lines {
                prop_assert_eq!(line.source.start, end);
                end = line.source.end;
            }
            prop_assert_eq!(end, body.len() as u64);
        }
        // a form feed is white space to HTML, which may go
        let told = !body.iter().any(|byte| matches!(byte, b'\\' | 0x0c));
        if matches!(view, View::Html | View::Xml) && told {
            let squeeze = |text: &str| text.replace("\\t", "").replace(|c: char| c.is_ascii_whitespace(), "").replace("\\u{301}", "").replace('\u{301}', "");
            let drawn: String = lines.iter().map(Line::text).collect();
            let escaped = crate::domain::escape::escape_bytes(&body);
            let source = escaped.replace("\\n", "").replace("\\r", "");
            let (drawn, source) = (squeeze(&drawn).replace("\\n", "").replace("\\r", ""), squeeze(&source));
            let at = drawn.bytes().zip(source.bytes()).take_while(|(a, b)| a == b).count();
            let from = at.saturating_sub(40);
            prop_assert!(drawn == source, "{:?} {:?}", String::from_utf8_lossy(&drawn.as_bytes()[from..drawn.len().min(at + 40)]), String::from_utf8_lossy(&source.as_bytes()[from..source.len().min(at + 40)]));
        }
        if view == View::Raw && UTF_8 == charset(None, &body) {
            let raw: String = lines.iter().map(|line| line.text() + if body[..line.source.end as usize].ends_with(b"\n") { "\\n" } else { "" }).collect();
            prop_assert_eq!(raw.replace("\\u{301}", "\u{301}"), crate::domain::escape::escape_bytes(&body).replace("\\u{301}", "\u{301}"));
        }
    }

    #[test]
    fn a_fold_hides_what_lies_deeper(view in view(), body in body(), line in 0u64..60) {
        let index = index(view, &body);
        if let Some(fold) = index.fold(line, &reader(&body)) {
            prop_assert!(fold.start == line + 1 && fold.end > fold.start && fold.end <= index.lines());
        }
    }

    #[test]
    fn the_folds_of_a_level_are_those_of_its_lines(view in view(), body in body(), depth in 0u32..4) {
        let index = index(view, &body);
        prop_assume!(index.lines() < 100);
        let lines = all(&index, &body);
        let mut expected: Vec<std::ops::Range<u64>> = Vec::new();
        for line in &lines {
            if let Some(fold) = index.fold(line.number, &reader(&body))
                && depth_of(&index, &body, line.number) == depth
                && !expected.iter().any(|range| range.contains(&line.number))
            {
                expected.push(fold);
            }
        }
        prop_assert_eq!(index.folds(depth, &reader(&body)), (expected, true));
    }

    #[test]
    fn a_line_lies_in_the_fold_of_its_parent(view in view(), body in body(), line in 0u64..60) {
        let index = index(view, &body);
        if let Some(parent) = index.parent(line, &reader(&body)) {
            prop_assert!(parent < line);
            let fold = index.fold(parent, &reader(&body));
            prop_assert!(fold.as_ref().is_some_and(|fold| fold.contains(&line)), "{:?} {} {}", fold, parent, line);
        }
    }

    #[test]
    fn columns_are_cut_out_of_the_whole(view in view(), body in body(), start in 0u64..50, width in 1u64..40) {
        let index = index(view, &body);
        let columns = start..start + width;
        for line in index.render(&Window { lines: 0..20, columns }, &reader(&body)) {
            prop_assert!(line.width() <= width);
            prop_assert_eq!(line.width(), crate::domain::text::width(&line.text()) as u64);
        }
        let whole = all(&index, &body);
        for line in index.render(&Window { lines: 0..20, columns: 0..width }, &reader(&body)) {
            let full = whole[line.number as usize].text();
            prop_assert_eq!(line.text(), crate::domain::text::truncate(&full, width as usize));
        }
    }

    #[test]
    fn paths_never_fail_and_are_safe(body in body()) {
        let index = index(View::Json, &body);
        for line in 0..index.lines().min(50) {
            let path = index.path(line, &reader(&body)).unwrap_or_default();
            prop_assert!(path.chars().all(is_visible));
        }
    }
}
