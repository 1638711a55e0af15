//! No test is switched off, and none runs alone: a known gap is an expected failure that breaks
//! when it is mended.

use super::Finding;
use super::files::Tree;

/// A mark that switches tests off. In two parts, so that this file does not hold it.
#[derive(Debug)]
struct Mark {
    endings: &'static [&'static str],
    text: (&'static str, &'static str),
    why: &'static str,
}

const MARKS: &[Mark] = &[
    Mark {
        endings: &["rs"],
        text: ("#[ign", "ore"),
        why: "mark a known gap as an expected failure instead of leaving the test out",
    },
    Mark {
        endings: &["js", "mjs"],
        text: (".on", "ly("),
        why: "the other tests would not run",
    },
    Mark {
        endings: &["js", "mjs"],
        text: (".fix", "me("),
        why: "mark a known gap with test.fail instead of leaving the test out",
    },
];

/// Checks every file of code.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for mark in MARKS {
        let text = format!("{}{}", mark.text.0, mark.text.1);
        for (path, source) in tree.with_ending(mark.endings) {
            findings.extend(find(path, source, &text, mark.why));
        }
    }
    findings
}

/// A finding for every line of `source` with `text`.
fn find(path: &str, source: &str, text: &str, why: &str) -> Vec<Finding> {
    let lines = source
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(text));
    lines
        .map(|(index, _)| Finding::at(path, index, format!("`{text}`: {why}")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_in_their_own_language() {
        let only = format!("test.on{}\"x\")", "ly(");
        let tree = Tree::of(&[("a.mjs", only.as_str()), ("a.md", only.as_str())]);
        assert_eq!(check(&tree).len(), 1);
    }
}
