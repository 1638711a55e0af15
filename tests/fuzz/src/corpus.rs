//! Where inputs begin: the statements, expressions, records, commands and lessons of the
//! project's own pages. A target whose inputs begin with choices gets these in front.

use crate::formats::CODECS;
use std::path::{Path, PathBuf};

/// The first inputs of a target, always in the same order.
///
/// # Panics
/// Where the project's pages cannot be read.
///
/// ```
/// let seeds = headwater_fuzz_targets::corpus::seeds("commands");
/// assert!(seeds.iter().any(|seed| seed.starts_with(b"topic create")));
/// ```
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    let texts = match target {
        "parser" | "printer" => statements(),
        "expressions" => expressions(),
        "scripts" => scripts(),
        "json" => JSON
            .iter()
            .map(|text| (*text).to_owned())
            .chain(records())
            .collect(),
        "commands" => lines("static/lessons", "lab")
            .chain(lines("docs", "lab"))
            .collect(),
        "lessons" => lessons(),
        _ => return records_of_formats(),
    };
    texts.into_iter().map(String::into_bytes).collect()
}

fn path(below_root: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(below_root)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The Markdown pages in a folder, sorted by name.
fn pages(folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(path(folder)).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_page = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    let mut paths: Vec<PathBuf> = paths.filter(is_page).collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

/// What stands in the blocks of a language.
fn blocks(folder: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    for page in pages(folder) {
        let mut lines = page.lines();
        while let Some(line) = lines.next() {
            let Some(word) = line.strip_prefix("```").filter(|word| !word.is_empty()) else {
                continue;
            };
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            if word.split_whitespace().next() == Some(language) {
                found.push(body.join("\n"));
            }
        }
    }
    found
}

/// Each line of the blocks of a language.
fn lines(folder: &str, language: &str) -> impl Iterator<Item = String> + use<> {
    let blocks = blocks(folder, language);
    blocks
        .into_iter()
        .flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>())
}

fn statements() -> Vec<String> {
    let mut found = blocks("core/sql/tests/scripts", "sql");
    found.extend(blocks("static/lessons", "sql"));
    for samples in ["ok.sql", "err.sql"] {
        let text = read(&path("core/syntax/tests/samples").join(samples));
        found.extend(text.lines().map(str::to_owned));
    }
    found.extend(expressions());
    found
}

fn expressions() -> Vec<String> {
    let folder = "core/sql/tests/functions";
    let lines = ["eval", "rows", "types"]
        .into_iter()
        .flat_map(|kind| lines(folder, kind));
    let question = |line: String| line.split(" -> ").next().unwrap_or_default().to_owned();
    lines.map(question).collect()
}

/// The pages' statements, and a few over the sources that are there.
fn scripts() -> Vec<String> {
    let mut found: Vec<String> = SCRIPTS.iter().map(|text| (*text).to_owned()).collect();
    found.extend(blocks("core/sql/tests/scripts", "sql"));
    found
}

/// The values of the records of the pages' scripts.
fn records() -> impl Iterator<Item = String> {
    let lines = lines("core/sql/tests/scripts", "in");
    lines.filter_map(|line| Some(line.split(" | ").nth(1)?.trim().to_owned()))
}

fn lessons() -> Vec<String> {
    let mut found = pages("static/lessons");
    found.push(read(&path("docs/lesson-format.md")));
    found.extend(LESSONS.iter().map(|text| (*text).to_owned()));
    found
}

/// Every record for every codec, some columns wanted.
fn records_of_formats() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for codec in 0..CODECS {
        let texts = if (17..=24).contains(&codec) {
            FIELDS
        } else {
            JSON
        };
        for text in texts {
            found.push([&[codec, 0b0101_1010], text.as_bytes()].concat());
        }
    }
    found
}

const JSON: &[&str] = &[
    r#"{"S": "a\u00e9\n", "B": true, "I": 1, "l": -9000000000, "D": 1.5e3, "M": 12.34}"#,
    r#"{"S":"x","B":false,"I":"7","l":"8","D":"NaN","M":"1.5","Y":"AP8=","T":5,"E":6,"W":7}"#,
    r#"{"s": [1, "b", null], "i": 2.9, "d": 1, "m": 5, "y": "", "t": -1, "e": 0, "w": 9e3}"#,
    r#"{"A": [[1, 2], null, []], "O": {"a": 1.5, "b": null}, "R": {"S": "y", "I": 3}}"#,
    r#"{"R": {"s": {"x" : [1, true]}, "M": "0.10", "D": -0.0}, "z": {"k": ["]", {}]}}"#,
    r#"{"I": 1, "i": 2, "I": 3, "S": 1.50, "S": 1e2}"#,
    r#""text""#,
    "true",
    "-12.5e+3",
    "[[1],[2,null]]",
    r#"{"a":1,"b":2.5}"#,
    "null",
    "",
    "{}",
];

const FIELDS: &[&str] = &[
    "a,true,1,2,3.5,4.25,AP8=,5,6,7",
    "\"a \"\"b\"\", c\", false , -1 ,,NaN,-0.10,,-5,-6,-7",
    "a|true|1|2|3.5|4.25|AP8=|5|6|7",
    "\u{0}\u{0}\u{0}\u{7}",
    "\u{40}\u{9}\u{1e}\u{0}\u{0}\u{0}\u{0}\u{0}",
    "text",
    "",
];

const SCRIPTS: &[&str] = &[
    "CREATE STREAM o AS SELECT k, v + 1 AS w, UCASE(t) AS u FROM s WHERE v > 0;",
    "CREATE TABLE c AS SELECT k, COUNT(*) AS n, SUM(d) AS x FROM s GROUP BY k;",
    "CREATE TABLE c AS SELECT v, COUNT(*) AS n FROM s \
     WINDOW TUMBLING (SIZE 1 SECOND) GROUP BY v EMIT CHANGES;",
    "CREATE STREAM j AS SELECT s.k, s.t, t.n FROM s LEFT JOIN t ON s.t = t.id;",
    "CREATE STREAM p AS SELECT * FROM s PARTITION BY t;",
    "SELECT *, ROWTIME, r->x, a[1], o['a'] FROM s EMIT CHANGES;",
    "CREATE TABLE q AS SELECT id, v * 2 AS w FROM t WHERE n LIKE 'x%';",
    "SELECT EXPLODE(a) AS e, CASE WHEN m > 1 THEN 'm' ELSE CAST(w AS STRING) END FROM s \
     EMIT CHANGES;",
    "INSERT INTO s (k, v, t, a) VALUES (1, 2, 'x', ARRAY[1, 2]); DESCRIBE s EXTENDED;",
    "DEFINE x = 's'; SET 'auto.offset.reset' = 'latest'; SELECT * FROM ${x} EMIT CHANGES;",
];

const LESSONS: &[&str] = &[
    "# T\n\n```lab\nseed 7\ntopic create a partitions=2\nproduce a key=k value=v\nrun 1s\n```\n",
    "```sql\nSHOW TOPICS;\n```\n\n```expect rows of S\nA | B\n1 | 2\n```\n",
    "- *a* `b` [c](https://example.org) <i>x</i>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
];
