//! Keymap files: `preset`, `[keys]` with keys for actions wherever they are, and `[in.CONTEXT]` for one context only.
//!
//! Promises: a fault is said with its place, an unknown name with the nearest one that there is; no key is left with two meanings
//! in one place, and no key but `y` ever sends a dangerous step or writes over a file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::key;
use super::table;
use super::{Binding, Context, Keymap, action, check};
use crate::domain::check::fault::Fault;
use crate::domain::nearest::none_of;

/// The presets of the program; the first is the table itself.
pub const PRESETS: [(&str, &str); 3] = [
    ("default", ""),
    ("vim", include_str!("../../../assets/keymaps/vim.toml")),
    ("emacs", include_str!("../../../assets/keymaps/emacs.toml")),
];

/// What a file asks for: these keys for this action.
#[derive(Clone, Debug)]
pub struct Wish {
    /// Where the action is meant; `None`: wherever it is.
    pub context: Option<Context>,
    pub action: String,
    /// As the file writes them.
    pub keys: Vec<String>,
    /// The file and the byte of the keys and of the action, for faults.
    pub place: Place,
}

/// Where something stands in a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub column: usize,
}

/// A keymap file: the preset it begins with, and its wishes.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub preset: Option<String>,
    pub wishes: Vec<Wish>,
}

/// Reads a keymap file.
pub fn parse(file: &str, text: &str) -> Result<Parsed, Fault> {
    let reader = Reader { file, text };
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, error.message().replace('\n', "; "))
    })?;
    let (mut parsed, mut inner) = (Parsed::default(), Vec::new());
    for (name, value) in table.get_ref() {
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("preset", DeValue::String(preset)) => {
                preset_named(preset).map_err(|said| reader.fault(value.span().start, said))?;
                parsed.preset = Some(preset.to_string());
            }
            ("keys", DeValue::Table(keys)) => reader.keys(&mut parsed.wishes, None, keys)?,
            ("in", DeValue::Table(contexts)) => reader.contexts(&mut inner, contexts)?,
            ("preset" | "keys" | "in", _) => {
                let said = "preset is a text, the others are tables: [keys], [in.menu]";
                return Err(reader.fault(value.span().start, said.to_owned()));
            }
            (other, _) => {
                let said = none_of("setting", other, &["preset", "keys", "in"]);
                return Err(reader.fault(name.span().start, said));
            }
        }
    }
    // what is said of one context stands over what is said of all
    parsed.wishes.extend(inner);
    Ok(parsed)
}

/// The keymap of a preset; or what to say where there is none of this name.
pub fn preset_named(name: &str) -> Result<usize, String> {
    let found = PRESETS.iter().position(|(known, _)| *known == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = PRESETS.iter().map(|(name, _)| *name).collect();
        none_of("preset", name, &names)
    })
}

/// The keymap with these wishes fulfilled.
pub fn fulfil(name: &str, base: &[Binding], wishes: &[Wish]) -> Result<Keymap, Fault> {
    let mut rows = base.to_vec();
    // which wish a row has its keys from
    let mut from: Vec<Option<usize>> = vec![None; rows.len()];
    for (number, wish) in wishes.iter().enumerate() {
        let said = |said: String| wish.fault(said);
        let keys = wish.keys.iter().map(|key| key::parse(key)).collect::<Result<Vec<_>, _>>();
        let keys = keys.map_err(said)?;
        let matched = meant(&rows, wish).map_err(said)?;
        for at in matched {
            let text = check::takes_text(rows[at].context);
            let fitting: Vec<&str> = keys
                .iter()
                .map(String::as_str)
                .filter(|key| !(text && key::is_text(key)))
                .collect();
            if text && fitting.len() < keys.len() && wish.context.is_some() {
                let place = rows[at].context.name();
                let why =
                    "text is typed there: a key needs ctrl or alt, or has to be none that writes";
                return Err(wish.fault(format!("in.{place}: {why}")));
            }
            // letters are no keys there, so the old ones stay
            if text && fitting.is_empty() && !keys.is_empty() {
                continue;
            }
            rows[at].key = fitting.join(" ").into();
            from[at] = Some(number);
        }
    }
    match check::fault(&rows, &from) {
        Some((number, said)) => Err(match wishes.get(number) {
            Some(wish) => wish.fault(said),
            None => Fault::new(name, (1, 1), said),
        }),
        None => Ok(Keymap::new(name, rows)),
    }
}

/// The keymap of a preset; a test holds that each is well-formed.
pub fn preset(number: usize) -> Result<Keymap, Fault> {
    let (name, text) = PRESETS.get(number).copied().unwrap_or(PRESETS[0]);
    fulfil(name, table::ALL, &parse(name, text)?.wishes)
}

/// The rows of the action that is named, where it is meant.
fn meant(rows: &[Binding], wish: &Wish) -> Result<Vec<usize>, String> {
    let action = wish.action.as_str();
    if !action::names().any(|name| name == action) {
        return Err(none_of("action", action, &action::names().collect::<Vec<_>>()));
    }
    if matches!(action, "send-anyway" | "overwrite") {
        return Err(format!("{action} keeps its y: no other key may do that"));
    }
    let here = |row: &Binding| wish.context.is_none_or(|context| row.context == context);
    let is_it = |row: &Binding| action::name(&row.message) == action;
    let found: Vec<usize> =
        (0..rows.len()).filter(|&at| is_it(&rows[at]) && here(&rows[at])).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let mut places: Vec<&str> =
        rows.iter().filter(|row| is_it(row)).map(|row| row.context.name()).collect();
    places.dedup();
    let context = wish.context.map_or("", Context::name);
    Err(format!("there is no {action} in {context}; it is in {}", places.join(", ")))
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn fault(&self, at: usize, said: String) -> Fault {
        Fault::at(self.file, self.text, at..at, said)
    }

    fn contexts(&self, wishes: &mut Vec<Wish>, contexts: &DeTable<'_>) -> Result<(), Fault> {
        let names: Vec<&str> = Context::ALL.iter().map(|of| of.name()).collect();
        for (name, value) in contexts {
            let Some(of) = Context::ALL.into_iter().find(|of| of.name() == name.get_ref()) else {
                let said = none_of("context", name.get_ref(), &names);
                return Err(self.fault(name.span().start, said));
            };
            let DeValue::Table(keys) = value.get_ref() else {
                let said = format!("{} is a table: [in.{}]", of.name(), of.name());
                return Err(self.fault(value.span().start, said));
            };
            self.keys(wishes, Some(of), keys)?;
        }
        Ok(())
    }

    fn keys(
        &self,
        wishes: &mut Vec<Wish>,
        context: Option<Context>,
        keys: &DeTable<'_>,
    ) -> Result<(), Fault> {
        let mut entries: Vec<_> = keys.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        for (name, value) in entries {
            let known = action::names().any(|known| known == name.get_ref());
            let at = if known { value.span().start } else { name.span().start };
            let fault = self.fault(at, String::new());
            wishes.push(Wish {
                context,
                action: name.get_ref().to_string(),
                keys: self.list(value)?,
                place: Place { file: fault.file, line: fault.line, column: fault.column },
            });
        }
        Ok(())
    }

    fn list(&self, value: &Spanned<DeValue<'_>>) -> Result<Vec<String>, Fault> {
        let one = |of: &Spanned<DeValue<'_>>| match of.get_ref() {
            DeValue::String(key) => Ok(key.to_string()),
            _ => {
                let said = "a key is a text, such as \"s\", \"ctrl-n\" or \"g g\"".to_owned();
                Err(self.fault(of.span().start, said))
            }
        };
        match value.get_ref() {
            DeValue::Array(keys) => keys.iter().map(one).collect(),
            _ => Ok(vec![one(value)?]),
        }
    }
}

impl Wish {
    fn fault(&self, said: String) -> Fault {
        Fault::new(&self.place.file, (self.place.line, self.place.column), said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keymap(text: &str) -> Result<Keymap, String> {
        let read = |text: &str| {
            let parsed = parse("k.toml", text)?;
            let base =
                preset(parsed.preset.as_deref().map_or(0, |name| preset_named(name).unwrap()))?;
            fulfil("yours", base.rows(), &parsed.wishes)
        };
        read(text).map_err(|fault: Fault| fault.to_string())
    }

    fn keys(map: &Keymap, context: Context, action: &str) -> String {
        let is_it = |row: &&Binding| action::name(&row.message) == action;
        map.in_context(context).find(is_it).map(|row| row.key.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_preset_is_well_formed_and_keeps_help_and_the_way_out() {
        for number in 0..PRESETS.len() {
            let map = preset(number).map_err(|fault| fault.to_string()).unwrap();
            for (context, action) in [
                (Context::Always, "interrupt"),
                (Context::Everywhere, "help"),
                (Context::Everywhere, "palette"),
                (Context::Session, "step"),
                (Context::Menu, "back"),
            ] {
                assert!(!keys(&map, context, action).is_empty(), "{action} in {number}");
            }
        }
    }

    #[test]
    fn a_key_goes_to_its_action_everywhere_or_in_one_context() {
        let map = keymap("[keys]\nstep = \"space\"\npage-down = \"pgdn\"\n[in.menu]\ndown = [\"ctrl-n\", \"down\"]").unwrap();
        assert_eq!(keys(&map, Context::Session, "step"), "space");
        assert_eq!(keys(&map, Context::Menu, "down"), "ctrl-n down");
        assert_eq!(keys(&map, Context::Session, "down"), "j down");
        // letters stay text where text is typed
        let map = keymap("[keys]\ndown = \"t\"").unwrap();
        assert_eq!(keys(&map, Context::Session, "down"), "t");
        assert_eq!(keys(&map, Context::Palette, "down"), "down tab");
    }

    #[test]
    fn faults_are_said_with_their_place_and_what_there_is() {
        let fault = |text: &str| keymap(text).unwrap_err();
        assert_eq!(
            fault("[keys]\nstpe = \"s\""),
            "k.toml:2:1: there is no action \"stpe\"; did you mean \"step\"?"
        );
        assert_eq!(
            fault("[keys]\nstep = \"c\""),
            "k.toml:2:8: \"c\" is the key of continue too (in session); give that another one"
        );
        assert_eq!(
            fault("[keys]\nstep = \"g\""),
            "k.toml:2:8: \"g\" begins \"g/\", the key of find-all (in session); give that another one"
        );
        assert!(
            fault("[keys]\nstep = \"ctrl-spcae\"")
                .starts_with("k.toml:2:8: \"ctrl-spcae\" is no key")
        );
        assert!(fault("[keys]\nsend-anyway = \"s\"").contains("keeps its y"));
        assert!(fault("[keys]\nstep = \"y\"\ncopy = \"Y\"").contains("dangerous"));
        assert!(fault("[keys]\ninterrupt = []").contains("needs a key"));
        assert!(fault("[in.url]\nenter = \"e\"").contains("text is typed there"));
        assert!(fault("[in.menu]\nstep = \"x\"").contains("it is in session"));
        assert!(fault("[in.mneu]\ndown = \"x\"").contains("did you mean \"menu\"?"));
        assert!(fault("preset = \"vmi\"").starts_with("k.toml:1:10: there is no preset"));
        assert!(fault("[kyes]").contains("did you mean \"keys\"?"));
        assert!(fault("[keys]\nstep = 1").starts_with("k.toml:2:8: a key is a text"));
    }
}
