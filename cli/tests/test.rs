//! `headwater test`: what is true passes, what is not is told with its place and what is true.

mod common;

use common::{folder, headwater_in};

const TRUE: &str = "\
# A

```lab
topic create a
produce a key=1 value=x
```

```expect records topic=a
| KEY | VALUE |
|-----|-------|
| 1   | x     |
```
";

#[test]
fn true_lessons_pass_and_are_counted() {
    let folder = folder(&[("a.md", TRUE), ("b.md", TRUE), ("c.txt", "no lesson")]);
    let run = headwater_in(folder.path(), &["test", "."]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let expected = "ok ./a.md: 1 of 1\nok ./b.md: 1 of 1\n2 passed, 0 failed, 0 skipped\n";
    assert_eq!(run.stdout, expected);
}

#[test]
fn what_is_not_true_is_told_with_its_place_and_mended_on_demand() {
    let wrong = TRUE.replace("| 1   | x     |", "| 2   | x     |");
    let folder = folder(&[("a.md", &wrong)]);
    let run = headwater_in(folder.path(), &["test", "a.md"]);
    assert_eq!(run.code, 1);
    let expected = "a.md:9:1: Expected the row | 2 | x |, found | 1 | x |.\n";
    assert!(run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(
        run.stdout.ends_with("\n0 passed, 1 failed, 0 skipped\n"),
        "{}",
        run.stdout
    );
    let run = headwater_in(folder.path(), &["test", "a.md", "--update"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    let mended = std::fs::read_to_string(folder.path().join("a.md")).expect("it is there");
    assert_eq!(mended, TRUE);
}

#[test]
fn after_a_refusal_that_nobody_expects_the_rest_is_skipped() {
    let text = format!("```lab\ntopic delete nowhere\n```\n{TRUE}");
    let folder = folder(&[("a.md", &text)]);
    let run = headwater_in(folder.path(), &["test", "a.md"]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("a.md:2:1: "), "{}", run.stdout);
    assert!(
        run.stdout.ends_with("\n0 passed, 1 failed, 1 skipped\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn malformed_blocks_fail_with_every_place() {
    let folder = folder(&[("a.md", "```lab\ntopci\nrun fast\n```\n")]);
    let run = headwater_in(folder.path(), &["test", "a.md"]);
    assert_eq!(run.code, 1);
    let expected = "\
a.md:2:1: There is no command topci.
  help: Did you mean topic?
  help: Possible: broker, cluster, consumer, group, node, page, produce, producer, \
query, run, seed, sql, topic.
a.md:3:5: fast is not possible: a length of time such as 10s, 750ms or 1m is.
0 passed, 1 failed, 0 skipped
";
    assert_eq!(run.stdout, expected);
}
