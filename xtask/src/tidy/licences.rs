//! Licences of what the project is built from: permissive ones only, for crates and for what
//! the page takes from npm. Where a package offers several, one of them is enough.

use super::Finding;
use super::files::Tree;
use super::metadata::Workspace;
use serde_json::Value;

/// Licences that ask for no more than being named.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// The licence of free fonts: they may be shipped with anything, and sold only with something.
const FONTS: &str = "OFL-1.1";

/// Checks every crate, and every npm package that reaches the page.
pub(crate) fn check(tree: &Tree, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in workspace.packages() {
        let licence = package.licence.as_deref().unwrap_or("no licence");
        if !is_allowed(licence) {
            let name = format!("{} {}", package.name, package.version);
            findings.push(Finding::new(
                name,
                format!("its licence is not allowed: {licence}"),
            ));
        }
    }
    for (path, text) in tree.with_ending(&["json"]) {
        if path.ends_with("package-lock.json") {
            findings.extend(npm(path, text));
        }
    }
    findings
}

/// The packages of an npm lock file that are not for development only.
fn npm(path: &str, text: &str) -> Vec<Finding> {
    let Ok(lock) = serde_json::from_str::<Value>(text) else {
        return vec![Finding::new(path, "is not JSON")];
    };
    let Some(packages) = lock["packages"].as_object() else {
        return Vec::new();
    };
    let shipped = packages.iter().filter(|(name, package)| {
        !name.is_empty() && package["dev"] != true && package["devOptional"] != true
    });
    shipped
        .filter_map(|(name, package)| {
            let licence = package["license"].as_str().unwrap_or("no licence");
            let message = format!("{name}: its licence is not allowed: {licence}");
            (licence != FONTS && !is_allowed(licence)).then(|| Finding::new(path, message))
        })
        .collect()
}

/// Whether an SPDX expression can be met with allowed licences alone.
fn is_allowed(expression: &str) -> bool {
    // An old way to write OR.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any_of(&mut rest) && rest.is_empty()
}

/// `all OR all OR …`
fn any_of(words: &mut &[&str]) -> bool {
    let mut allowed = all_of(words);
    while let Some((&"OR", rest)) = words.split_first() {
        *words = rest;
        allowed |= all_of(words);
    }
    allowed
}

/// `one AND one AND …`
fn all_of(words: &mut &[&str]) -> bool {
    let mut allowed = one(words);
    while let Some((&"AND", rest)) = words.split_first() {
        *words = rest;
        allowed &= one(words);
    }
    allowed
}

/// A licence, with an exception or without, or an expression in brackets.
fn one(words: &mut &[&str]) -> bool {
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    *words = rest;
    if *first == "(" {
        let allowed = any_of(words);
        if let Some((&")", rest)) = words.split_first() {
            *words = rest;
            return allowed;
        }
        return false;
    }
    match words {
        ["WITH", exception, rest @ ..] => {
            let name = format!("{first} WITH {exception}");
            *words = rest;
            ALLOWED.contains(&name.as_str()) || ALLOWED.contains(first)
        }
        _ => ALLOWED.contains(first),
    }
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::workspace;
    use super::*;

    #[test]
    fn one_of_several_is_enough_and_all_of_a_set_are_needed() {
        assert!(is_allowed("MIT OR GPL-3.0"));
        assert!(is_allowed("MIT/Apache-2.0"));
        assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(is_allowed(
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT"
        ));
        assert!(!is_allowed("MIT AND MPL-2.0"));
        assert!(!is_allowed("(MIT AND MPL-2.0) OR GPL-3.0"));
        assert!(!is_allowed("no licence"));
        assert!(!is_allowed("(MIT"));
        assert!(!is_allowed(""));
    }

    #[test]
    fn a_crate_with_another_licence_is_found() {
        let it = workspace(&[("a", &["b"])], &[("b", "MPL-2.0")]);
        let found = check(&Tree::default(), &it);
        assert_eq!(
            found[0].to_string(),
            "b 1.0.0: its licence is not allowed: MPL-2.0"
        );
    }

    #[test]
    fn npm_packages_for_development_are_free() {
        let lock = r#"{"packages": {"": {}, "x": {"license": "MPL-2.0", "dev": true},
            "y": {"license": "MIT"}, "z": {"license": "MPL-2.0"}}}"#;
        assert_eq!(npm("package-lock.json", lock).len(), 1);
    }
}
