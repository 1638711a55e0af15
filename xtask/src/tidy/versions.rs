//! Versions that have to agree: the wasm-bindgen crate and its command line speak a format that
//! changes with every version.

use super::Finding;
use super::files::Tree;
use crate::setup::WASM_BINDGEN_VERSION;

/// Checks the pin in the workspace's manifest and the lock file.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let pin = format!("wasm-bindgen = \"={WASM_BINDGEN_VERSION}\"");
    let manifest = tree.text("Cargo.toml").unwrap_or_default();
    if !manifest.lines().any(|line| line == pin) {
        let message = format!("has to say `{pin}`, the version of the command line");
        findings.push(Finding::new("Cargo.toml", message));
    }
    let lock = tree.text("Cargo.lock").unwrap_or_default();
    if let Some(version) = locked_version(lock, "wasm-bindgen")
        && version != WASM_BINDGEN_VERSION
    {
        let message = format!("wasm-bindgen is {version}, its tool {WASM_BINDGEN_VERSION}");
        findings.push(Finding::new("Cargo.lock", message));
    }
    findings
}

/// The version of `package` in the lock file.
fn locked_version<'t>(lock: &'t str, package: &str) -> Option<&'t str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_is_read() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.9\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.9"));
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn two_versions_are_found() {
        let pin = format!("wasm-bindgen = \"={WASM_BINDGEN_VERSION}\"\n");
        let lock = "name = \"wasm-bindgen\"\nversion = \"0.2.9\"\n";
        let tree = Tree::of(&[("Cargo.toml", pin.as_str()), ("Cargo.lock", lock)]);
        assert_eq!(check(&tree).len(), 1);
    }
}
