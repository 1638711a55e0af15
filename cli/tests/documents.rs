//! Documents say what the program does: the list of commands is the program's own, and every block
//! of the lessons' format runs.

mod common;

use common::{headwater, root};
use expect_test::expect_file;
use headwater_core::command::help;

/// Everything after this line of the document is made.
const MARK: &str = "UPDATE_EXPECT=1 cargo test -p headwater-cli writes it anew. -->\n\n";

#[test]
fn the_list_of_commands_is_the_programs_own() {
    let path = root().join("docs/commands.md");
    let text = std::fs::read_to_string(&path).expect("the document can be read");
    let (before, _) = text.split_once(MARK).expect("the document has the mark");
    let (generators, commands) = (help::generators_markdown(), help::markdown());
    let made = format!("{generators}\n## All commands\n\n{commands}");
    expect_file![path].assert_eq(&format!("{before}{MARK}{made}"));
}

#[test]
fn every_example_of_the_format_is_true() {
    let run = headwater(&["test", "docs/lesson-format.md"]);
    assert!(
        run.stdout.ends_with(" 0 failed, 0 skipped\n"),
        "{}",
        run.stdout
    );
    assert_eq!(run.code, 0);
}

#[test]
fn every_lesson_is_true() {
    let lessons = std::fs::read_dir(root().join("static/lessons")).expect("there are lessons");
    let names = lessons.map(|it| it.expect("a lesson").file_name());
    let mut names: Vec<String> = names.map(|it| it.to_string_lossy().into_owned()).collect();
    names.sort();
    for name in names {
        let run = headwater(&["test", &format!("static/lessons/{name}")]);
        let is_true = run.stdout.ends_with(" 0 failed, 0 skipped\n");
        assert!(is_true && run.code == 0, "{name}: {}", run.stdout);
    }
}

#[test]
fn the_help_lists_every_lab_command() {
    let run = headwater(&["run", "--help"]);
    for form in headwater_core::command::table::FORMS {
        assert!(run.stdout.contains(&form.usage()), "{}", form.usage());
    }
}
