//! Keys as text: how files write them (`ctrl-x ctrl-c`, `shift-tab`), and how screens show them (`Ctrl-X Ctrl-C`).
//!
//! In the table, keys pressed one after the other are joined by `~`; every name is the one that input gives a key.

use std::borrow::Cow;

use crate::domain::nearest::nearest;

/// Names of keys, each with the names that files may use too and the one on screens.
const NAMED: [(&str, &[&str], &str); 16] = [
    ("enter", &["return"], "⏎"),
    ("esc", &["escape"], "Esc"),
    ("tab", &[], "Tab"),
    ("backtab", &["shift-tab"], "Shift-Tab"),
    ("up", &[], "↑"),
    ("down", &[], "↓"),
    ("left", &[], "←"),
    ("right", &[], "→"),
    ("home", &[], "Home"),
    ("end", &[], "End"),
    ("pgup", &["pageup", "page-up"], "PgUp"),
    ("pgdn", &["pagedown", "page-down"], "PgDn"),
    ("space", &[], "Space"),
    ("backspace", &[], "Backspace"),
    ("delete", &["del"], "Del"),
    ("minus", &[], "-"),
];

/// What terminals send for these is another key.
const SAME: [(&str, &str); 4] =
    [("ctrl-i", "tab"), ("ctrl-m", "enter"), ("ctrl-[", "esc"), ("ctrl-?", "backspace")];

/// Reads a key, or several to be pressed one after the other, separated by spaces.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let keys: Vec<String> = text.split_whitespace().map(one).collect::<Result<_, _>>()?;
    match keys.len() {
        0 => Err("a key is empty".to_owned()),
        1..=3 => Ok(keys.join("~")),
        _ => Err(format!("{text:?} is too long: three keys at most")),
    }
}

/// As screens show it.
pub(super) fn shown(keys: &str) -> Cow<'_, str> {
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    for key in keys.split('~') {
        parts.push(show_one(key));
    }
    match parts.len() {
        1 => parts.swap_remove(0),
        // two letters read as one word
        _ if parts.iter().all(|part| part.chars().count() == 1) => parts.concat().into(),
        _ => parts.join(" ").into(),
    }
}

/// Whether the key, where text is typed, is text.
pub(super) fn is_text(keys: &str) -> bool {
    let first = keys.split('~').next().unwrap_or_default();
    first == "space" || first.chars().count() == 1
}

fn one(written: &str) -> Result<String, String> {
    let lower = written.to_lowercase().replace('+', "-");
    let known =
        NAMED.iter().find(|(name, also, _)| *name == lower || also.contains(&lower.as_str()));
    if let Some((name, ..)) = known {
        return Ok(if *name == "minus" { "-" } else { *name }.to_owned());
    }
    if written.chars().count() == 1 {
        let plain = !written.contains('~') && !written.chars().any(char::is_control);
        return if plain { Ok(written.to_owned()) } else { Err(unknown(written)) };
    }
    if is_function(&lower) {
        return Ok(lower);
    }
    let (modifier, base) = match written.split_once(['-', '+']) {
        Some((modifier, base)) if !base.is_empty() => (modifier.to_lowercase(), base),
        Some(_) | None => return Err(unknown(written)),
    };
    let base = one(base).map_err(|_| unknown(written))?;
    let letter = base.chars().count() == 1;
    if base.starts_with("ctrl-") || base.starts_with("alt-") {
        return Err(format!("{written:?}: terminals don't tell two modifiers apart"));
    }
    let key = match modifier.as_str() {
        "ctrl" | "control" | "c" if letter => format!("ctrl-{}", base.to_lowercase()),
        "ctrl" | "control" | "c" => format!("ctrl-{base}"),
        "alt" | "meta" | "m" => format!("alt-{base}"),
        "shift" if letter => base.to_uppercase(),
        _ => return Err(unknown(written)),
    };
    match SAME.iter().find(|(name, _)| *name == key) {
        Some((_, other)) => Err(format!("terminals send {other} for {written}: say \"{other}\"")),
        None => Ok(key),
    }
}

fn is_function(name: &str) -> bool {
    let number = name.strip_prefix('f').and_then(|number| number.parse::<u8>().ok());
    number.is_some_and(|number| (1..=12).contains(&number))
}

fn unknown(written: &str) -> String {
    let names: Vec<&str> = NAMED.iter().map(|(name, ..)| *name).collect();
    let bare = written.rsplit(['-', '+']).next().unwrap_or(written).to_lowercase();
    let near = nearest(&bare, names.iter().copied()).filter(|_| bare.chars().count() > 1);
    let near = near.map(|near| format!(" (did you mean \"{near}\"?)")).unwrap_or_default();
    format!(
        "{written:?} is no key{near}: a character, {}, f1 to f12, or one of them after ctrl-, alt- or shift-",
        names.join(", ")
    )
}

fn show_one(key: &str) -> Cow<'_, str> {
    let (modifier, base) = match (key.strip_prefix("ctrl-"), key.strip_prefix("alt-")) {
        (Some(base), _) => ("Ctrl-", base),
        (_, Some(base)) => ("Alt-", base),
        (None, None) => ("", key),
    };
    let named = NAMED.iter().find(|(name, ..)| *name == base).map(|(_, _, shown)| *shown);
    let function = is_function(base);
    match (modifier, named) {
        ("", Some(named)) => named.into(),
        ("", None) if function => base.to_uppercase().into(),
        ("", None) => base.into(),
        (_, Some(named)) => format!("{modifier}{named}").into(),
        (_, None) if base.chars().any(char::is_uppercase) => {
            format!("{modifier}Shift-{base}").into()
        }
        (_, None) => format!("{modifier}{}", base.to_uppercase()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_people_write_them_and_shown_as_they_are_printed() {
        for (written, read, screen) in [
            ("s", "s", "s"),
            ("Ctrl+X ctrl-c", "ctrl-x~ctrl-c", "Ctrl-X Ctrl-C"),
            ("g g", "g~g", "gg"),
            ("shift-tab", "backtab", "Shift-Tab"),
            ("shift-g", "G", "G"),
            ("alt-<", "alt-<", "Alt-<"),
            ("alt-G", "alt-G", "Alt-Shift-G"),
            ("PageDown", "pgdn", "PgDn"),
            ("F5", "f5", "F5"),
            ("-", "-", "-"),
            ("ctrl--", "ctrl--", "Ctrl--"),
            ("ctrl-left", "ctrl-left", "Ctrl-←"),
        ] {
            assert_eq!(parse(written).as_deref(), Ok(read), "{written}");
            assert_eq!(shown(read), screen);
        }
    }

    #[test]
    fn what_is_no_key_is_said_with_the_nearest_name() {
        let said = |text: &str| parse(text).unwrap_err();
        assert!(said("ctrl-spcae").contains("did you mean \"space\"?"), "{}", said("ctrl-spcae"));
        assert_eq!(said("ctrl-i"), "terminals send tab for ctrl-i: say \"tab\"");
        assert!(said("ctrl-alt-x").contains("two modifiers"));
        assert!(said("hyper-x").starts_with("\"hyper-x\" is no key"));
        assert!(said("f13").starts_with("\"f13\" is no key"));
        assert!(said("").contains("empty"));
        assert!(said("a b c d").contains("three keys"));
    }
}
