//! The look of the screen as the user's files have it: `themes/NAME.toml` in the user's folder, chosen by `theme = "NAME"`.
//!
//! Promises: a file that is in force and wrong is refused with its place; another one is left out, with a word about it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;

use crate::app::model::{Model, Status};
use crate::domain::config::{Config, Placed};
use crate::tui::theme::{self, Named};

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
        Ok(Look { theme, trouble })
    }

    /// Shows this model so.
    pub fn put_on(self, model: &mut Model) {
        model.theme = self.theme;
        if let (Some(text), None) = (self.trouble, &model.status) {
            model.status = Some(Status { text, trouble: true });
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
            Ok(theme) => themes.push(Named { name, theme }),
            Err(said) if wanted == Some(name.as_str()) => bail!(said),
            Err(said) => trouble = trouble.or(Some(said)),
        }
    }
    theme::install(themes);
    Ok(trouble)
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
