//! One direction of dependency: base <- view, syntax, log <- sql <- core <- web, cli, tests;
//! scene knows base and view. Nothing under `core/` is built from anything of a browser, and the
//! page's own code reaches the engine only over the worker.

use super::Finding;
use super::files::Tree;
use super::metadata::Workspace;

/// Each member and the members that it may depend on.
const ARROWS: &[(&str, &[&str])] = &[
    ("headwater-base", &[]),
    ("headwater-view", &["headwater-base"]),
    ("headwater-syntax", &["headwater-base"]),
    ("headwater-log", &["headwater-base"]),
    (
        "headwater-sql",
        &["headwater-base", "headwater-log", "headwater-syntax"],
    ),
    (
        "headwater-core",
        &[
            "headwater-base",
            "headwater-log",
            "headwater-sql",
            "headwater-syntax",
            "headwater-view",
        ],
    ),
    ("headwater-scene", &["headwater-base", "headwater-view"]),
    (
        "headwater-qtt",
        &[
            "headwater-base",
            "headwater-log",
            "headwater-sql",
            "headwater-syntax",
        ],
    ),
    ("headwater-web", EVERYTHING_UNDER_CORE),
    ("headwater-cli", FRONT_DOORS),
    ("headwater-tests", FRONT_DOORS),
    ("headwater-fuzz-targets", FRONT_DOORS),
    (
        "headwater-bench",
        &[
            "headwater-base",
            "headwater-log",
            "headwater-sql",
            "headwater-syntax",
        ],
    ),
    ("xtask", &[]),
];

const EVERYTHING_UNDER_CORE: &[&str] = &[
    "headwater-base",
    "headwater-core",
    "headwater-log",
    "headwater-scene",
    "headwater-sql",
    "headwater-syntax",
    "headwater-view",
];

/// What runs in a terminal may run validation files, too.
const FRONT_DOORS: &[&str] = &[
    "headwater-base",
    "headwater-core",
    "headwater-log",
    "headwater-qtt",
    "headwater-scene",
    "headwater-sql",
    "headwater-syntax",
    "headwater-view",
];

/// Packages of the browser, which nothing under `core/` may be built from.
const BROWSER: &[&str] = &[
    "gloo",
    "gloo-worker",
    "js-sys",
    "serde-wasm-bindgen",
    "wasm-bindgen",
    "web-sys",
    "yew",
];

/// Words that the code below one folder must not hold.
#[derive(Debug)]
struct Fence {
    folder: &'static str,
    except: &'static [&'static str],
    words: &'static [&'static str],
    why: &'static str,
}

const FENCES: &[Fence] = &[Fence {
    folder: "web/src/",
    except: &[
        "web/src/bin/worker.rs",
        "web/src/engine.rs",
        "web/src/engine/",
    ],
    words: &["headwater_core", "headwater_sql", "headwater_log"],
    why: "the page's own wasm holds no engine: ask the worker, or move this into engine/",
}];

/// Checks the table, the browser's absence under `core/`, and the fences.
pub(crate) fn check(tree: &Tree, workspace: &Workspace) -> Vec<Finding> {
    let mut findings = arrows(workspace);
    findings.extend(browser(workspace));
    findings.extend(FENCES.iter().flat_map(|fence| beyond(fence, tree)));
    findings
}

fn arrows(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (member, arrows) in workspace.member_arrows() {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member) else {
            let message = "not in the table of layers: add it to xtask/src/tidy/layers.rs";
            findings.push(Finding::new(member, message));
            continue;
        };
        for arrow in arrows.into_iter().filter(|arrow| !allowed.contains(arrow)) {
            let message = format!("must not depend on {arrow}: see the layers in docs");
            findings.push(Finding::new(member, message));
        }
    }
    findings
}

fn browser(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in EVERYTHING_UNDER_CORE {
        let parts = workspace.built_from(member);
        for package in BROWSER.iter().filter(|package| parts.contains(*package)) {
            let message = format!("is built from {package}, which belongs to a browser");
            findings.push(Finding::new(*member, message));
        }
    }
    findings
}

fn beyond(fence: &Fence, tree: &Tree) -> Vec<Finding> {
    let fenced = tree.with_ending(&["rs"]).filter(|(path, _)| {
        path.starts_with(fence.folder) && !fence.except.iter().any(|free| path.starts_with(free))
    });
    let mut findings = Vec::new();
    for (path, text) in fenced {
        for (index, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if let Some(word) = fence.words.iter().find(|word| code.contains(*word)) {
                findings.push(Finding::at(path, index, format!("`{word}`: {}", fence.why)));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::metadata::tests::workspace;
    use super::*;

    fn messages(tree: &Tree, workspace: &Workspace) -> Vec<String> {
        check(tree, workspace)
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn an_arrow_against_the_direction_is_found() {
        let it = workspace(
            &[
                ("headwater-base", &[]),
                ("headwater-log", &["headwater-sql"]),
                ("headwater-sql", &[]),
            ],
            &[],
        );
        assert_eq!(
            messages(&Tree::default(), &it),
            ["headwater-log: must not depend on headwater-sql: see the layers in docs"]
        );
    }

    #[test]
    fn a_browser_behind_the_core_is_found() {
        let it = workspace(
            &[
                ("headwater-base", &["web-sys"]),
                ("headwater-view", &["headwater-base"]),
            ],
            &[("web-sys", "MIT")],
        );
        assert_eq!(
            messages(&Tree::default(), &it),
            [
                "headwater-base: is built from web-sys, which belongs to a browser",
                "headwater-view: is built from web-sys, which belongs to a browser",
            ]
        );
    }

    #[test]
    fn the_engine_stays_behind_its_fence() {
        let tree = Tree::of(&[
            (
                "web/src/client.rs",
                "// headwater_core is far away\nuse headwater_core::Lab;\n",
            ),
            ("web/src/engine/lab.rs", "use headwater_core::Lab;\n"),
        ]);
        let found = messages(&tree, &Workspace::default());
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with("web/src/client.rs:2: `headwater_core`"),
            "{found:?}"
        );
    }
}
