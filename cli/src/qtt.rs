//! `headwater qtt`: query validation files, and whether what they expect comes out.

use crate::{End, QttArguments};
use headwater_qtt::{CaseReport, Status, files, report, run_file};
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the files of a folder, one after the other.
pub(crate) fn qtt(arguments: &QttArguments) -> End {
    let folder = &arguments.folder;
    let paths = match files(folder) {
        Ok(paths) => paths,
        Err(error) => return unusable(&error),
    };
    let mut all: Vec<CaseReport> = Vec::new();
    for path in paths {
        match run_file(folder, &path, arguments.filter.as_deref()) {
            Ok(cases) => {
                tell(&cases, arguments.verbose);
                all.extend(cases);
            }
            Err(error) => return unusable(&error),
        }
    }
    if let Some(path) = &arguments.report
        && let Err(error) = std::fs::write(path, report(&all))
    {
        return unusable(&format!("{}: cannot be written: {error}", path.display()));
    }
    if let Some(path) = &arguments.tiers {
        match std::fs::read_to_string(path) {
            Ok(table) => tiers(&table, &all),
            Err(error) => {
                return unusable(&format!("{}: cannot be read: {error}", path.display()));
            }
        }
    }
    let of = |status: Status| all.iter().filter(|case| case.status == status).count();
    let (passed, failed, skipped) = (of(Status::Passed), of(Status::Failed), of(Status::Skipped));
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    match failed {
        0 => End::Success,
        _ => End::Failed,
    }
}

fn unusable(error: &dyn std::fmt::Display) -> End {
    eprintln!("error: {error}");
    End::BadUsage
}

/// A line for a file's cases, after a line for each that failed if that is wanted.
fn tell(cases: &[CaseReport], verbose: bool) {
    let Some(first) = cases.first() else {
        return;
    };
    let of = |status: Status| cases.iter().filter(move |case| case.status == status);
    if verbose {
        for case in of(Status::Failed) {
            println!(
                "FAILED {}\n  {}",
                case.title,
                case.message.replace('\n', "\n  ")
            );
        }
    }
    let failed = of(Status::Failed).count();
    let word = if failed == 0 { "ok" } else { "FAILED" };
    let skipped = match of(Status::Skipped).count() {
        0 => String::new(),
        count => format!(", {count} skipped"),
    };
    let passed = of(Status::Passed).count();
    println!(
        "{word} {}: {passed} of {}{skipped}",
        first.file,
        cases.len()
    );
}

/// What has passed by tier. The table has a line a case: file, name, format and configuration in
/// the first four columns, `-` for none, and the tier in the tenth.
fn tiers(table: &str, all: &[CaseReport]) {
    let mut statuses: BTreeMap<[String; 4], Status> = BTreeMap::new();
    for case in all {
        let file = Path::new(&case.file).file_name().unwrap_or_default();
        let or_dash = |part: &Option<String>| part.clone().unwrap_or_else(|| "-".to_owned());
        let name = case.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let file = file.to_string_lossy().into_owned();
        let key = [file, name, or_dash(&case.format), or_dash(&case.config)];
        statuses.insert(key, case.status);
    }
    let mut sums: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [file, name, format, config, .., tier] = cells.as_slice() else {
            continue;
        };
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = [
            (*file).to_owned(),
            name,
            (*format).to_owned(),
            (*config).to_owned(),
        ];
        let Some(status) = statuses.get(&key) else {
            continue;
        };
        let (passed, of) = sums.entry(tier).or_default();
        *of += 1;
        *passed += u32::from(*status == Status::Passed);
    }
    for (tier, (passed, of)) in sums {
        let rate = f64::from(passed) * 100.0 / f64::from(of);
        println!("{tier}: {passed} of {of}, {rate:.1} %");
    }
}
