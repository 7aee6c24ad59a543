//! The body store: where received bodies are kept and read from, while they grow and afterwards.
//!
//! All bodies of a store together take at most 16 MiB of memory; what goes beyond is in one unlinked temporary file, up to 2 GiB.
//! Reading never waits for writing longer than a copy takes.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::http::body::{Bodies, BodyId};
use crate::domain::import::recording::Recording;

/// How much all bodies of a store together take in memory.
const IN_MEMORY: u64 = 16 << 20;

/// How much all bodies of a store together take at all (product.md section 2).
const IN_ALL: u64 = 2 << 30;

/// Bodies are written to the file in blocks of this size, so that they are few.
const BLOCK: usize = 256 * 1024;

/// Received bodies by id.
#[derive(Debug, Default)]
pub struct BodyStore {
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bodies: HashMap<BodyId, Body>,
    in_memory: u64,
    /// Where the next block of the file goes.
    file_end: u64,
    file: Option<File>,
}

/// A body: its blocks in order.
#[derive(Debug, Default)]
struct Body {
    blocks: Vec<Block>,
    len: u64,
}

#[derive(Debug)]
struct Block {
    /// Where in the body it starts.
    start: u64,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Memory(Vec<u8>),
    /// At this place in the file, and this long.
    File(u64, usize),
}

impl Block {
    fn len(&self) -> usize {
        match &self.place {
            Place::Memory(bytes) => bytes.len(),
            Place::File(_, len) => *len,
        }
    }

    /// Moves the block from memory to the end of the file and says how many bytes that frees.
    fn move_to(&mut self, file: &File, end: &mut u64) -> io::Result<u64> {
        let Place::Memory(bytes) = &self.place else { return Ok(0) };
        let len = bytes.len();
        place::write_all_at(file, bytes, *end)?;
        self.place = Place::File(*end, len);
        *end += len as u64;
        Ok(len as u64)
    }
}

impl BodyStore {
    pub fn new() -> BodyStore {
        BodyStore::default()
    }

    /// A new, empty body.
    pub fn create(&self) -> BodyId {
        let id = BodyId(self.next.fetch_add(1, Ordering::Relaxed) + 1);
        self.lock().bodies.insert(id, Body::default());
        id
    }

    /// Puts bytes at the end of a body and says how many were kept: fewer than given when the store is full.
    pub fn append(&self, id: BodyId, bytes: &[u8]) -> io::Result<usize> {
        let state = &mut *self.lock();
        let room = IN_ALL.saturating_sub(state.in_memory + state.file_end);
        let kept = usize::try_from(room).unwrap_or(usize::MAX).min(bytes.len());
        let mut rest = &bytes[..kept];
        while !rest.is_empty() {
            let taken = state.append_to_block(id, rest)?;
            rest = &rest[taken..];
        }
        Ok(kept)
    }

    /// Moves the bodies of a recording in, and writes their places into it.
    pub fn keep(&self, recording: &mut Recording) -> io::Result<()> {
        for recorded in &mut recording.exchanges {
            let id = self.create();
            self.append(id, &std::mem::take(&mut recorded.body))?;
            recorded.exchange.body.id = id;
        }
        Ok(())
    }

    /// How many bytes of a body are there.
    pub fn len(&self, id: BodyId) -> u64 {
        self.lock().bodies.get(&id).map_or(0, |body| body.len)
    }

    /// Nothing is kept at all.
    pub fn is_empty(&self) -> bool {
        self.lock().bodies.values().all(|body| body.len == 0)
    }

    /// Lets a body go. Its place in the file is used again once no body is in the file.
    pub fn forget(&self, id: BodyId) {
        let state = &mut *self.lock();
        let Some(body) = state.bodies.remove(&id) else { return };
        for block in body.blocks {
            if let Place::Memory(bytes) = block.place {
                state.in_memory -= bytes.len() as u64;
            }
        }
        let in_file = |block: &Block| matches!(block.place, Place::File(..));
        if !state.bodies.values().any(|body| body.blocks.iter().any(in_file)) {
            state.file_end = 0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Fills the last block or begins one; says how many bytes went in.
    fn append_to_block(&mut self, id: BodyId, bytes: &[u8]) -> io::Result<usize> {
        let body = self.bodies.entry(id).or_default();
        let last = match body.blocks.last_mut().map(|block| &mut block.place) {
            Some(Place::Memory(last)) if last.len() < BLOCK => last,
            _ => {
                body.blocks.push(Block { start: body.len, place: Place::Memory(Vec::new()) });
                match body.blocks.last_mut().map(|block| &mut block.place) {
                    Some(Place::Memory(last)) => last,
                    _ => return Ok(bytes.len()),
                }
            }
        };
        let taken = bytes.len().min(BLOCK - last.len());
        // a block grows to its full size in few steps and never beyond it
        let step = (last.len() + taken).next_power_of_two().min(BLOCK);
        last.reserve_exact(step - last.len());
        last.extend_from_slice(&bytes[..taken]);
        body.len += taken as u64;
        self.in_memory += taken as u64;
        if self.in_memory > IN_MEMORY {
            self.spill(id)?;
        }
        Ok(taken)
    }

    /// Moves the full blocks of this body to the file, and everything else if that is not enough.
    fn spill(&mut self, id: BodyId) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile()?);
        }
        let State { bodies, in_memory, file_end, file } = self;
        let Some(file) = file else { return Ok(()) };
        let own = bodies.get_mut(&id).into_iter().flat_map(|body| &mut body.blocks);
        for block in own.filter(|block| block.len() >= BLOCK) {
            *in_memory -= block.move_to(file, file_end)?;
        }
        if *in_memory > IN_MEMORY {
            for block in bodies.values_mut().flat_map(|body| &mut body.blocks) {
                *in_memory -= block.move_to(file, file_end)?;
            }
        }
        Ok(())
    }

    fn read(&self, body: &Body, start: u64, len: usize) -> Vec<u8> {
        let len = usize::try_from(body.len.saturating_sub(start)).unwrap_or(usize::MAX).min(len);
        let mut out = Vec::with_capacity(len);
        let first = body.blocks.partition_point(|block| block.start <= start).saturating_sub(1);
        for block in body.blocks.iter().skip(first) {
            let at = start + out.len() as u64;
            let from = usize::try_from(at.saturating_sub(block.start)).unwrap_or(usize::MAX);
            let count = block.len().saturating_sub(from).min(len - out.len());
            if count == 0 || self.copy(block, from, count, &mut out).is_err() {
                break;
            }
        }
        out
    }

    fn copy(&self, block: &Block, from: usize, count: usize, out: &mut Vec<u8>) -> io::Result<()> {
        match (&block.place, &self.file) {
            (Place::Memory(bytes), _) => out.extend_from_slice(&bytes[from..from + count]),
            (Place::File(at, _), Some(file)) => {
                let start = out.len();
                out.resize(start + count, 0);
                let read = place::read_exact_at(file, &mut out[start..], at + from as u64);
                if read.is_err() {
                    out.truncate(start);
                }
                return read;
            }
            (Place::File(..), None) => {}
        }
        Ok(())
    }
}

impl Bodies for BodyStore {
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8> {
        let state = self.lock();
        state.bodies.get(&id).map(|body| state.read(body, start, len)).unwrap_or_default()
    }
}

/// Reading and writing at a place in a file.
#[cfg(unix)]
mod place {
    use std::fs::File;
    use std::io;
    use std::os::unix::fs::FileExt;

    pub(super) fn write_all_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.write_all_at(bytes, at)
    }

    pub(super) fn read_exact_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
        file.read_exact_at(bytes, at)
    }
}

#[cfg(not(unix))]
mod place {
    use std::fs::File;
    use std::io::{self, Read, Seek, SeekFrom, Write};

    pub(super) fn write_all_at(mut file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    pub(super) fn read_exact_at(mut file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(start: u64, len: usize) -> Vec<u8> {
        (start..start + len as u64).map(|n| (n % 251) as u8).collect()
    }

    #[test]
    fn a_body_reads_back_the_same_from_memory_and_from_the_file() {
        let store = BodyStore::new();
        let (small, big) = (store.create(), store.create());
        store.append(small, b"hello").unwrap();
        let mut at = 0;
        while at < 40 << 20 {
            let piece = pattern(at, 100_003);
            assert_eq!(store.append(big, &piece).unwrap(), piece.len());
            at += piece.len() as u64;
        }
        assert!(store.lock().in_memory <= IN_MEMORY);
        assert_eq!(store.read(small, 1, 100), b"ello");
        for start in [0, BLOCK as u64 - 5, 17 << 20, at - 7] {
            let len = 400_000.min((at - start) as usize);
            assert_eq!(store.read(big, start, 400_000), pattern(start, len));
        }
        assert_eq!(store.len(big), at);
    }

    #[test]
    fn what_is_forgotten_is_gone() {
        let store = BodyStore::new();
        let id = store.create();
        store.append(id, b"x").unwrap();
        store.forget(id);
        assert_eq!(store.read(id, 0, 9), b"");
        assert_eq!(store.lock().in_memory, 0);
        assert!(store.is_empty());
    }

    #[test]
    fn reading_past_the_end_is_empty() {
        let store = BodyStore::new();
        let id = store.create();
        assert_eq!(store.read(id, 5, 9), b"");
        assert_eq!(store.read(BodyId(99), 0, 9), b"");
    }
}
