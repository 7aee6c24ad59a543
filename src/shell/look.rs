//! The look of the screen and its keys as the user's files have them: `themes/NAME.toml` in the user's folder, chosen by
//! `theme = "NAME"`; `keymap.toml` there, and `keymap = "PRESET"` and `[keys]` of the configuration.
//!
//! Promises: a file that is in force and wrong is refused with its place; another one is left out, with a word about it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Error, bail};

use crate::app::model::Model;
use crate::domain::config::{Config, Origin, Placed};
use crate::tui::keymap;
use crate::tui::keymap::file::{self, Place, Wish};
use crate::tui::theme::{self, Named};

/// The column of the places that `config` prints.
const PLACES: usize = 48;

/// The user's folder of this program.
#[derive(Clone, Debug)]
pub struct Folder {
    pub path: PathBuf,
    /// As a person would write it.
    pub shown: String,
}

/// What the model is shown in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Look {
    theme: usize,
    keymap: usize,
    /// Where keys that are not the preset's are from: `in.CONTEXT.ACTION` or `.ACTION` with the keys and the place.
    wishes: Vec<(String, Vec<String>, String)>,
    preset: &'static str,
    links: Option<bool>,
    /// What is wrong in a file that is not in force.
    trouble: Option<String>,
}

impl Look {
    /// Reads the files of the user's folder and installs what they hold.
    pub fn load(config: &Config, folder: Option<&Folder>) -> anyhow::Result<Look> {
        let wanted = config.theme.as_ref();
        let trouble = themes(folder, wanted.map(|placed| placed.value.as_str()))?;
        let theme = match wanted {
            Some(placed) => theme::number(&placed.value).map_err(|said| at(placed, &said))?,
            None => 0,
        };
        let links = config.hyperlinks.as_ref().map(|placed| placed.value);
        let (keymap, preset, wishes) = keymap(config, folder)?;
        let wishes = wishes.iter().map(whence).collect();
        Ok(Look { theme, keymap, wishes, preset, links, trouble })
    }

    /// Every key in force, one a line, as a keymap file would have it, and where it is from.
    pub fn keys(&self) -> String {
        let shown = keymap::numbered(self.keymap).show();
        let lines = shown.lines().map(|line| format!("{line:PLACES$} # {}\n", self.origin(line)));
        lines.collect()
    }

    fn origin(&self, line: &str) -> String {
        let (name, keys) = line.split_once(" = ").unwrap_or((line, ""));
        let is_it = |(of, wanted, _): &&(String, Vec<String>, String)| {
            let takes =
                wanted.is_empty() || wanted.iter().any(|key| keys.contains(&format!("{key:?}")));
            name.ends_with(of.as_str()) && takes
        };
        match self.wishes.iter().rev().find(is_it) {
            Some((_, _, place)) => place.clone(),
            None => format!("preset {}", self.preset),
        }
    }

    /// Shows this model so.
    pub fn put_on(self, model: &mut Model) {
        (model.theme, model.keys) = (self.theme, keymap::keys(self.keymap));
        model.links = self.links;
        if let (Some(text), None) = (self.trouble, &model.status) {
            model.trouble(text);
        }
    }
}

/// Installs the user's themes. `Some`: one that nobody asked for is wrong.
fn themes(folder: Option<&Folder>, wanted: Option<&str>) -> anyhow::Result<Option<String>> {
    let (mut themes, mut trouble) = (Vec::new(), None);
    for name in folder.map_or_else(Vec::new, |folder| toml_files(&folder.path.join("themes"))) {
        let Some(read) = folder.map(|folder| read(folder, &format!("themes/{name}.toml"))) else {
            continue;
        };
        let theme = read.and_then(|(file, text)| {
            theme::file::parse(&file, &text).map_err(|fault| fault.to_string())
        });
        match theme {
            Ok(theme) => themes.push(Named::new(name, theme)),
            Err(said) if wanted == Some(name.as_str()) => bail!(said),
            Err(said) => trouble = trouble.or(Some(said)),
        }
    }
    theme::install(themes);
    Ok(trouble)
}

/// What a wish is for, as `config` prints it, with its keys and its place.
fn whence(wish: &Wish) -> (String, Vec<String>, String) {
    let context = wish.context.map_or_else(String::new, |of| format!("in.{}", of.name()));
    let place = format!("{}:{}", wish.place.file, wish.place.line);
    (format!("{context}.{}", wish.action), wish.keys.clone(), place)
}

/// Installs the user's keys, and says the number of the keymap in force, its preset, and what differs from that.
fn keymap(
    config: &Config,
    folder: Option<&Folder>,
) -> anyhow::Result<(usize, &'static str, Vec<Wish>)> {
    let there = folder.filter(|folder| folder.path.join("keymap.toml").exists());
    let parsed = match there {
        Some(folder) => {
            let (file, text) = read(folder, "keymap.toml").map_err(Error::msg)?;
            file::parse(&file, &text).map_err(Error::msg)?
        }
        None => file::Parsed::default(),
    };
    let number = match (&parsed.preset, &config.keymap) {
        (Some(preset), _) => file::preset_named(preset).map_err(Error::msg)?,
        (None, Some(placed)) => {
            file::preset_named(&placed.value).map_err(|said| at(placed, &said))?
        }
        (None, None) => 0,
    };
    let preset = file::PRESETS.get(number).map_or("default", |(name, _)| *name);
    let wishes: Vec<Wish> = parsed.wishes.into_iter().chain(wishes(config)).collect();
    if wishes.is_empty() {
        return Ok((number, preset, wishes));
    }
    let rows = keymap::numbered(number).rows();
    let own = keymap::install(file::fulfil("yours", rows, &wishes).map_err(Error::msg)?);
    Ok((own, preset, wishes))
}

/// `[keys]` of the configuration.
fn wishes(config: &Config) -> impl Iterator<Item = Wish> {
    config.keys.iter().map(|(action, placed)| {
        let Origin { file, line, column } = placed.origin.clone();
        let (action, keys) = (action.clone(), placed.value.clone());
        Wish { context: None, action, keys, place: Place { file, line, column } }
    })
}

/// A file of the folder as messages call it, and its text.
fn read(folder: &Folder, name: &str) -> Result<(String, String), String> {
    let file = format!("{}/{name}", folder.shown);
    match fs::read_to_string(folder.path.join(name)) {
        Ok(text) => Ok((file, text)),
        Err(error) => Err(format!("{file}: {error}")),
    }
}

/// The names of the TOML files, sorted so that the list is the same each time.
fn toml_files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let files = entries.filter(|path| path.extension().is_some_and(|of| of == "toml"));
    let mut names: Vec<String> =
        files.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect();
    names.sort();
    names
}

fn at<T>(placed: &Placed<T>, said: &str) -> anyhow::Error {
    let origin = &placed.origin;
    anyhow::anyhow!("{}:{}:{}: {said}", origin.file, origin.line, origin.column)
}
