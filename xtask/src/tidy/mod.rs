//! `cargo xtask tidy`: what the compiler cannot check. A rule is a module with one function from
//! the project's files, or from Cargo's view of the workspace, to findings.

mod exclusive;
mod files;
mod headers;
mod layers;
mod licences;
pub(crate) mod metadata;
mod places;
mod sizes;
mod versions;

use crate::project::Project;
use files::Tree;
use metadata::Workspace;
use std::fmt;

/// Something that a rule found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    path: String,
    line: Option<usize>,
    message: String,
}

impl Finding {
    /// A finding about a whole file, or about a package.
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            message: message.into(),
        }
    }

    /// A finding about the line with this index, counted from 0.
    fn at(path: &str, index: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(index + 1),
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.path, self.message),
            None => write!(formatter, "{}: {}", self.path, self.message),
        }
    }
}

/// Checks every rule; false where one found something.
pub(crate) fn run(project: &Project) -> anyhow::Result<bool> {
    let tree = Tree::read(project)?;
    let workspace = Workspace::read(project)?;
    let rules = [
        ("headers", headers::check(&tree)),
        ("sizes", sizes::check(&tree)),
        ("places", places::check(&tree)),
        ("exclusive", exclusive::check(&tree)),
        ("layers", layers::check(&tree, &workspace)),
        ("versions", versions::check(&tree)),
        ("licences", licences::check(&tree, &workspace)),
    ];
    let mut tidy = true;
    for (rule, findings) in rules {
        for finding in &findings {
            println!("{finding} [{rule}]");
        }
        tidy &= findings.is_empty();
    }
    if tidy {
        println!("tidy: {} files, nothing found", tree.files.len());
    }
    Ok(tidy)
}
