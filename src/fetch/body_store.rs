//! The body store: where received bodies are kept and read from, while they grow and afterwards.
//!
//! All bodies of a store together take at most 16 MiB of memory; what goes beyond is in one unlinked temporary file, up to 2 GiB.
//! Reading never waits for writing longer than a copy takes.

use std::collections::BTreeMap;
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

/// Bodies are written to the file in blocks of this size.
const BLOCK: usize = 256 * 1024;

/// Received bodies by id.
#[derive(Debug, Default)]
pub struct BodyStore {
    next: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    bodies: BTreeMap<BodyId, Body>,
    in_memory: u64,
    /// Where the next block of the file goes.
    file_end: u64,
    file: Option<File>,
    /// The room of the block that went to the file last, for the next: memory that is touched for the first time is slow.
    spare: Vec<u8>,
    /// The body that someone lays out while it arrives, and how far that has come.
    followed: Option<(BodyId, u64)>,
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

    /// Moves the block from memory to the end of the file; gives back the room that this frees.
    fn move_to(&mut self, file: &File, end: &mut u64) -> io::Result<Vec<u8>> {
        let Place::Memory(bytes) = &mut self.place else { return Ok(Vec::new()) };
        place::write_all_at(file, bytes, *end)?;
        let bytes = std::mem::take(bytes);
        self.place = Place::File(*end, bytes.len());
        *end += bytes.len() as u64;
        Ok(bytes)
    }

    /// Takes the next block in, when it stands behind this one in the file.
    fn takes_in(&mut self, next: &Block) -> bool {
        match (&mut self.place, &next.place) {
            (Place::File(at, len), Place::File(behind, more)) if *at + *len as u64 == *behind => {
                *len += more;
                true
            }
            (Place::File(..) | Place::Memory(_), Place::File(..) | Place::Memory(_)) => false,
        }
    }
}

impl Body {
    /// The last block is full, and those before it are in the file already.
    fn is_long(&self) -> bool {
        match self.blocks.as_slice() {
            [.., before, last] => matches!(before.place, Place::File(..)) && last.len() >= BLOCK,
            [_] | [] => false,
        }
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

    /// Fills `out` with the bytes of a body from `start` on, and says how many there were.
    pub fn fill(&self, id: BodyId, start: u64, out: &mut [u8]) -> usize {
        let state = self.lock();
        state.bodies.get(&id).map_or(0, |body| state.read(body, start, out))
    }

    /// Notes that a body is laid out up to here while it arrives; `None`: no longer.
    pub fn follow(&self, place: Option<(BodyId, u64)>) {
        self.lock().followed = place;
    }

    /// How many bytes of a body still wait for who follows it; 0 when nobody does.
    pub fn lead(&self, id: BodyId) -> u64 {
        let state = self.lock();
        let followed = state.followed.filter(|(followed, _)| *followed == id);
        let len = state.bodies.get(&id).map_or(0, |body| body.len);
        followed.map_or(0, |(_, place)| len.saturating_sub(place))
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
                let long = body.len >= BLOCK as u64;
                let room = if long { std::mem::take(&mut self.spare) } else { Vec::new() };
                // most bodies are one piece
                body.blocks.reserve_exact(usize::from(body.blocks.is_empty()));
                body.blocks.push(Block { start: body.len, place: Place::Memory(room) });
                match body.blocks.last_mut().map(|block| &mut block.place) {
                    Some(Place::Memory(last)) => last,
                    _ => return Ok(bytes.len()),
                }
            }
        };
        let taken = bytes.len().min(BLOCK - last.len());
        // a short body takes what it needs; a block grows to its full size in few steps and never beyond it
        let whole = last.len() + taken;
        let step = if last.is_empty() { whole } else { whole.next_power_of_two().min(BLOCK) };
        last.reserve_exact(step - last.len());
        last.extend_from_slice(&bytes[..taken]);
        body.len += taken as u64;
        self.in_memory += taken as u64;
        if body.is_long() {
            self.write_last(id)?;
        } else if self.in_memory > IN_MEMORY {
            self.spill(id)?;
        }
        Ok(taken)
    }

    /// Moves the last block of a long body to the file.
    fn write_last(&mut self, id: BodyId) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let Some(blocks) = self.bodies.get_mut(&id).map(|body| &mut body.blocks) else {
            return Ok(());
        };
        let Some(last) = blocks.last_mut() else { return Ok(()) };
        let mut room = last.move_to(file, &mut self.file_end)?;
        self.in_memory -= room.len() as u64;
        room.clear();
        self.spare = room;
        if let [.., before, last] = blocks.as_mut_slice()
            && before.takes_in(last)
        {
            blocks.pop();
        }
        Ok(())
    }

    /// Moves the full blocks of this body to the file, and everything else if that is not enough.
    fn spill(&mut self, id: BodyId) -> io::Result<()> {
        if self.file.is_none() {
            self.file = Some(tempfile::tempfile()?);
        }
        let State { bodies, in_memory, file_end, file, .. } = self;
        let Some(file) = file else { return Ok(()) };
        let own = bodies.get_mut(&id).into_iter().flat_map(|body| &mut body.blocks);
        for block in own.filter(|block| block.len() >= BLOCK) {
            *in_memory -= block.move_to(file, file_end)?.len() as u64;
        }
        if *in_memory > IN_MEMORY {
            for block in bodies.values_mut().flat_map(|body| &mut body.blocks) {
                *in_memory -= block.move_to(file, file_end)?.len() as u64;
            }
        }
        Ok(())
    }

    /// Fills `out` from the body and says how many bytes there were.
    fn read(&self, body: &Body, start: u64, out: &mut [u8]) -> usize {
        let first = body.blocks.partition_point(|block| block.start <= start).saturating_sub(1);
        let mut filled = 0;
        for block in body.blocks.iter().skip(first) {
            let at = start + filled as u64;
            let from = usize::try_from(at.saturating_sub(block.start)).unwrap_or(usize::MAX);
            let count = block.len().saturating_sub(from).min(out.len() - filled);
            if count == 0 || self.copy(block, from, &mut out[filled..filled + count]).is_err() {
                break;
            }
            filled += count;
        }
        filled
    }

    fn copy(&self, block: &Block, from: usize, out: &mut [u8]) -> io::Result<()> {
        match (&block.place, &self.file) {
            (Place::Memory(bytes), _) => {
                out.copy_from_slice(&bytes[from..from + out.len()]);
                Ok(())
            }
            (Place::File(at, _), Some(file)) => place::read_exact_at(file, out, at + from as u64),
            (Place::File(..), None) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl Bodies for BodyStore {
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8> {
        let there = usize::try_from(self.len(id).saturating_sub(start)).unwrap_or(usize::MAX);
        let mut out = vec![0; there.min(len)];
        let filled = self.fill(id, start, &mut out);
        out.truncate(filled);
        out
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
        assert!(store.lock().in_memory <= BLOCK as u64 + 5, "what is in the file leaves memory");
        assert!(store.lock().bodies[&big].blocks.len() < 70, "the blocks of the file are one");
        assert_eq!(store.read(small, 1, 100), b"ello");
        for start in [0, BLOCK as u64 - 5, 17 << 20, at - 7] {
            let len = 400_000.min((at - start) as usize);
            assert_eq!(store.read(big, start, 400_000), pattern(start, len));
        }
        assert_eq!(store.len(big), at);
    }

    #[test]
    fn bodies_that_grow_by_turns_read_back_the_same() {
        let store = BodyStore::new();
        let bodies = [store.create(), store.create(), store.create()];
        for at in (0..24 << 20).step_by(70_001) {
            for id in bodies {
                store.append(id, &pattern(at + id.0, 70_001)).unwrap();
            }
        }
        for id in bodies {
            let len = store.len(id);
            for start in (0..len).step_by(900_001) {
                let there = 600_000.min((len - start) as usize);
                assert_eq!(store.read(id, start, 600_000), pattern(start + id.0, there));
            }
        }
    }

    #[test]
    fn a_body_leads_only_who_follows_it() {
        let store = BodyStore::new();
        let (followed, other) = (store.create(), store.create());
        store.append(followed, b"hello").unwrap();
        store.append(other, b"hello").unwrap();
        assert_eq!(store.lead(followed), 0);
        store.follow(Some((followed, 2)));
        assert_eq!((store.lead(followed), store.lead(other)), (3, 0));
        store.follow(None);
        assert_eq!(store.lead(followed), 0);
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
