//! Small files, short functions, narrow lines. What is too large today is on a list that may
//! only shrink: `xtask/tidy-sizes.txt`. Function ends are found by indentation, which the
//! formatter guarantees.

use super::Finding;
use super::files::Tree;
use std::collections::BTreeMap;

/// The most lines of a file.
const FILE_LINES_MAX: usize = 400;
/// The most lines of a function.
const FUNCTION_LINES_MAX: usize = 70;
/// The most columns of a line.
const COLUMNS_MAX: usize = 100;
/// The most bytes of any file.
const BYTES_MAX: u64 = 1_000_000;
/// The list of exceptions.
const EXCEPTIONS: &str = "xtask/tidy-sizes.txt";

/// Something that has a size, as the list of exceptions names it: a file's path, or a path and
/// `fn name`.
type Subject = String;

/// Checks every size.
pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = heavy_files(tree);
    let mut oversized: BTreeMap<Subject, (usize, Finding)> = BTreeMap::new();
    for (path, text) in tree.with_ending(&["rs", "js", "mjs", "css"]) {
        findings.extend(wide_lines(path, text));
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            let message = format!("{lines} lines, {FILE_LINES_MAX} at most: split it by ideas");
            oversized.insert(path.to_owned(), (lines, Finding::new(path, message)));
        }
    }
    for (path, text) in tree.with_ending(&["rs"]) {
        for function in long_functions(text) {
            let Function { name, index, lines } = function;
            let message = format!("fn {name}: {lines} lines, {FUNCTION_LINES_MAX} at most");
            let finding = Finding::at(path, index, message);
            oversized.insert(format!("{path} fn {name}"), (lines, finding));
        }
    }
    findings.extend(compare(
        oversized,
        tree.text(EXCEPTIONS).unwrap_or_default(),
    ));
    findings
}

/// Lets `exceptions` excuse what is oversized, and finds what is wrong with the list itself.
fn compare(mut oversized: BTreeMap<Subject, (usize, Finding)>, exceptions: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in exceptions.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let at = |message: String| Finding::at(EXCEPTIONS, index, message);
        let entry = line
            .rsplit_once(' ')
            .and_then(|(subject, lines)| Some((subject, lines.parse::<usize>().ok()?)));
        let Some((subject, recorded)) = entry else {
            findings.push(at(
                "an entry is `PATH LINES` or `PATH fn NAME LINES`".to_owned()
            ));
            continue;
        };
        match oversized.remove(subject) {
            None => findings.push(at(format!(
                "{subject} is small enough now: remove the entry"
            ))),
            Some((lines, _)) if lines < recorded => {
                findings.push(at(format!(
                    "{subject} has shrunk: lower its number to {lines}"
                )));
            }
            Some((lines, _)) if lines > recorded => {
                findings.push(at(format!(
                    "{subject} has grown from {recorded} to {lines}"
                )));
            }
            Some(_) => {}
        }
    }
    findings.extend(oversized.into_values().map(|(_, finding)| finding));
    findings
}

/// Files that do not belong into git by their size alone.
fn heavy_files(tree: &Tree) -> Vec<Finding> {
    let heavy = tree.files.iter().filter(|file| file.size_bytes > BYTES_MAX);
    heavy
        .map(|file| Finding::new(&file.path, "over 1 MB: generate or fetch it instead"))
        .collect()
}

/// Lines that are too wide, except where a single word is, such as an address.
fn wide_lines(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let columns = line.chars().count();
        let longest = line
            .split_whitespace()
            .map(|word| word.chars().count())
            .max();
        if columns > COLUMNS_MAX && longest.is_some_and(|word| word <= COLUMNS_MAX / 2) {
            findings.push(Finding::at(
                path,
                index,
                format!("{columns} columns, 100 at most"),
            ));
        }
    }
    findings
}

/// A function that is too long.
#[derive(Debug, PartialEq, Eq)]
struct Function<'t> {
    name: &'t str,
    index: usize,
    lines: usize,
}

/// The functions of `text` that are too long.
fn long_functions(text: &str) -> Vec<Function<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let indent = &line[..line.len() - line.trim_start().len()];
        let closing = format!("{indent}}}");
        let bodiless = format!("{indent}) ");
        let end = lines[index..].iter().position(|line| {
            *line == closing || (line.starts_with(&bodiless) && line.ends_with(';'))
        });
        // A function without a closing line of its own is a single line, or has no body.
        if line.ends_with(['}', ';']) {
            continue;
        }
        let length = end.map_or(1, |end| end + 1);
        if length > FUNCTION_LINES_MAX {
            found.push(Function {
                name,
                index,
                lines: length,
            });
        }
    }
    found
}

/// The name of the function that begins in `line`.
fn function_name(line: &str) -> Option<&str> {
    let words = line.trim_start();
    let (before, rest) = words.split_once("fn ")?;
    let modifiers = [
        "pub",
        "pub(crate)",
        "pub(super)",
        "const",
        "async",
        "unsafe",
        "extern",
    ];
    let only_modifiers = before
        .split_whitespace()
        .all(|word| modifiers.contains(&word) || word.starts_with("pub("));
    let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
    (only_modifiers && end > 0).then(|| &rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(lines: usize) -> String {
        let body = "        step();\n".repeat(lines - 2);
        format!("//! A file for the test.\nimpl A {{\n    pub fn run(&self) {{\n{body}    }}\n}}\n")
    }

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .into_iter()
            .map(|finding| finding.to_string())
            .collect()
    }

    #[test]
    fn a_function_of_seventy_lines_is_short_enough() {
        assert!(messages(&[("a.rs", &function(70))]).is_empty());
        assert_eq!(
            messages(&[("a.rs", &function(71))]),
            ["a.rs:3: fn run: 71 lines, 70 at most"]
        );
    }

    #[test]
    fn a_function_in_a_comment_or_without_a_body_is_none() {
        let text = "// fn is a word\nfn a(&self);\nfn b(\n    x: u8,\n) -> u8;\nlet f = fn_of();\n";
        assert!(long_functions(text).is_empty());
        assert_eq!(
            function_name("    pub(crate) const fn of(x: u8) {"),
            Some("of")
        );
        assert_eq!(function_name("let f: fn (u8) = g;"), None);
    }

    #[test]
    fn an_exception_excuses_exactly_its_size() {
        let text = function(80);
        let with = |list: &str| messages(&[("a.rs", text.as_str()), (EXCEPTIONS, list)]);
        assert!(with("# why\na.rs fn run 80\n").is_empty());
        assert_eq!(
            with("a.rs fn run 79\n"),
            ["xtask/tidy-sizes.txt:1: a.rs fn run has grown from 79 to 80"]
        );
        assert_eq!(
            with("a.rs fn run 90\n"),
            ["xtask/tidy-sizes.txt:1: a.rs fn run has shrunk: lower its number to 80"]
        );
        assert_eq!(
            with("a.rs fn run 80\nb.rs 500\n"),
            ["xtask/tidy-sizes.txt:2: b.rs is small enough now: remove the entry"]
        );
    }

    #[test]
    fn long_files_and_wide_lines_are_found() {
        let long = "//! A file.\n".repeat(401);
        let wide = format!("// {}\n// {}\n", "word ".repeat(22), "w".repeat(120));
        let found = messages(&[("a.rs", &long), ("b.js", &wide)]);
        assert_eq!(
            found,
            [
                "b.js:1: 113 columns, 100 at most",
                "a.rs: 401 lines, 400 at most: split it by ideas",
            ]
        );
    }
}
