//! Nothing of one machine in the project: no path of its folders, no host of a package registry.

use super::Finding;
use super::files::Tree;

/// Folders of single machines. Each is in two parts, so that this file does not hold them.
const FOLDERS: &[(&str, &str)] = &[
    ("/ho", "me/"),
    ("/ro", "ot/"),
    ("/Us", "ers/"),
    ("/wo", "rk/"),
    ("/tm", "p/target"),
];
/// Parts of registries' hosts, in two parts as well.
const HOSTS: &[(&str, &str)] = &[
    ("registry.npm", "js."),
    ("registry.yarn", "pkg."),
    ("index.cra", "tes.io"),
    ("static.cra", "tes.io"),
    ("deb.deb", "ian.org"),
    ("py", "pi.org"),
];
/// The only origin of a crate that the lock file may name.
const CRATES: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Checks every text of the project.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        let Some(text) = file.text.as_deref() else {
            continue;
        };
        for (index, line) in text.lines().enumerate() {
            let message = machine(line).or_else(|| lock(&file.path, line));
            findings.extend(message.map(|message| Finding::at(&file.path, index, message)));
        }
        let folder = file.path.strip_suffix("package-lock.json");
        if let Some(folder) = folder {
            let settings = tree.text(&format!("{folder}.npmrc")).unwrap_or_default();
            if !settings
                .lines()
                .any(|line| line == "omit-lockfile-registry-resolved=true")
            {
                let message = "the .npmrc beside it has to set omit-lockfile-registry-resolved";
                findings.push(Finding::new(&file.path, message));
            }
        }
    }
    findings
}

/// What `line` tells of a machine.
fn machine(line: &str) -> Option<String> {
    let holds = |(left, right): &(&str, &str)| {
        let name = format!("{left}{right}");
        let begins = line.find(&name)?;
        // `network/x` is no folder of a machine, and neither is `example.org/x`.
        let before = line[..begins].chars().next_back();
        let inside =
            before.is_some_and(|letter| letter.is_alphanumeric() || ".-_".contains(letter));
        (!inside || !name.starts_with('/')).then_some(name)
    };
    let found = FOLDERS.iter().chain(HOSTS).find_map(holds)?;
    Some(format!(
        "`{found}` belongs to one machine or registry, not to the project"
    ))
}

/// What a lock file's `line` tells of where packages were fetched.
fn lock(path: &str, line: &str) -> Option<String> {
    let from_registry = path.ends_with("package-lock.json") && line.contains("\"resolved\"");
    let from_source = path == "Cargo.lock"
        && line.starts_with("source = ")
        && line != format!("source = \"{CRATES}\"");
    (from_registry || from_source)
        .then(|| "a lock file names packages, not the server that they came from".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(path: &str, line: &str) -> usize {
        check(&Tree::of(&[
            (path, line),
            ("w/.npmrc", "omit-lockfile-registry-resolved=true"),
        ]))
        .len()
    }

    #[test]
    fn folders_and_hosts_of_a_machine_are_found() {
        assert_eq!(count("a.md", &format!("see {}{}", "/ro", "ot/x")), 1);
        assert_eq!(
            count("a.md", &format!("https://registry.npm{}", "js.org/x")),
            1
        );
        assert_eq!(count("a.md", &format!("example.org{}{}x", "/wo", "rk/")), 0);
    }

    #[test]
    fn lock_files_name_no_server() {
        assert_eq!(count("w/package-lock.json", "  \"resolved\": \"x\""), 1);
        assert_eq!(count("v/package-lock.json", "{}"), 1);
        assert_eq!(count("Cargo.lock", &format!("source = \"{CRATES}\"")), 0);
        assert_eq!(
            count("Cargo.lock", "source = \"registry+https://mirror\""),
            1
        );
    }
}
