//! Table: the tables of `assets/`, read when the program was built (`build/tables.rs`).

/// One `[[name]]` with its keys in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Section {
    pub(crate) name: &'static str,
    pub(crate) entries: &'static [(&'static str, &'static [&'static str])],
}

pub(crate) static INTENTS: &[Section] = include!(concat!(env!("OUT_DIR"), "/intents_table.rs"));
pub(crate) static ISSUERS: &[Section] = include!(concat!(env!("OUT_DIR"), "/issuers_table.rs"));
pub(crate) static FIXES: &[Section] = include!(concat!(env!("OUT_DIR"), "/fixes_table.rs"));

impl Section {
    /// The values of a key; none when it is absent.
    pub(crate) fn list(&self, key: &str) -> &'static [&'static str] {
        self.entries.iter().find(|(name, _)| *name == key).map_or(&[], |(_, values)| values)
    }

    /// The first value of a key, or an empty text.
    pub(crate) fn text(&self, key: &str) -> &'static str {
        self.list(key).first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_what_a_toml_parser_reads() {
        for (text, read, top) in [
            (include_str!("../../../assets/intents.toml"), INTENTS, "intent"),
            (include_str!("../../../assets/issuers.toml"), ISSUERS, "issuer"),
            (include_str!("../../../assets/fixes.toml"), FIXES, "fix"),
        ] {
            let whole: toml::Table = toml::from_str(text).unwrap();
            let rows = whole[top].as_array().unwrap();
            assert_eq!(read.iter().filter(|section| section.name == top).count(), rows.len());
            let mut own = read.iter().filter(|section| section.name == top);
            for row in rows {
                let section = own.next().unwrap();
                let plain = row.as_table().unwrap().iter().filter(|(_, value)| !is_tables(value));
                for (key, value) in plain {
                    assert_eq!(section.list(key), texts(value), "{key} of {}", section.text("id"));
                }
            }
        }
    }

    fn is_tables(value: &toml::Value) -> bool {
        value.as_array().is_some_and(|array| array.iter().any(toml::Value::is_table))
    }

    fn texts(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
            toml::Value::String(text) => vec![text.clone()],
            other => vec![other.to_string()],
        }
    }
}
