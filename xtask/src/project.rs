//! Where the project's folders are. Everything that the commands install or build goes into
//! ignored folders of the project: `.tools/`, `target/`, `dist/` and `node_modules/`.

use anyhow::Context;
use std::path::{Path, PathBuf};

/// The project's root and the folders below it.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that this program belongs to.
    pub(crate) fn find() -> anyhow::Result<Self> {
        // Cargo says where the package is when it runs the program; a binary that is started
        // by hand falls back on where it was built.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.parent().context("the xtask folder has no parent")?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// The root of the project.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Tools that the commands installed.
    pub(crate) fn tools(&self) -> PathBuf {
        self.root.join(".tools")
    }

    /// The built page.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The editor's npm package, with the tools that build and shrink the page.
    pub(crate) fn editor(&self) -> PathBuf {
        self.root.join("web/editor")
    }

    /// The browser flows' npm package.
    pub(crate) fn flows(&self) -> PathBuf {
        self.root.join("tests/e2e")
    }
}
