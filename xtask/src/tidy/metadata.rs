//! The workspace as `cargo metadata` tells it: its packages, what they depend on, and what that
//! depends on in turn.

use crate::project::Project;
use crate::shell::{command, output};
use anyhow::Context;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A package with what the rules ask about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Its licence, if its manifest names one.
    pub(crate) licence: Option<String>,
    /// What it depends on directly in every kind of build, by id.
    dependencies: Vec<Dependency>,
    /// Names of everything that its manifest names as a dependency, of any kind.
    declared: BTreeSet<String>,
    /// Its integration test programs.
    test_programs: Vec<String>,
}

/// A dependency of a package.
#[derive(Debug, Clone)]
struct Dependency {
    id: String,
    /// Whether the package itself needs it, and not only its tests.
    shipped: bool,
}

/// The workspace.
#[derive(Debug, Clone, Default)]
pub(crate) struct Workspace {
    packages: BTreeMap<String, Package>,
    members: Vec<String>,
}

/// A package whose tests run in a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WasmTested {
    /// Its name.
    pub(crate) name: String,
    /// Those of its test programs that are for the browser.
    pub(crate) test_programs: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn read(project: &Project) -> anyhow::Result<Self> {
        let mut ask = command("cargo");
        ask.args(["metadata", "--format-version", "1"])
            .current_dir(project.root());
        let answer: Value = serde_json::from_str(&output(&mut ask)?)
            .context("cargo metadata answered with something else than JSON")?;
        Ok(Self::of(&answer))
    }

    /// Takes what the rules need out of cargo's answer.
    fn of(answer: &Value) -> Self {
        let mut packages = BTreeMap::new();
        for package in list(&answer["packages"]) {
            packages.insert(text(&package["id"]), read_package(package));
        }
        for node in list(&answer["resolve"]["nodes"]) {
            if let Some(package) = packages.get_mut(&text(&node["id"])) {
                package.dependencies = list(&node["deps"]).iter().map(read_dependency).collect();
            }
        }
        let members = list(&answer["workspace_members"])
            .iter()
            .map(text)
            .collect();
        Self { packages, members }
    }

    /// Every package, those of the workspace too.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &Package> {
        self.packages.values()
    }

    /// The members, each with the names of the members that it depends on without its tests.
    pub(crate) fn member_arrows(&self) -> Vec<(&str, Vec<&str>)> {
        let members = self.members.iter().filter_map(|id| self.packages.get(id));
        members
            .map(|package| {
                let shipped = package
                    .dependencies
                    .iter()
                    .filter(|dependency| dependency.shipped);
                let arrows = shipped
                    .filter(|dependency| self.members.contains(&dependency.id))
                    .filter_map(|dependency| self.packages.get(&dependency.id))
                    .map(|dependency| dependency.name.as_str());
                (package.name.as_str(), arrows.collect())
            })
            .collect()
    }

    /// The names of all that the member called `name` is built from, its tests left out.
    pub(crate) fn built_from(&self, name: &str) -> BTreeSet<&str> {
        let start = self
            .members
            .iter()
            .find(|id| self.packages[*id].name == name);
        let mut open: Vec<&String> = start.into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut names = BTreeSet::new();
        while let Some(id) = open.pop() {
            let Some(package) = self.packages.get(id).filter(|_| seen.insert(id)) else {
                continue;
            };
            names.insert(package.name.as_str());
            let shipped = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.shipped);
            open.extend(shipped.map(|dependency| &dependency.id));
        }
        names
    }

    /// The members whose tests run in a browser: those that name `wasm-bindgen-test`.
    pub(crate) fn wasm_tested(&self) -> Vec<WasmTested> {
        let members = self.members.iter().filter_map(|id| self.packages.get(id));
        members
            .filter(|package| package.declared.contains("wasm-bindgen-test"))
            .map(|package| {
                let programs = package.test_programs.iter();
                WasmTested {
                    name: package.name.clone(),
                    test_programs: programs
                        .filter(|p| p.starts_with("wasm"))
                        .cloned()
                        .collect(),
                }
            })
            .collect()
    }
}

fn read_package(package: &Value) -> Package {
    let is_test = |target: &&Value| list(&target["kind"]).iter().any(|kind| kind == "test");
    Package {
        name: text(&package["name"]),
        version: text(&package["version"]),
        licence: package["license"].as_str().map(str::to_owned),
        dependencies: Vec::new(),
        declared: list(&package["dependencies"])
            .iter()
            .map(|one| text(&one["name"]))
            .collect(),
        test_programs: list(&package["targets"])
            .iter()
            .filter(is_test)
            .map(|target| text(&target["name"]))
            .collect(),
    }
}

fn read_dependency(dependency: &Value) -> Dependency {
    let kinds = list(&dependency["dep_kinds"]);
    Dependency {
        id: text(&dependency["pkg"]),
        shipped: kinds.iter().any(|kind| kind["kind"] != "dev"),
    }
}

/// The elements of a JSON array, none where there is no array.
fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A JSON string, empty where there is none.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use serde_json::json;

    /// A workspace of members with arrows, and of packages that they use.
    pub(crate) fn workspace(members: &[(&str, &[&str])], outside: &[(&str, &str)]) -> Workspace {
        let package = |name: &str, licence: &str| {
            json!({"id": name, "name": name,
            "version": "1.0.0", "license": licence, "dependencies": [], "targets": []})
        };
        let inside = members.iter().map(|(name, _)| package(name, "MIT"));
        let all = inside.chain(outside.iter().map(|(name, licence)| package(name, licence)));
        let nodes = members.iter().map(|(name, arrows)| {
            let deps = arrows
                .iter()
                .map(|arrow| json!({"pkg": arrow, "dep_kinds": [{"kind": null}]}));
            json!({"id": name, "deps": deps.collect::<Vec<_>>()})
        });
        let ids: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
        Workspace::of(&json!({
            "packages": all.collect::<Vec<_>>(),
            "resolve": {"nodes": nodes.collect::<Vec<_>>()},
            "workspace_members": ids,
        }))
    }

    #[test]
    fn arrows_are_followed_to_their_end() {
        let it = workspace(&[("a", &["b"]), ("b", &["c"])], &[("c", "MIT")]);
        assert_eq!(it.member_arrows(), [("a", vec!["b"]), ("b", vec![])]);
        assert_eq!(it.built_from("a"), BTreeSet::from(["a", "b", "c"]));
    }
}
