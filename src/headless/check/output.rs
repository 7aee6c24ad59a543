//! Standard output: the report's pieces in order. What only comes at the end waits in an unlinked temporary file.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use crate::domain::check::outcome::Outcome;
use crate::domain::check::report::{Piece, Report};

/// The report on its way out.
pub(super) struct Output<'a> {
    out: &'a mut dyn Write,
    pub(super) report: Report,
    later: Option<BufWriter<File>>,
}

impl<'a> Output<'a> {
    pub(super) fn new(out: &'a mut dyn Write, report: Report) -> Output<'a> {
        Output { out, report, later: None }
    }

    pub(super) fn row(&mut self, outcome: &Outcome) -> io::Result<()> {
        match self.report.row(outcome) {
            Piece::Now(text) => self.out.write_all(text.as_bytes()),
            Piece::Later(text) => {
                let later = match &mut self.later {
                    Some(later) => later,
                    None => self.later.insert(BufWriter::new(tempfile::tempfile()?)),
                };
                later.write_all(text.as_bytes())
            }
            Piece::Nothing => Ok(()),
        }
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Prints what is left.
    pub(super) fn end(&mut self) -> io::Result<()> {
        let (before, after) = self.report.end();
        self.out.write_all(before.as_bytes())?;
        if let Some(later) = self.later.take() {
            let mut file = later.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.seek(SeekFrom::Start(0))?;
            let mut block = vec![0; 64 * 1024];
            loop {
                match file.read(&mut block)? {
                    0 => break,
                    count => self.out.write_all(&block[..count])?,
                }
            }
        }
        self.out.write_all(after.as_bytes())?;
        self.out.flush()
    }
}
