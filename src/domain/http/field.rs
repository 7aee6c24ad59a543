//! Field lines: wire order, own case, duplicates and raw value bytes are all kept.

use std::borrow::Cow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// One field line of a header or trailer section.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Field {
    /// The name in its own case; bytes outside ASCII are decoded to U+0080–U+00FF.
    pub name: String,
    /// The raw value without the optional whitespace around it.
    pub value: Vec<u8>,
}

impl Field {
    pub fn new(name: impl Into<String>, value: impl Into<Vec<u8>>) -> Field {
        Field { name: name.into(), value: value.into() }
    }

    /// Field names compare without regard to case (RFC 9110 §5.1).
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value as text: UTF-8, or else byte by byte to U+0000–U+00FF. Not escaped for display.
    pub fn text(&self) -> String {
        decode(&self.value)
    }

    /// A Transfer-Encoding that asks for chunks, as curl reads it (`lib/http.c`, Curl_compareheader).
    pub fn is_chunked(&self) -> bool {
        self.value.to_ascii_lowercase().windows(7).any(|word| word == b"chunked")
    }
}

/// A header or trailer section in wire order. Copies have their lines in common until one of them is changed: most requests of a
/// chain send what the one before sent.
#[derive(Clone, Default)]
pub struct Fields(Option<Arc<Vec<Field>>>);

impl Fields {
    pub const fn new() -> Fields {
        Fields(None)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.lines().iter()
    }

    pub fn len(&self) -> usize {
        self.lines().len()
    }

    pub fn is_empty(&self) -> bool {
        self.lines().is_empty()
    }

    pub fn contains(&self, name: &str) -> bool {
        self.first(name).is_some()
    }

    /// The first line with this name.
    pub fn first(&self, name: &str) -> Option<&Field> {
        self.iter().find(|field| field.is(name))
    }

    /// The first value with this name, as text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.first(name).map(Field::text)
    }

    /// Every line with this name, in wire order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Field> {
        self.iter().filter(move |field| field.is(name))
    }

    /// The value of every line with this name, in wire order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.all(name).map(|field| field.value.as_slice())
    }

    pub fn push(&mut self, name: impl Into<String>, value: impl Into<Vec<u8>>) {
        self.edit().push(Field::new(name, value));
    }

    /// Puts the value where the first line of this name stands (or at the end) and drops the others.
    pub fn set(&mut self, name: &str, value: impl Into<Vec<u8>>) {
        let Some(at) = self.iter().position(|field| field.is(name)) else {
            return self.push(name, value);
        };
        let lines = self.edit();
        lines[at].value = value.into();
        let mut index = 0;
        lines.retain(|field| {
            index += 1;
            index - 1 <= at || !field.is(name)
        });
    }

    /// Takes every line of this name away and says whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let found = self.contains(name);
        if found {
            self.retain(|field| !field.is(name));
        }
        found
    }

    pub fn retain(&mut self, keep: impl FnMut(&Field) -> bool) {
        self.edit().retain(keep);
    }

    /// Both are copies of one section, and neither has been changed since.
    pub fn are(&self, other: &Fields) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(others)) => Arc::ptr_eq(own, others),
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }

    fn lines(&self) -> &[Field] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// The lines, for this section alone.
    fn edit(&mut self) -> &mut Vec<Field> {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl FromIterator<Field> for Fields {
    fn from_iter<I: IntoIterator<Item = Field>>(fields: I) -> Fields {
        Fields::from(Vec::from_iter(fields))
    }
}

impl From<Vec<Field>> for Fields {
    fn from(fields: Vec<Field>) -> Fields {
        Fields((!fields.is_empty()).then(|| Arc::new(fields)))
    }
}

impl PartialEq for Fields {
    fn eq(&self, other: &Fields) -> bool {
        self.are(other) || self.lines() == other.lines()
    }
}

impl Eq for Fields {}

impl Hash for Fields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.lines().hash(state);
    }
}

impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Fields").field(&self.lines()).finish()
    }
}

impl<'a> IntoIterator for &'a Fields {
    type Item = &'a Field;
    type IntoIter = std::slice::Iter<'a, Field>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Bytes as text: UTF-8, or else each byte to the code point of its value.
pub fn decode(bytes: &[u8]) -> String {
    decoded(bytes).into_owned()
}

/// The same, where it may be borrowed.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn set_keeps_the_place_of_the_first_line_and_drops_the_rest() {
        let mut fields: Fields = [Field::new("A", "1"), Field::new("b", "2"), Field::new("a", "3")]
            .into_iter()
            .collect();
        fields.set("a", "4");
        let seen: Vec<_> = fields.iter().map(|f| (f.name.as_str(), f.text())).collect();
        assert_eq!(seen, [("A", "4".to_owned()), ("b", "2".to_owned())]);
    }

    #[test]
    fn what_is_changed_is_changed_for_one_copy_alone() {
        let mut fields: Fields = [Field::new("A", "1")].into_iter().collect();
        let copy = fields.clone();
        assert!(fields.are(&copy));
        fields.push("B", "2");
        assert!(!fields.are(&copy) && copy.len() == 1);
        assert!(fields.remove("b") && !fields.remove("b"));
        assert_eq!(fields, copy);
        fields.retain(|_| false);
        assert_eq!(fields, Fields::new());
    }

    #[test]
    fn a_value_that_is_not_utf8_is_decoded_byte_by_byte() {
        assert_eq!(Field::new("Location", b"/\xe9".to_vec()).text(), "/é");
    }
}
