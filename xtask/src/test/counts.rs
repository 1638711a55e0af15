//! How many passed, failed and were skipped, read from what test runners print.

use std::fmt;
use std::ops::Add;

/// The outcome of one suite or of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// What passed.
    pub(crate) passed: u64,
    /// What failed.
    pub(crate) failed: u64,
    /// What was left out.
    pub(crate) skipped: u64,
}

impl Counts {
    /// The outcome of a check that counts as one test.
    pub(crate) fn of_check(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            skipped: 0,
        }
    }

    /// The same, where the runner failed: it may have failed before it could count, as when a
    /// test does not compile.
    pub(crate) fn at_least_one_failed(self) -> Self {
        Self {
            failed: self.failed.max(1),
            ..self
        }
    }

    /// The sum of the closing lines that Rust's test runners print, native or in wasm:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; …`.
    pub(crate) fn of_rust_tests(output: &str) -> Self {
        let closing = output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("test result:"));
        closing.fold(Self::default(), |total, line| {
            total
                + Self {
                    passed: number_before(line, "passed"),
                    failed: number_before(line, "failed"),
                    skipped: number_before(line, "ignored"),
                }
        })
    }

    /// The last line of the form `3 passed, 0 failed, 1 skipped`, if there is one.
    pub(crate) fn of_closing_line(output: &str) -> Option<Self> {
        output.lines().rev().find_map(|line| {
            let counts = Self {
                passed: number_before(line, "passed"),
                failed: number_before(line, "failed"),
                skipped: number_before(line, "skipped"),
            };
            (line.trim() == counts.to_string()).then_some(counts)
        })
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            passed,
            failed,
            skipped,
        } = self;
        write!(
            formatter,
            "{passed} passed, {failed} failed, {skipped} skipped"
        )
    }
}

/// The number that stands before `word` in `line`, or 0.
fn number_before(line: &str, word: &str) -> u64 {
    let words: Vec<&str> = line
        .split([' ', ';', ','])
        .filter(|part| !part.is_empty())
        .collect();
    let pair = words.windows(2).find(|pair| pair[1] == word);
    pair.and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_of_all_test_programs_are_summed() {
        let output = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test a ... FAILED\n\
            test result: FAILED. 4 passed; 1 failed; 3 ignored; 0 measured; finished in 0.1s\n";
        let counts = Counts::of_rust_tests(output);
        assert_eq!(
            counts,
            Counts {
                passed: 6,
                failed: 1,
                skipped: 3
            }
        );
    }

    #[test]
    fn the_last_closing_line_counts() {
        let output = "1 passed, 0 failed, 0 skipped\nmore\n7 passed, 1 failed, 2 skipped\n\n";
        let counts = Counts::of_closing_line(output);
        assert_eq!(
            counts,
            Some(Counts {
                passed: 7,
                failed: 1,
                skipped: 2
            })
        );
        assert_eq!(
            Counts::of_closing_line("it was 7 passed, 1 failed, 2 skipped"),
            None
        );
    }

    #[test]
    fn a_runner_that_fails_uncounted_counts_as_one() {
        assert_eq!(
            Counts::default().at_least_one_failed(),
            Counts::of_check(false)
        );
        let two = Counts {
            passed: 1,
            failed: 2,
            skipped: 0,
        };
        assert_eq!(two.at_least_one_failed(), two);
    }
}
