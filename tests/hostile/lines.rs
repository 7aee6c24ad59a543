//! HTTP/2 heads with lines that must not be: pseudo-fields, names, values, lengths. What came is shown, and which line is why.

use hopstep::domain::http::failure::FailureKind::{Body, Protocol};
use hopstep::domain::http::head::DeviationKind::{
    BadStatus, ConnectionField, DifferingLengths, EdgeSpace, InvalidLength, InvalidName,
    LatePseudo, LineBreak, Nul, SecondStatus, UnknownPseudo,
};
use hopstep::domain::http::method::Method;

use crate::case::Case;
use crate::http2::{answer, field, frame, headers};
use crate::streams::{block, data};

pub(crate) fn cases() -> Vec<Case> {
    [pseudo_fields(), lengths(), many()].into_iter().flatten().collect()
}

fn pseudo_fields() -> Vec<Case> {
    let broken =
        |name, fields: &[(&str, &str)]| Case::framed(name, block(fields)).fails(Protocol, "");
    let trailed = |name, flags, trailers: &[u8]| {
        let frames =
            [headers("200", &[], false), data(b"abc", false), frame(1, flags, 1, trailers)];
        Case::framed(name, frames.concat()).status(200)
    };
    let ok = (":status", "200");
    vec![
        broken("two statuses", &[ok, (":status", "302")])
            .status(200)
            .fails(Protocol, "a second :status")
            .noting(SecondStatus),
        broken("a status after a field", &[("a", "b"), ok])
            .status(200)
            .fails(Protocol, "stands behind a field")
            .noting(LatePseudo),
        // h2 drops these without a word
        Case::framed("a path in a response", block(&[ok, (":path", "/")]))
            .status(200)
            .noting(UnknownPseudo),
        broken("a redirect with a name in upper case", &[ok, ("location", "/y"), ("Bad", "1")])
            .status(200)
            .shows("location", "/y")
            .fails(Protocol, "not in lower case (Bad)"),
        broken(
            "a refused line before the Location",
            &[(":status", "302"), ("a", "\0"), ("location", "/y")],
        )
        .status(302)
        .shows("location", "/y")
        .fails(Protocol, "NUL byte (a)"),
        Case::framed("white space around a value", block(&[ok, ("a", " b ")]))
            .status(200)
            .shows("a", " b ")
            .noting(EdgeSpace),
        Case::framed("TE in a response", block(&[ok, ("te", "gzip")]))
            .status(200)
            .fails(Protocol, "does not have (te)")
            .noting(ConnectionField),
        broken("a pseudo-field nobody knows", &[ok, (":odd", "x")])
            .status(200)
            .fails(Protocol, "pseudo-field that responses")
            .noting(UnknownPseudo),
        broken("an empty status", &[(":status", "")])
            .status(0)
            .fails(Protocol, "100 to 999")
            .noting(BadStatus),
        broken("a status of two digits", &[(":status", "99")])
            .status(99)
            .fails(Protocol, "100 to 999")
            .noting(BadStatus),
        broken("a status of four digits", &[(":status", "2000")])
            .status(2000)
            .fails(Protocol, "100 to 999")
            .noting(BadStatus),
        broken("a status of 000", &[(":status", "000")])
            .status(0)
            .fails(Protocol, "100 to 999")
            .noting(BadStatus),
        broken("a switch of protocols", &[(":status", "101")])
            .status(101)
            .fails(Protocol, "which HTTP/2 does not have"),
        broken("an empty name", &[ok, ("", "x")])
            .status(200)
            .fails(Protocol, "names can't have")
            .noting(InvalidName),
        broken("a name with a space", &[ok, ("a b", "x")])
            .status(200)
            .fails(Protocol, "names can't have (a b)")
            .noting(InvalidName),
        broken("a name with a line end", &[ok, ("a\r\nb", "x")])
            .status(200)
            .fails(Protocol, "names can't have")
            .noting(InvalidName),
        broken("a value with a NUL", &[ok, ("a", "x\0y")])
            .status(200)
            .fails(Protocol, "NUL byte (a)")
            .noting(Nul),
        broken("a value with a line end", &[ok, ("a", "x\ny")])
            .status(200)
            .fails(Protocol, "line break (a)")
            .noting(LineBreak),
        broken("a transfer coding", &[ok, ("transfer-encoding", "chunked")])
            .status(200)
            .fails(Protocol, "does not have (transfer-encoding)")
            .noting(ConnectionField),
        broken("an upgrade", &[ok, ("upgrade", "h3")])
            .status(200)
            .fails(Protocol, "does not have (upgrade)")
            .noting(ConnectionField),
        broken("a connection kept alive", &[ok, ("keep-alive", "5")])
            .status(200)
            .fails(Protocol, "does not have (keep-alive)")
            .noting(ConnectionField),
        Case::framed("an interim response that ends", headers("103", &[], true))
            .status(103)
            .fails(Protocol, "103 ends the stream"),
        trailed("trailers with a status", 5, &field(":status", "200")).keeps("abc"),
        trailed("trailers with a path", 5, &field(":path", "/")).keeps("abc"),
        trailed("trailers that do not end", 4, &field("a", "b")).fails(Body, "").keeps("abc"),
        trailed("trailers that are noise", 5, &[0xff; 40]).fails(Body, "").keeps("abc"),
        trailed("trailers", 5, &field("a", "b")).keeps("abc"),
        trailed("a second head", 4, &field(":status", "302")).fails(Body, "").keeps("abc"),
    ]
}

fn lengths() -> Vec<Case> {
    let with = |name, length: &str, body: &[u8]| {
        Case::framed(name, answer("200", &[("content-length", length)], body))
    };
    vec![
        with("a length of letters", "abc", b"abc")
            .status(200)
            .noting(InvalidLength)
            .fails(Protocol, "not a number"),
        with("a negative length", "-3", b"abc")
            .status(200)
            .noting(InvalidLength)
            .fails(Protocol, "not a number"),
        with("a length past 64 bits", "99999999999999999999999", b"abc")
            .status(200)
            .fails(Protocol, "past 64 bits"),
        with("a length of a body that is not there", "3", b"").status(200).fails(Body, ""),
        Case::framed(
            "two lengths",
            answer("200", &[("content-length", "3"), ("content-length", "5")], b"abc"),
        )
        .status(200)
        .noting(DifferingLengths)
        .fails(Protocol, "Content-Length lines that differ"),
        Case::framed("a length and no body", headers("200", &[("content-length", "3")], true))
            .status(200)
            .fails(Protocol, "announces a body of 3 bytes"),
        Case::framed("a body with 204", answer("204", &[], b"abc")).status(204),
        Case::framed("a length with 304", headers("304", &[("content-length", "5")], true))
            .status(304)
            .keeps(""),
        Case::framed("a body after HEAD", answer("200", &[("content-length", "3")], b"abc"))
            .method(Method::HEAD)
            .status(200)
            .fails(Body, ""),
        Case::framed("data after the end", [answer("200", &[], b"x"), data(b"y", true)].concat())
            .status(200)
            .keeps("x"),
    ]
}

/// More lines than are read, each of them so small that h2 takes them all.
fn many() -> Vec<Case> {
    let lines = |count: usize| {
        let block =
            [field(":status", "302"), field("location", "/y"), field("a", "").repeat(count)];
        let block = block.concat();
        let mut pieces = block.chunks(16_000).enumerate().map(|(at, piece)| {
            let last = (at + 1) * 16_000 >= block.len();
            frame(
                if at == 0 { 1 } else { 9 },
                u8::from(at == 0) | if last { 4 } else { 0 },
                1,
                piece,
            )
        });
        pieces.by_ref().collect::<Vec<_>>().concat()
    };
    vec![
        Case::framed("9,998 empty fields", lines(9_998)).status(302).shows("location", "/y"),
        Case::framed("10,500 empty fields", lines(10_500))
            .status(302)
            .shows("location", "/y")
            .fails(Protocol, "more than 10,000 field lines"),
    ]
}
