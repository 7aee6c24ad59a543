//! Failures that only luck brings about on a real socket.

use std::io::{Error, ErrorKind};

use url::Url;

use super::{Evidence, of_fault};
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::timing::Phase;
use crate::fetch::recorder::Record;
use crate::fetch::transport::Fault;

fn judged(url: &str, fault: &Fault) -> Failure {
    let url = Url::parse(url).unwrap();
    let record = Record::new(("a.test".to_owned(), 1));
    of_fault(fault, &Evidence { url: &url, proxy: None, pre: None, record: &record })
}

fn reset() -> Error {
    Error::from(ErrorKind::ConnectionReset)
}

/// A server that resets at once may do so before the connection was looked at for the first time.
#[test]
fn a_reset_is_told_alike_however_early_it_comes() {
    let early = judged("https://a.test:1/", &Fault::Connect(reset()));
    let message = "a.test port 1 reset the connection during the TLS handshake.";
    assert_eq!((early.kind, early.phase, &*early.message), (FailureKind::Tls, Phase::Tls, message));
    let early = judged("http://a.test:1/", &Fault::Connect(reset()));
    let message = "a.test port 1 reset the connection instead of answering.";
    let told = (early.kind, early.phase, &*early.message);
    assert_eq!(told, (FailureKind::Connect, Phase::Wait, message));
    let late = judged("http://a.test:1/", &Fault::Broken(reset()));
    assert_eq!((late.kind, late.message, late.hint), (early.kind, early.message, early.hint));
}
