//! How fast bodies of 100 MB are indexed, and how long a page at their end takes.

#![allow(clippy::expect_used, reason = "a bench may panic")]

use encoding_rs::UTF_8;
use hopstep::domain::body_view::{Index, Search, View, Window};
use std::sync::LazyLock;

const SIZE: usize = 100_000_000;
const BLOCK: usize = 64 << 10;

/// One line of JSON as APIs send it.
static JSON: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut body = b"{\"items\":[".to_vec();
    for id in 0.. {
        if body.len() > SIZE {
            break;
        }
        let item = format!(
            "{{\"id\":{id},\"name\":\"item number {id}\",\"price\":{}.95,\"tags\":[\"red\",\"a \\\"quoted\\\" word\",\"čaj\"],\"stock\":{{\"here\":true,\"there\":null}},\"description\":\"a text of some length, as they usually have one\"}},",
            id % 1000
        );
        body.extend_from_slice(item.as_bytes());
    }
    body.extend_from_slice(b"0]}");
    body
});

fn main() {
    LazyLock::force(&JSON);
    divan::main();
}

fn read(offset: u64, length: usize) -> Vec<u8> {
    let start = (offset as usize).min(JSON.len());
    JSON[start..JSON.len().min(start + length)].to_vec()
}

fn indexed(view: View) -> Index {
    let mut index = Index::new(view, UTF_8);
    JSON.chunks(BLOCK).for_each(|block| index.feed(block));
    index.finish();
    index
}

#[divan::bench(args = View::ALL, sample_count = 5, sample_size = 1)]
fn index(bencher: divan::Bencher<'_, '_>, view: &View) {
    bencher.counter(divan::counter::BytesCount::new(JSON.len())).bench(|| indexed(*view));
}

/// One long string: no token to look at, only bytes.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn index_a_string(bencher: divan::Bencher<'_, '_>) {
    let body = format!("\"{}\"", "base64+/".repeat(SIZE / 8)).into_bytes();
    bencher.counter(divan::counter::BytesCount::new(body.len())).bench(|| {
        let mut index = Index::new(View::Json, UTF_8);
        body.chunks(BLOCK).for_each(|block| index.feed(block));
        index
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn index_html(bencher: divan::Bencher<'_, '_>) {
    let row = "<li class=\"item\"><a href=\"/items/42?from=list\" title=\"An item\">An item of the list</a> and some text about it, as usual.</li>\n";
    let body = row.repeat(SIZE / row.len()).into_bytes();
    bencher.counter(divan::counter::BytesCount::new(body.len())).bench(|| {
        let mut index = Index::new(View::Html, UTF_8);
        body.chunks(BLOCK).for_each(|block| index.feed(block));
        index
    });
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn search(bencher: divan::Bencher<'_, '_>) {
    bencher.counter(divan::counter::BytesCount::new(JSON.len())).bench(|| {
        let mut search = Search::new("nowhere").expect("a pattern");
        JSON.chunks(BLOCK).for_each(|block| search.feed(block));
        search.finish();
        search.found()
    });
}

#[divan::bench(args = View::ALL)]
fn first_page(bencher: divan::Bencher<'_, '_>, view: &View) {
    page(bencher, &indexed(*view), 0);
}

#[divan::bench(args = View::ALL)]
fn last_page(bencher: divan::Bencher<'_, '_>, view: &View) {
    let index = indexed(*view);
    page(bencher, &index, index.lines().saturating_sub(60));
}

fn page(bencher: divan::Bencher<'_, '_>, index: &Index, first: u64) {
    let window = Window { lines: first..first + 60, columns: 0..200 };
    bencher.bench(|| index.render(&window, &read));
}
