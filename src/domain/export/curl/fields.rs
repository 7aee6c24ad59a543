//! The header section as options: what curl sends by itself stays out, what it would add and was not sent is taken away.

use super::super::super::http::field::{Field, Fields};
use super::super::super::http::request::{FieldSource, Request};
use super::Command;
use crate::domain::redirect::first::EXPECT;

const FORM: &[u8] = b"application/x-www-form-urlencoded";

/// How one field line gets into the command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    /// curl sends it by itself.
    Own,
    /// An option of its own: `-A`, `-e`, `-b`.
    Option(&'static str),
    /// `-H`
    Line,
}

/// Adds the options for the request's fields.
///
/// The short options are used where curl then sends the lines in the same order; else each line is a `-H`.
pub(super) fn write(request: &Request, command: &mut Command) {
    let short: Vec<Way> = request.fields.iter().map(|field| short_way(request, field)).collect();
    let ways = match keeps_order(&request.fields, &short) {
        true => short,
        false => request.fields.iter().map(|field| long_way(request, field)).collect(),
    };
    if request
        .sourced()
        .any(|(field, source)| field.is("Accept-Encoding") && source == FieldSource::Client)
    {
        command.switch("--compressed");
    }
    for (field, way) in request.fields.iter().zip(ways) {
        match way {
            Way::Own => {}
            Way::Option(name) => command.option(name, &field.value),
            Way::Line => line(field, command),
        }
    }
    for name in unwanted(request) {
        command.option("-H", format!("{name}:").as_bytes());
    }
}

fn line(field: &Field, command: &mut Command) {
    let name = field.name.as_bytes();
    match field.value.as_slice() {
        [] => command.option("-H", &[name, b";"].concat()),
        value => command.option("-H", &[name, b": ", value].concat()),
    }
}

fn short_way(request: &Request, field: &Field) -> Way {
    let once = request.fields.all(&field.name).count() == 1;
    let value = field.value.as_slice();
    if own_anyway(request, field) {
        return Way::Own;
    }
    let own = once && (field.is("Accept") && value == b"*/*");
    let form = once && field.is("Content-Type") && value == FORM && request.body.is_some();
    if own || form {
        return Way::Own;
    }
    if !once || value.is_empty() {
        return Way::Line;
    }
    match field.name.to_ascii_lowercase().as_str() {
        "user-agent" => Way::Option("-A"),
        "referer" if !value.ends_with(b";auto") => Way::Option("-e"),
        "cookie" if value.contains(&b'=') && value.len() < 4096 => Way::Option("-b"),
        _ => Way::Line,
    }
}

fn long_way(request: &Request, field: &Field) -> Way {
    if own_anyway(request, field) { Way::Own } else { Way::Line }
}

/// Host and Content-Length follow from URL and body.
fn own_anyway(request: &Request, field: &Field) -> bool {
    let length = request.body.as_ref().map(|body| body.len().to_string().into_bytes());
    let host = &request.url[url::Position::BeforeHost..url::Position::AfterPort];
    (field.is("Host") && field.value == host.as_bytes())
        || (field.is("Content-Length") && Some(&field.value) == length.as_ref())
}

/// Whether curl, given these ways, sends the lines in the order of the request (`lib/http.c`, Curl_http).
fn keeps_order(fields: &Fields, ways: &[Way]) -> bool {
    let rank = |field: &Field, way: Way| {
        let name = field.name.to_ascii_lowercase();
        match (name.as_str(), way) {
            ("host", _) => 0,
            ("user-agent", Way::Option(_)) => 1,
            ("accept", Way::Own) => 2,
            ("referer", Way::Option(_)) => 3,
            ("cookie", Way::Option(_)) => 4,
            ("content-length", Way::Own) => 6,
            ("content-type", Way::Own) => 7,
            (_, Way::Own | Way::Option(_) | Way::Line) => 5,
        }
    };
    fields.iter().zip(ways).map(|(field, way)| rank(field, *way)).is_sorted()
}

/// What curl would add and the request does not have.
fn unwanted(request: &Request) -> Vec<&'static str> {
    let mut names = vec!["Host", "User-Agent", "Accept"];
    if let Some(body) = &request.body {
        names.extend(["Content-Type", "Content-Length"]);
        if body.len() > EXPECT {
            names.push("Expect");
        }
    }
    names.retain(|name| !request.fields.contains(name));
    if request.fields.contains("Transfer-Encoding") {
        names.retain(|name| *name != "Content-Length");
    }
    names
}
