//! HPACK (RFC 7541): header blocks into lines, piece by piece as they arrive.
//!
//! A line is given out as soon as its last byte is in, so that a block which is cut off shows what came of it. What is held is bounded:
//! the dynamic table by its agreed size, the piece of a line that waits for its rest by [`MAX_STRING`].

mod huffman;
mod table;

use std::fmt;

use table::Table;

use super::super::head_parser::MAX_HEAD_BYTES;

/// SETTINGS_HEADER_TABLE_SIZE where nobody said otherwise (RFC 9113 §6.5.2).
pub const DEFAULT_TABLE: usize = 4096;

/// A name or a value of more coded bytes is not waited for.
pub const MAX_STRING: usize = MAX_HEAD_BYTES;

/// Why a header block can't be read. Nothing that follows on the connection can be, either: its table is lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HpackError {
    /// An integer past 32 bits (§5.1).
    Integer,
    /// An index that neither table has (§2.3.3).
    Index(usize),
    /// Bits that are no Huffman code, or padding that is none (§5.2).
    Huffman,
    /// A table larger than was allowed (§6.3).
    TableSize(usize),
    /// A change of the table's size behind a line (§4.2).
    LateTableSize,
    /// The block ends within a line.
    Unfinished,
    /// A string past [`MAX_STRING`].
    Long,
}

/// The state of one direction of a connection.
#[derive(Debug)]
pub struct Decoder {
    table: Table,
    /// The most that the table's size may be set to.
    limit: usize,
    /// The start of a line whose rest has not come.
    pending: Vec<u8>,
    /// A line of this block was read.
    begun: bool,
    scratch: (Vec<u8>, Vec<u8>),
}

/// What a line's first byte says it is (§6).
enum Kind {
    Indexed,
    Literal { prefix: u8, indexed: bool },
    Resize,
}

/// A string that is there in full, still coded.
struct Coded<'a> {
    bytes: &'a [u8],
    huffman: bool,
}

/// Where reading stands in what has arrived.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Decoder {
    /// The table may be set to this size at most; it has the default one before.
    pub fn new(limit: usize) -> Decoder {
        Decoder {
            table: Table::new(DEFAULT_TABLE),
            limit,
            pending: Vec::new(),
            begun: false,
            scratch: Default::default(),
        }
    }

    /// The receiver of these blocks allows another size.
    pub fn allow(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// Reads a piece of a block and gives out each line, name and value, that is in it to its end.
    pub fn push(
        &mut self,
        bytes: &[u8],
        take: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), HpackError> {
        if self.pending.is_empty() {
            let used = self.lines(bytes, take)?;
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.extend_from_slice(bytes);
            let used = self.lines(&pending, take)?;
            pending.drain(..used);
            self.pending = pending;
        }
        Ok(())
    }

    /// The block is over.
    pub fn end(&mut self) -> Result<(), HpackError> {
        self.begun = false;
        if self.pending.is_empty() { Ok(()) } else { Err(HpackError::Unfinished) }
    }

    /// Reads whole lines; says how many bytes those were.
    fn lines(
        &mut self,
        bytes: &[u8],
        take: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<usize, HpackError> {
        let mut used = 0;
        while let Some(rest) = bytes.get(used..).filter(|rest| !rest.is_empty()) {
            match self.line(&mut Cursor { bytes: rest, at: 0 }, take)? {
                Some(length) => used += length,
                None => break,
            }
        }
        Ok(used)
    }

    /// One line; `None` where its end is not there yet.
    fn line(
        &mut self,
        cursor: &mut Cursor<'_>,
        take: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<Option<usize>, HpackError> {
        let Some(kind) = cursor.bytes.first().map(|&first| Kind::of(first)) else {
            return Ok(None);
        };
        match kind {
            Kind::Indexed => {
                let Some(index) = cursor.integer(7)? else { return Ok(None) };
                let (name, value) = self.table.get(index).ok_or(HpackError::Index(index))?;
                take(name, value);
                self.begun = true;
            }
            Kind::Resize => {
                let Some(size) = cursor.integer(5)? else { return Ok(None) };
                self.resize(size)?;
            }
            Kind::Literal { prefix, indexed } => {
                if !self.literal(cursor, (prefix, indexed), take)? {
                    return Ok(None);
                }
                self.begun = true;
            }
        }
        Ok(Some(cursor.at))
    }

    /// False where the line's end is not there yet.
    fn literal(
        &mut self,
        cursor: &mut Cursor<'_>,
        (prefix, indexed): (u8, bool),
        take: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<bool, HpackError> {
        let Some(index) = cursor.integer(prefix)? else { return Ok(false) };
        let coded = match index {
            0 => match cursor.string()? {
                Some(name) => Some(name),
                None => return Ok(false),
            },
            _ => None,
        };
        let Some(coded_value) = cursor.string()? else { return Ok(false) };
        let (name, value) = &mut self.scratch;
        match coded {
            Some(coded) => coded.read(name)?,
            None => {
                let (known, _) = self.table.get(index).ok_or(HpackError::Index(index))?;
                name.clear();
                name.extend_from_slice(known);
            }
        }
        coded_value.read(value)?;
        take(name, value);
        if indexed {
            self.table.insert(name, value);
        }
        Ok(true)
    }

    fn resize(&mut self, size: usize) -> Result<(), HpackError> {
        if self.begun {
            return Err(HpackError::LateTableSize);
        }
        if size > self.limit {
            return Err(HpackError::TableSize(size));
        }
        self.table.resize(size);
        Ok(())
    }
}

impl Kind {
    fn of(first: u8) -> Kind {
        match first {
            0x80.. => Kind::Indexed,
            0x40.. => Kind::Literal { prefix: 6, indexed: true },
            0x20.. => Kind::Resize,
            // never to be indexed, or not this time
            _ => Kind::Literal { prefix: 4, indexed: false },
        }
    }
}

impl<'a> Cursor<'a> {
    /// §5.1; `None` where its end is not there yet.
    fn integer(&mut self, prefix: u8) -> Result<Option<usize>, HpackError> {
        let Some(&first) = self.bytes.get(self.at) else { return Ok(None) };
        let full = (1u32 << prefix) - 1;
        let mut value = u64::from(u32::from(first) & full);
        if value < u64::from(full) {
            self.at += 1;
            return Ok(usize::try_from(value).ok());
        }
        for (shift, place) in (0..32).step_by(7).zip(self.at + 1..) {
            let Some(&byte) = self.bytes.get(place) else { return Ok(None) };
            value += u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                self.at = place + 1;
                let value = u32::try_from(value).map_err(|_| HpackError::Integer)?;
                return Ok(usize::try_from(value).ok());
            }
        }
        Err(HpackError::Integer)
    }

    /// §5.2; `None` where its end is not there yet.
    fn string(&mut self) -> Result<Option<Coded<'a>>, HpackError> {
        let Some(&first) = self.bytes.get(self.at) else { return Ok(None) };
        let Some(length) = self.integer(7)? else { return Ok(None) };
        if length > MAX_STRING {
            return Err(HpackError::Long);
        }
        let Some(bytes) = self.bytes.get(self.at..self.at + length) else { return Ok(None) };
        self.at += length;
        Ok(Some(Coded { bytes, huffman: first & 0x80 != 0 }))
    }
}

impl Coded<'_> {
    fn read(&self, into: &mut Vec<u8>) -> Result<(), HpackError> {
        into.clear();
        match self.huffman {
            true => huffman::decode(self.bytes, into),
            false => {
                into.extend_from_slice(self.bytes);
                Ok(())
            }
        }
    }
}

impl fmt::Display for HpackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HpackError::Integer => f.write_str("an integer is past 32 bits (RFC 7541 §5.1)"),
            HpackError::Index(index) => {
                write!(f, "there is no entry {index} in the table (RFC 7541 §2.3.3)")
            }
            HpackError::Huffman => f.write_str("a Huffman code is none (RFC 7541 §5.2)"),
            HpackError::TableSize(size) => {
                write!(f, "a table of {size} bytes was not allowed (RFC 7541 §6.3)")
            }
            HpackError::LateTableSize => {
                f.write_str("the table's size changes behind a line (RFC 7541 §4.2)")
            }
            HpackError::Unfinished => f.write_str("it ends within a line"),
            HpackError::Long => f.write_str("a name or a value is larger than 400 KiB"),
        }
    }
}

#[cfg(test)]
mod tests;
