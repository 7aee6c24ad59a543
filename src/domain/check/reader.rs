//! A TOML document with the place of every value: what reads it says what it expected, and where.
//!
//! Faults are collected, so that one run tells all of them.

use std::cell::RefCell;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Fault;
use super::variables::Variables;
use crate::domain::nearest::hint;

/// A file that is being read.
#[derive(Debug)]
pub(in crate::domain) struct Source<'a> {
    pub(in crate::domain) file: &'a str,
    pub(in crate::domain) text: &'a str,
    pub(in crate::domain) variables: Variables<'a>,
    pub(in crate::domain) faults: &'a RefCell<Vec<Fault>>,
}

impl Source<'_> {
    /// Notes a fault; the `None` is for the caller to pass on.
    pub(in crate::domain) fn fault<T>(
        &self,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> Option<T> {
        let fault = Fault::at(self.file, self.text, span, message);
        self.faults.borrow_mut().push(fault);
        None
    }

    /// The line and the column of a byte, both from 1.
    pub(in crate::domain) fn place(&self, byte: usize) -> (usize, usize) {
        super::fault::place(self.text, byte)
    }
}

/// A value and its place.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Value<'a> {
    pub(in crate::domain) source: &'a Source<'a>,
    /// Its key.
    pub(in crate::domain) name: &'a str,
    pub(in crate::domain) span: Range<usize>,
    value: &'a DeValue<'a>,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::domain) enum Kind {
    Text,
    Integer,
    Boolean,
    Table,
    Array,
    /// A number with a fraction, or a date.
    Other,
}

impl<'a> Value<'a> {
    pub(in crate::domain) fn kind(&self) -> Kind {
        match self.value {
            DeValue::String(_) => Kind::Text,
            DeValue::Integer(_) => Kind::Integer,
            DeValue::Boolean(_) => Kind::Boolean,
            DeValue::Table(_) => Kind::Table,
            DeValue::Array(_) => Kind::Array,
            DeValue::Float(_) | DeValue::Datetime(_) => Kind::Other,
        }
    }

    /// Notes what was expected instead.
    pub(in crate::domain) fn expected<T>(&self, what: impl AsRef<str>) -> Option<T> {
        let message = format!("{}: expected {}", self.name, what.as_ref());
        self.source.fault(self.span.clone(), message)
    }

    /// A text with its variables filled in.
    pub(in crate::domain) fn text(&self) -> Option<String> {
        match self.value {
            DeValue::String(text) => self.fill(text),
            _ => self.expected(format!("a text in quotes, not {}", self.type_name())),
        }
    }

    /// A text, or an integer written as one.
    pub(in crate::domain) fn text_or_number(&self) -> Option<String> {
        match self.value {
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            _ => self.text(),
        }
    }

    /// A text as it is written.
    pub(in crate::domain) fn raw_text(&self) -> Option<&'a str> {
        match self.value {
            DeValue::String(text) => Some(text),
            _ => self.expected(format!("a text in quotes, not {}", self.type_name())),
        }
    }

    pub(in crate::domain) fn number(&self) -> Option<u32> {
        let DeValue::Integer(number) = self.value else {
            return self.expected(format!("a number, not {}", self.type_name()));
        };
        match u32::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Some(number),
            Err(_) => self.expected("a number from 0 to 4294967295"),
        }
    }

    pub(in crate::domain) fn boolean(&self) -> Option<bool> {
        match self.value {
            DeValue::Boolean(value) => Some(*value),
            _ => self.expected(format!("true or false, not {}", self.type_name())),
        }
    }

    /// `"500ms"`, `"2s"`, `"1m"`.
    pub(in crate::domain) fn duration(&self) -> Option<Duration> {
        let text = self.text()?;
        match duration(&text) {
            Some(duration) => Some(duration),
            None => self.expected("a time such as \"500ms\", \"2s\" or \"1m\""),
        }
    }

    /// The members of a list; a single value is a list of one.
    pub(in crate::domain) fn list(&self) -> Vec<Value<'a>> {
        let DeValue::Array(items) = self.value else { return vec![self.clone()] };
        let (source, name) = (self.source, self.name);
        let item = |item: &'a Spanned<DeValue<'a>>| Value {
            source,
            name,
            span: item.span(),
            value: item.get_ref(),
        };
        items.iter().map(item).collect()
    }

    pub(in crate::domain) fn table(&self) -> Option<Table<'a>> {
        match self.value {
            DeValue::Table(map) => {
                Some(Table { source: self.source, name: self.name, span: self.span.clone(), map })
            }
            _ => self.expected(format!("a table, not {}", self.type_name())),
        }
    }

    /// One of these names.
    pub(in crate::domain) fn choice<T: Copy>(&self, known: &[(&str, T)]) -> Option<T> {
        let text = self.text()?;
        let found = known.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        found.or_else(|| {
            let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let near = hint(&text, names.iter().copied());
            self.expected(format!("one of {}, not \"{text}\"{near}", names.join(", ")))
        })
    }

    /// The value as JSON, its texts filled in.
    pub(in crate::domain) fn json(&self) -> Option<serde_json::Value> {
        Some(match self.value {
            DeValue::String(text) => self.fill(text)?.into(),
            DeValue::Boolean(value) => (*value).into(),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => number.into(),
                    Err(_) => return self.expected("a number of 64 bits"),
                }
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) => number.into(),
                Err(_) => return self.expected("a number"),
            },
            DeValue::Datetime(date) => date.to_string().into(),
            DeValue::Array(_) => {
                let items: Option<Vec<_>> = self.list().iter().map(Value::json).collect();
                items?.into()
            }
            DeValue::Table(_) => {
                let members = self.table()?.entries();
                let members = members.iter().map(|of| Some((of.name.to_owned(), of.json()?)));
                serde_json::Value::Object(members.collect::<Option<_>>()?)
            }
        })
    }

    fn fill(&self, text: &str) -> Option<String> {
        match self.source.variables.fill(text) {
            Ok(text) => Some(text),
            Err(unknown) => {
                let written = self.source.text.get(self.span.clone()).unwrap_or_default();
                let at = self.span.start + written.find(&unknown.placeholder).unwrap_or(0);
                self.source.fault(at..self.span.end, unknown.message)
            }
        }
    }

    fn type_name(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(true) => "true",
            DeValue::Boolean(false) => "false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        }
    }
}

/// A table and its place.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Table<'a> {
    pub(in crate::domain) source: &'a Source<'a>,
    pub(in crate::domain) name: &'a str,
    pub(in crate::domain) span: Range<usize>,
    map: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// The document itself.
    pub(in crate::domain) fn root(source: &'a Source<'a>, map: &'a DeTable<'a>) -> Table<'a> {
        Table { source, name: "the file", span: 0..0, map }
    }

    pub(in crate::domain) fn get(&self, key: &str) -> Option<Value<'a>> {
        let (name, value) = self.map.get_key_value(key)?;
        let (source, span) = (self.source, value.span());
        Some(Value { source, name: name.get_ref(), span, value: value.get_ref() })
    }

    /// All members, in the order of the file.
    pub(in crate::domain) fn entries(&self) -> Vec<Value<'a>> {
        let mut members: Vec<_> = self.map.iter().collect();
        members.sort_by_key(|(name, _)| name.span().start);
        let source = self.source;
        let member = |(name, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &'a std::borrow::Cow<'a, str> = name.get_ref();
            Value { source, name, span: value.span(), value: value.get_ref() }
        };
        members.into_iter().map(member).collect()
    }

    /// Notes every key that is none of these.
    pub(in crate::domain) fn only(&self, known: &[&[&str]]) {
        let all = || known.iter().flat_map(|names| names.iter().copied());
        for key in self.map.keys() {
            let name: &str = key.get_ref();
            if !all().any(|known| known == name) {
                let near = match hint(name, all()) {
                    near if near.is_empty() => {
                        format!("; there are {}", all().collect::<Vec<_>>().join(", "))
                    }
                    near => near,
                };
                let message = format!("{} takes no \"{name}\"{near}", self.name);
                self.source.fault::<()>(key.span(), message);
            }
        }
    }
}

/// Tables one over the other: what the first does not say, the next may.
#[derive(Clone, Debug, Default)]
pub(in crate::domain) struct Layers<'a>(pub(in crate::domain) Vec<Table<'a>>);

impl<'a> Layers<'a> {
    pub(in crate::domain) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.0.iter().find_map(|table| table.get(key))
    }

    /// The value of every layer that has one, the last layer first.
    pub(in crate::domain) fn all(&self, key: &str) -> Vec<Value<'a>> {
        self.0.iter().rev().filter_map(|table| table.get(key)).collect()
    }

    /// The tables of this name in each layer.
    pub(in crate::domain) fn inner(&self, key: &str) -> Layers<'a> {
        let tables = self.0.iter().filter_map(|table| table.get(key)).filter_map(|of| of.table());
        Layers(tables.collect())
    }
}

/// `500ms`, `2s`, `1.5s`, `5m`, `1h`; a bare number is seconds.
pub fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return None,
    };
    let seconds = digits.parse::<f64>().ok()? * unit;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(duration("500ms"), Some(Duration::from_millis(500)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("5m"), Some(Duration::from_secs(300)));
        assert_eq!(duration("-1s"), None);
        assert_eq!(duration("soon"), None);
    }
}
