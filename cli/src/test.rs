//! `headwater test`: lessons, and whether what they expect is true.

use crate::source::{Unusable, lesson};
use crate::{End, TestArguments, report};
use headwater_core::lesson::Lesson;
use headwater_core::lesson::exam::{Exam, examine};
use std::io;
use std::path::{Path, PathBuf};

/// What became of all lessons.
#[derive(Debug, Default)]
struct Sum {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Tests lessons, one after the other.
pub(crate) fn test(arguments: &TestArguments) -> End {
    let mut files = Vec::new();
    for path in &arguments.paths {
        if let Err(error) = collect(path, &mut files) {
            eprintln!("error: {}: cannot be read: {error}", path.display());
            return End::BadUsage;
        }
    }
    let mut sum = Sum::default();
    for path in &files {
        match lesson(path) {
            Ok(lesson) => test_lesson(path, &lesson, arguments.update, &mut sum),
            Err(Unusable::Usage(message)) => {
                eprintln!("error: {message}");
                return End::BadUsage;
            }
            Err(Unusable::Malformed(text, found)) => {
                for found in &found {
                    println!("{}", report::finding(path, &text, found));
                }
                sum.failed += 1;
            }
        }
    }
    println!(
        "{} passed, {} failed, {} skipped",
        sum.passed, sum.failed, sum.skipped
    );
    match sum.failed {
        0 => End::Success,
        _ => End::Failed,
    }
}

fn test_lesson(path: &Path, lesson: &Lesson, update: bool, sum: &mut Sum) {
    let mut exam = examine(lesson, None);
    if update
        && exam
            .failed
            .iter()
            .any(|mismatch| mismatch.instead.is_some())
    {
        match rewrite(path, lesson, &exam) {
            Ok(rewritten) => {
                println!("{}: updated", path.display());
                exam = examine(&rewritten, None);
                return tell(path, &rewritten, &exam, sum);
            }
            Err(error) => println!("{}: cannot be written: {error}", path.display()),
        }
    }
    tell(path, lesson, &exam, sum);
}

fn tell(path: &Path, lesson: &Lesson, exam: &Exam, sum: &mut Sum) {
    for mismatch in &exam.failed {
        println!("{}", report::finding(path, &lesson.text, &mismatch.found));
    }
    let word = match exam.failed.is_empty() {
        true => "ok",
        false => "FAILED",
    };
    let all = exam.passed + exam.failed.len() as u64 + exam.skipped;
    println!("{word} {}: {} of {all}", path.display(), exam.passed);
    sum.passed += exam.passed;
    sum.failed += exam.failed.len() as u64;
    sum.skipped += exam.skipped;
}

/// Puts what is true into the lesson's tables.
fn rewrite(path: &Path, lesson: &Lesson, exam: &Exam) -> io::Result<Lesson> {
    let mut text = lesson.text.clone();
    for mismatch in exam.failed.iter().rev() {
        if let Some((table, span)) = &mismatch.instead {
            let range = span.start as usize..span.end as usize;
            text.replace_range(range, &table.to_string());
        }
    }
    let rewritten = Lesson::parse(&text)
        .map_err(|found| io::Error::other(format!("it would be malformed: {found:?}")))?;
    std::fs::write(path, text)?;
    Ok(rewritten)
}

/// The lessons at a path: the file itself, or all Markdown files of a folder, by name.
fn collect(path: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    if !path.is_dir() {
        path.metadata()?;
        files.push(path.to_owned());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    for entry in entries {
        let is_lesson = entry
            .extension()
            .is_some_and(|it| it.eq_ignore_ascii_case("md"));
        if entry.is_dir() || is_lesson {
            collect(&entry, files)?;
        }
    }
    Ok(())
}
