//! `.http` files, as the REST clients of JetBrains and VS Code read them: requests with `###` between, `@name = value`, `{{name}}`.
//!
//! Pure: files and the environment come in as arguments. Promises: a fault names its line; what only such a client can fill in
//! (a script, the answer to an earlier request) is refused by name, never sent as it stands.

pub mod environment;
mod expand;
mod options;
mod request;

pub use super::fault::Fault;
use crate::domain::http::request::Draft;
use expand::Variables;
pub use options::with_options;

/// A larger file is refused.
pub const MOST: usize = 4 << 20;
/// So is one with more requests.
const MOST_REQUESTS: usize = 10_000;

/// One request of a file.
#[derive(Clone, Debug)]
pub struct Named {
    /// `# @name login`, or what stands after `###`.
    pub name: Option<String>,
    /// The comments in front of it.
    pub note: String,
    /// Where it begins, from 1.
    pub line: usize,
    pub draft: Draft,
}

/// What a request may need from outside.
pub trait Surroundings {
    /// A file that a body names, relative to the `.http` file.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;

    /// A variable of the process environment.
    fn variable(&self, name: &str) -> Option<String>;

    /// A variable of the environment that was chosen; see [`environment`].
    fn chosen(&self, name: &str) -> Option<String>;
}

/// Whether a path names such a file.
pub fn is_named_so(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    [".http", ".rest"].iter().any(|end| path.len() > end.len() && path.ends_with(end))
}

/// The request that was asked for by number or name, or the only one.
///
/// # Errors
/// When the file breaks its format, has no such request, or has several and none is named.
pub fn pick(text: &str, which: Option<&str>, around: &dyn Surroundings) -> Result<Named, Fault> {
    let blocks = blocks(text)?;
    let variables = Variables::of(text, around);
    let number = which.and_then(|which| which.parse::<usize>().ok());
    let found = match (which, number) {
        (None, _) if blocks.len() == 1 => blocks.first(),
        (None, _) => {
            let why = format!("{} requests; name one of them: {}", blocks.len(), names(&blocks));
            return Err(Fault::new("", why));
        }
        (Some(_), Some(number)) => number.checked_sub(1).and_then(|at| blocks.get(at)),
        (Some(which), None) => blocks.iter().find(|of| of.name.as_deref() == Some(which)),
    };
    let Some(block) = found else {
        let which = which.unwrap_or_default();
        return Err(Fault::new(
            "",
            format!("{which}: no such request; there are {}", names(&blocks)),
        ));
    };
    request::read(block, &variables, around)
}

/// Every request of the file that can be read, and the faults of the others.
///
/// # Errors
/// When there is none, or the file is too large.
pub fn all(text: &str, around: &dyn Surroundings) -> Result<Vec<Result<Named, Fault>>, Fault> {
    let variables = Variables::of(text, around);
    let blocks = blocks(text)?;
    Ok(blocks.iter().map(|block| request::read(block, &variables, around)).collect())
}

/// The lines of one request.
#[derive(Debug, Default)]
struct Block<'a> {
    name: Option<String>,
    note: String,
    /// With their numbers, from the request line on.
    lines: Vec<(usize, &'a str)>,
}

/// The requests of a file, still as text.
fn blocks(text: &str) -> Result<Vec<Block<'_>>, Fault> {
    if text.len() > MOST {
        return Err(Fault::new("", format!("more than {} MiB", MOST >> 20)));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (mut blocks, mut block) = (Vec::new(), Block::default());
    for (at, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("###") {
            blocks.push(std::mem::take(&mut block));
            let title = title.trim_matches(['#', ' ', '\t']);
            block.name = (!title.is_empty()).then(|| title.to_owned());
            continue;
        }
        if block.lines.is_empty() && block.takes(line) {
            continue;
        }
        block.lines.push((at + 1, line));
    }
    blocks.push(block);
    blocks.retain(|block| !block.lines.is_empty());
    match blocks.len() {
        0 => Err(Fault::new("", "there is no request in the file")),
        count if count > MOST_REQUESTS => {
            Err(Fault::new("", format!("{count} requests are too many")))
        }
        _ => Ok(blocks),
    }
}

impl Block<'_> {
    /// Takes in a line in front of the request line; `false` when it is that line.
    fn takes(&mut self, line: &str) -> bool {
        let line = line.trim();
        let comment = line.strip_prefix('#').or_else(|| line.strip_prefix("//"));
        match comment.map(str::trim) {
            Some(said) if said.starts_with("@name") => {
                let name = said["@name".len()..].trim_matches(['=', ' ', '\t']);
                self.name = Some(name.to_owned()).filter(|name| !name.is_empty());
            }
            Some(said) if said.starts_with('@') => {}
            Some(said) => {
                let gap = if self.note.is_empty() { "" } else { " " };
                self.note = format!("{}{gap}{said}", self.note);
            }
            None => return line.is_empty() || expand::definition(line).is_some(),
        }
        true
    }
}

fn names(blocks: &[Block<'_>]) -> String {
    let name = |(at, block): (usize, &Block<'_>)| match &block.name {
        Some(name) => name.clone(),
        None => (at + 1).to_string(),
    };
    let mut names: Vec<String> = blocks.iter().enumerate().take(20).map(name).collect();
    if blocks.len() > names.len() {
        names.push("…".to_owned());
    }
    names.join(", ")
}

#[cfg(test)]
mod tests;
