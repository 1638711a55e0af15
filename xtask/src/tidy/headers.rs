//! Every file of code opens with what it is: `//!` in Rust, `//` in JavaScript, `/*` in CSS.

use super::Finding;
use super::files::Tree;

/// How many lines a header may have before it is an essay.
const LINES_MAX: usize = 12;
/// A header that says nothing has fewer letters than this.
const LETTERS_MIN: usize = 16;

/// Checks the first lines of every file of code.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    tree.with_ending(&["rs", "js", "mjs", "css"])
        .filter_map(|(path, text)| wrong(path, text).map(|why| Finding::at(path, 0, why)))
        .collect()
}

/// What is wrong with the header of the file, if anything.
fn wrong(path: &str, text: &str) -> Option<String> {
    let opening = match path.rsplit_once('.')?.1 {
        "rs" => "//!",
        "css" => "/*",
        _ => "//",
    };
    if !text.starts_with(opening) {
        return Some(format!(
            "the file opens with `{opening}` and what it is, in 1 to 5 sentences"
        ));
    }
    let lines = header(opening, text);
    let letters: usize = lines
        .iter()
        .map(|line| line.trim_start_matches(opening).len())
        .sum();
    if letters < LETTERS_MIN {
        return Some("the header says nothing: what is this file, where to read next?".to_owned());
    }
    (opening != "/*" && lines.len() > LINES_MAX).then(|| {
        format!(
            "the header has {} lines: say it in 1 to 5 sentences",
            lines.len()
        )
    })
}

/// The lines of the header; a block of documentation with an example ends at its blank line.
fn header<'t>(opening: &str, text: &'t str) -> Vec<&'t str> {
    let is_header = |line: &&str| match opening {
        "/*" => !line.trim().is_empty(),
        _ => line.starts_with(opening) && line.len() > opening.len(),
    };
    text.lines().take_while(is_header).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of(&[(path, text)]);
        check(&tree)
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn a_header_is_wanted_in_every_language() {
        assert_eq!(messages("a.rs", "fn main() {}\n").len(), 1);
        assert_eq!(messages("a.mjs", "import fs from \"fs\";\n").len(), 1);
        assert_eq!(messages("a.css", "body {}\n").len(), 1);
    }

    #[test]
    fn a_header_of_one_sentence_does() {
        assert!(messages("a.rs", "//! Virtual time: milliseconds.\nfn f() {}\n").is_empty());
        assert!(messages("a.js", "// Starts the page, and only that.\n").is_empty());
        assert!(messages("a.css", "/* Colours and spaces, named. */\n").is_empty());
    }

    #[test]
    fn an_empty_header_is_none() {
        assert_eq!(messages("a.rs", "//! Stuff.\n").len(), 1);
    }
}
