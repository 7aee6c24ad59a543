//! Maps and `_redirects` files, line by line.

use std::io::{BufRead, Read};
use std::sync::Arc;

use crate::domain::check::fault::Fault;
use crate::domain::check::{Row, Setup, map, redirects};

/// The longest line of a map.
const LONGEST_LINE: u64 = 64 * 1024;

/// The lines of a map.
pub(super) struct Lines {
    path: Arc<str>,
    reader: Box<dyn BufRead + Send>,
    number: usize,
    redirects: Option<redirects::Reader>,
    line: Vec<u8>,
}

impl Lines {
    pub(super) fn new(path: &Arc<str>, reader: Box<dyn BufRead + Send>, redirects: bool) -> Lines {
        let redirects = redirects.then(redirects::Reader::default);
        Lines { path: Arc::clone(path), reader, number: 0, redirects, line: Vec::new() }
    }

    /// The row of the next line that has one.
    pub(super) fn next(&mut self, setup: &Setup<'_>) -> Option<Result<Row, Fault>> {
        loop {
            self.line.clear();
            let read = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut self.line);
            self.number += 1;
            let fault = |why: String| Fault::new(&self.path, (self.number, 1), why);
            match read {
                Ok(0) => return None,
                Err(error) => return Some(Err(fault(error.to_string()))),
                Ok(count) if count as u64 == LONGEST_LINE => {
                    return Some(Err(fault(format!("expected a line of less than {count} bytes"))));
                }
                Ok(_) => {}
            }
            let Ok(line) = std::str::from_utf8(&self.line) else {
                return Some(Err(fault("expected UTF-8".to_owned())));
            };
            let row = match &mut self.redirects {
                Some(reader) => reader.row(&self.path, (self.number, line), setup),
                None => map::row(&self.path, (self.number, line), setup),
            };
            match row {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}
