//! The standard library for wasm32, from the first of three places that has it: the toolchain
//! in use, rustup, and Debian's own Rust with its library sources, which are built once.

use super::{announced, packages};
use crate::project::Project;
use crate::shell::{self, command, find_program};
use anyhow::{Context, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The target that the page is built for.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// What to do where no step worked.
const BY_HAND: &str = "install Rust's library for the page by hand: \
    `rustup target add wasm32-unknown-unknown`";

/// Debian's Rust, its library's sources, a linker for wasm, and clippy.
const DEBIAN_PACKAGES: &[&str] = &[
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
    "lld-22",
];
/// The name under which rustup knows Debian's Rust.
const DEBIAN_TOOLCHAIN: &str = "debian";
/// Debian's compiler.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// Where Debian's compiler looks for the target's library.
const DEBIAN_LIBRARY: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
/// The file beside the built library that says for which compiler it was built.
const BUILT_FOR: &str = "headwater-built-for.txt";

/// The toolchain that can build for wasm32.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one in use.
    InUse,
    /// The one that rustup knows by this name.
    Named(&'static str),
}

impl Toolchain {
    /// Makes `command` use this toolchain.
    pub(crate) fn apply(&self, command: &mut Command) {
        if let Self::Named(name) = self {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
    }
}

/// Finds a toolchain with the target's library, and installs the library where there is none.
pub(crate) fn ensure(project: &Project) -> anyhow::Result<Toolchain> {
    if library_in_use()? {
        return Ok(Toolchain::InUse);
    }
    if debian_is_ready() {
        return Ok(Toolchain::Named(DEBIAN_TOOLCHAIN));
    }
    let rustup = find_program(&["rustup"]);
    if rustup.is_some() && add_with_rustup(project).is_ok() && library_in_use()? {
        return Ok(Toolchain::InUse);
    }
    if rustup.is_none() || !packages::has_apt() {
        bail!("the library for {TARGET} is missing: {BY_HAND}");
    }
    println!("set-up: rustup has no library for {TARGET} to offer: trying Debian's Rust");
    from_debian(project).context(BY_HAND)?;
    Ok(Toolchain::Named(DEBIAN_TOOLCHAIN))
}

/// Whether the toolchain in use has the target's library.
fn library_in_use() -> anyhow::Result<bool> {
    let sysroot = shell::output(command("rustc").args(["--print", "sysroot"]))
        .context("Rust is missing: install it as rustup's page says")?;
    let library = Path::new(&sysroot)
        .join("lib/rustlib")
        .join(TARGET)
        .join("lib");
    Ok(has_std(&library))
}

/// Whether `folder` holds a built standard library.
fn has_std(folder: &Path) -> bool {
    let Ok(files) = fs::read_dir(folder) else {
        return false;
    };
    files
        .flatten()
        .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Whether Debian's Rust is linked and its library is the one of its compiler.
fn debian_is_ready() -> bool {
    let linked = shell::output(
        command("rustc")
            .arg(format!("+{DEBIAN_TOOLCHAIN}"))
            .arg("-V"),
    );
    let built_for = fs::read_to_string(Path::new(DEBIAN_LIBRARY).join(BUILT_FOR));
    match (linked, built_for) {
        (Ok(version), Ok(built_for)) => version == built_for.trim(),
        _ => false,
    }
}

/// Asks rustup for the library.
fn add_with_rustup(project: &Project) -> anyhow::Result<()> {
    announced("the wasm32 library from rustup", "20 s", || {
        let log = project.tools().join("logs/rustup-target.log");
        shell::quietly(command("rustup").args(["target", "add", TARGET]), &log)
    })
}

/// Installs Debian's Rust, builds its library for wasm32 and links it under a name.
fn from_debian(project: &Project) -> anyhow::Result<()> {
    announced("Debian's Rust and a wasm linker", "1 min", || {
        packages::install(project, DEBIAN_PACKAGES)
    })?;
    announced(
        "the wasm32 library from Debian's sources",
        "1 to 2 min",
        || {
            let built = build_library(project)?;
            put_library(&built)
        },
    )?;
    // What was built against an older library cannot find its crates any more.
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project.root().join("target"), PathBuf::from);
    remove_folder(&target.join(TARGET))?;
    shell::output(command("rustup").args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]))?;
    Ok(())
}

/// Builds the library in an empty crate and returns the folder with its parts.
fn build_library(project: &Project) -> anyhow::Result<PathBuf> {
    let crate_folder = project.tools().join("wasm-std");
    remove_folder(&crate_folder)?;
    fs::create_dir_all(crate_folder.join("src"))?;
    let manifest = "[package]\nname = \"scratch\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(crate_folder.join("Cargo.toml"), manifest)?;
    fs::write(crate_folder.join("src/lib.rs"), "")?;
    let mut build = command("/usr/bin/cargo");
    build.args([
        "build",
        "--release",
        "-Zbuild-std=std,panic_abort,test",
        "--target",
        TARGET,
    ]);
    build.current_dir(&crate_folder);
    build.env("CARGO_TARGET_DIR", crate_folder.join("target"));
    build.env("RUSTC", DEBIAN_RUSTC).env("RUSTC_BOOTSTRAP", "1");
    // Link-time optimisation of the page needs the library's bitcode.
    build.env("RUSTFLAGS", "-Cembed-bitcode=yes");
    shell::quietly(&mut build, &project.tools().join("logs/wasm-std.log"))?;
    Ok(crate_folder
        .join("target")
        .join(TARGET)
        .join("release/deps"))
}

/// Copies the library's parts in `built` to where Debian's compiler looks for them.
fn put_library(built: &Path) -> anyhow::Result<()> {
    let version = shell::output(command(DEBIAN_RUSTC).arg("-V"))?;
    fs::write(built.join(BUILT_FOR), format!("{version}\n"))?;
    let parts: Vec<PathBuf> = fs::read_dir(built)?
        .flatten()
        .map(|file| file.path())
        .filter(|path| {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let is_part = name.ends_with(".rlib") && !name.starts_with("libscratch-");
            is_part || name == BUILT_FOR
        })
        .collect();
    shell::output(packages::as_root("rm")?.args(["-rf", DEBIAN_LIBRARY]))?;
    shell::output(packages::as_root("mkdir")?.args(["-p", DEBIAN_LIBRARY]))?;
    shell::output(packages::as_root("cp")?.args(&parts).arg(DEBIAN_LIBRARY))?;
    Ok(())
}

/// Removes `folder` with all that is in it, where it is there.
fn remove_folder(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_toolchain_is_asked_of_rustup() {
        let mut asked = command("cargo");
        Toolchain::Named("debian").apply(&mut asked);
        let name = asked.get_envs().find(|(key, _)| *key == "RUSTUP_TOOLCHAIN");
        assert_eq!(name.and_then(|(_, value)| value), Some("debian".as_ref()));
    }

    #[test]
    fn an_empty_folder_is_no_library() {
        assert!(!has_std(Path::new("no/such/folder")));
    }
}
