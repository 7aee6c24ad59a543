//! The project's file, written on the user's word.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::app::message::{Message, Project, Written};
use crate::domain::config::edit::{Change, apply};
use crate::domain::config::{Config, File};
use crate::domain::policy::Policy;

/// Where configuration is read from, and what is written to.
#[derive(Clone, Debug)]
pub struct Files {
    /// The user's own; never written to.
    pub user: Option<PathBuf>,
    /// The project's, or where it would be.
    pub project: PathBuf,
}

impl Files {
    /// Writes the change into the project's file.
    pub(super) fn change(&self, change: &Change) -> Message {
        self.changed(change).unwrap_or_else(|why| self.trouble(&why))
    }

    /// Puts the file back, unless somebody else has changed it since.
    pub(super) fn undo(&self, written: &Written) -> Message {
        self.restored(written).unwrap_or_else(|why| self.trouble(&why))
    }

    fn changed(&self, change: &Change) -> Result<Message, String> {
        let before = self.read()?;
        let after = apply(before.as_deref().unwrap_or_default(), change)?;
        // a file that would not be read again is not written
        let policy = Box::new(self.policy(Some(&after))?);
        fs::write(&self.project, &after).map_err(said)?;
        let change = Written { says: change.to_string(), before, after };
        let path = self.project.display().to_string();
        Ok(Message::Project(Project::Written { path, change, policy }))
    }

    fn restored(&self, written: &Written) -> Result<Message, String> {
        if self.read()?.as_ref() != Some(&written.after) {
            return Err("somebody else has changed it since: it is left as it is".to_owned());
        }
        match &written.before {
            Some(before) => fs::write(&self.project, before).map_err(said)?,
            None => fs::remove_file(&self.project).map_err(said)?,
        }
        let policy = Box::new(self.policy(written.before.as_deref())?);
        let path = self.project.display().to_string();
        Ok(Message::Project(Project::Restored { path, policy }))
    }

    fn read(&self) -> Result<Option<String>, String> {
        match fs::read_to_string(&self.project) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(said(error)),
        }
    }

    /// What the user's file and this text come to.
    fn policy(&self, project: Option<&str>) -> Result<Policy, String> {
        let user = self.user.as_ref().and_then(|path| fs::read_to_string(path).ok());
        let user = user.as_deref().map(|text| File { name: "config.toml", text });
        let project = project.map(|text| File { name: "hopstep.toml", text });
        let files: Vec<File<'_>> = user.into_iter().chain(project).collect();
        let config = Config::read(&files).map_err(|faults| {
            let first = faults.first();
            first.map_or_else(String::new, |of| format!("{}:{}: {}", of.file, of.line, of.message))
        })?;
        Ok(config.policy())
    }

    fn trouble(&self, why: &str) -> Message {
        Message::Trouble(format!("{}: {why}", self.project.display()))
    }
}

fn said(error: io::Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_written_and_taken_back() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files { user: None, project: folder.path().join("hopstep.toml") };
        let change = Change::Severity { rule: "slow-hop".to_owned(), severity: None };
        let Message::Project(Project::Written { change, policy, .. }) = files.change(&change)
        else {
            panic!("not written")
        };
        assert_eq!(policy.severities.get("slow-hop"), Some(&None));
        assert!(files.project.exists());
        assert!(matches!(files.undo(&change), Message::Project(Project::Restored { .. })));
        assert!(!files.project.exists());
        assert!(matches!(files.undo(&change), Message::Trouble(_)));
    }
}
