//! The tables of HPACK (RFC 7541 §2.3, appendix A).

use std::collections::VecDeque;

/// What an entry counts besides its name and its value (§4.1).
const OVERHEAD: usize = 32;

/// The static table, whose first entry has index 1.
const STATIC: [(&str, &str); 61] = [
    (":authority", ""),
    (":method", "GET"),
    (":method", "POST"),
    (":path", "/"),
    (":path", "/index.html"),
    (":scheme", "http"),
    (":scheme", "https"),
    (":status", "200"),
    (":status", "204"),
    (":status", "206"),
    (":status", "304"),
    (":status", "400"),
    (":status", "404"),
    (":status", "500"),
    ("accept-charset", ""),
    ("accept-encoding", "gzip, deflate"),
    ("accept-language", ""),
    ("accept-ranges", ""),
    ("accept", ""),
    ("access-control-allow-origin", ""),
    ("age", ""),
    ("allow", ""),
    ("authorization", ""),
    ("cache-control", ""),
    ("content-disposition", ""),
    ("content-encoding", ""),
    ("content-language", ""),
    ("content-length", ""),
    ("content-location", ""),
    ("content-range", ""),
    ("content-type", ""),
    ("cookie", ""),
    ("date", ""),
    ("etag", ""),
    ("expect", ""),
    ("expires", ""),
    ("from", ""),
    ("host", ""),
    ("if-match", ""),
    ("if-modified-since", ""),
    ("if-none-match", ""),
    ("if-range", ""),
    ("if-unmodified-since", ""),
    ("last-modified", ""),
    ("link", ""),
    ("location", ""),
    ("max-forwards", ""),
    ("proxy-authenticate", ""),
    ("proxy-authorization", ""),
    ("range", ""),
    ("referer", ""),
    ("refresh", ""),
    ("retry-after", ""),
    ("server", ""),
    ("set-cookie", ""),
    ("strict-transport-security", ""),
    ("transfer-encoding", ""),
    ("user-agent", ""),
    ("vary", ""),
    ("via", ""),
    ("www-authenticate", ""),
];

/// Both tables of one direction, behind one range of indices.
#[derive(Debug)]
pub(super) struct Table {
    /// The newest entry first.
    entries: VecDeque<(Vec<u8>, Vec<u8>)>,
    size: usize,
    most: usize,
}

impl Table {
    pub(super) fn new(most: usize) -> Table {
        Table { entries: VecDeque::new(), size: 0, most }
    }

    /// The name and the value of an entry.
    pub(super) fn get(&self, index: usize) -> Option<(&[u8], &[u8])> {
        let index = index.checked_sub(1)?;
        match STATIC.get(index) {
            Some((name, value)) => Some((name.as_bytes(), value.as_bytes())),
            None => {
                let (name, value) = self.entries.get(index - STATIC.len())?;
                Some((name, value))
            }
        }
    }

    /// Puts an entry in front; the oldest make room. One that is too large empties the table (§4.4).
    pub(super) fn insert(&mut self, name: &[u8], value: &[u8]) {
        let size = name.len() + value.len() + OVERHEAD;
        self.shrink(self.most.saturating_sub(size));
        if size <= self.most {
            self.entries.push_front((name.to_vec(), value.to_vec()));
            self.size += size;
        }
    }

    pub(super) fn resize(&mut self, most: usize) {
        self.most = most;
        self.shrink(most);
    }

    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.size
    }

    fn shrink(&mut self, most: usize) {
        while self.size > most {
            let Some((name, value)) = self.entries.pop_back() else { return };
            self.size -= name.len() + value.len() + OVERHEAD;
        }
    }
}
