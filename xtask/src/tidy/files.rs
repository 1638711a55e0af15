//! The files of the project as git sees them: tracked, or new and not ignored.

use crate::project::Project;
use crate::shell::{command, output};
use anyhow::Context;
use std::fs;

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct SourceFile {
    /// Its path from the project's root, with `/`.
    pub(crate) path: String,
    /// Its size.
    pub(crate) size_bytes: u64,
    /// Its text, unless it is not text.
    pub(crate) text: Option<String>,
}

/// All files of the project.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tree {
    /// The files, in the order of their paths.
    pub(crate) files: Vec<SourceFile>,
}

impl Tree {
    /// Reads the files.
    pub(crate) fn read(project: &Project) -> anyhow::Result<Self> {
        let mut list = command("git");
        list.args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]);
        let names = output(list.current_dir(project.root()))
            .context("tidy asks git which files belong to the project")?;
        let mut files = Vec::new();
        for path in names.split('\0').filter(|path| !path.is_empty()) {
            // A file that was just removed is still in git's list.
            let Ok(bytes) = fs::read(project.root().join(path)) else {
                continue;
            };
            let size_bytes = bytes.len() as u64;
            let text = String::from_utf8(bytes).ok();
            files.push(SourceFile {
                path: path.to_owned(),
                size_bytes,
                text,
            });
        }
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files.dedup_by(|left, right| left.path == right.path);
        Ok(Self { files })
    }

    /// The text of the file at `path`.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)?
            .text
            .as_deref()
    }

    /// The path and text of each file whose name has one of `endings`.
    pub(crate) fn with_ending<'t>(
        &'t self,
        endings: &'t [&str],
    ) -> impl Iterator<Item = (&'t str, &'t str)> {
        self.files.iter().filter_map(move |file| {
            let ending = file.path.rsplit_once('.')?.1;
            let text = file.text.as_deref()?;
            endings
                .contains(&ending)
                .then_some((file.path.as_str(), text))
        })
    }

    /// A tree of made-up files, for tests of rules.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| SourceFile {
            path: (*path).to_owned(),
            size_bytes: text.len() as u64,
            text: Some((*text).to_owned()),
        });
        Self {
            files: files.collect(),
        }
    }
}
