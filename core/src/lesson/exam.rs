//! Plays a lesson headless and looks at everything that it expects.

use super::check::{Mismatch, check};
use super::expect::{Expectation, Wanted};
use super::player::{Item, Player, What, items};
use super::{Lesson, Part};
use crate::command::amount::duration_text;
use crate::lab::{Lab, LabConfig};
use headwater_base::{Diagnostic, Fault, Millis, NoTrace, Span, VirtualTime};

/// What became of a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exam {
    /// Expectations that are true.
    pub passed: u64,
    /// Expectations that are not, and statements that were refused against expectation.
    pub failed: Vec<Mismatch>,
    /// Expectations that were not looked at, because a statement before them was refused.
    pub skipped: u64,
}

/// Why a block was refused, and which.
struct Refused {
    found: Diagnostic,
    part: usize,
}

/// Plays a lesson on an empty laboratory and looks at everything that it expects.
///
/// ```
/// use headwater_core::lesson::{Lesson, exam};
/// let text = "```lab\ntopic create a\nproduce a key=1 value=x\n```\n\
///             ```expect records topic=a\n| KEY | VALUE |\n| 1 | x |\n```\n";
/// let lesson = Lesson::parse(text).unwrap();
/// let exam = exam::examine(&lesson, None);
/// assert_eq!((exam.passed, exam.failed.len(), exam.skipped), (1, 0, 0));
/// ```
pub fn examine(lesson: &Lesson, seed: Option<u64>) -> Exam {
    let seed = seed.or(lesson.seed).unwrap_or_default();
    let mut examiner = Examiner {
        lesson,
        player: Player::new(Lab::new(LabConfig { seed }), NoTrace),
        exam: Exam::default(),
        refused: None,
        is_over: false,
    };
    for item in items(lesson) {
        match &item.what {
            What::Expect(expectation) => examiner.expect(expectation),
            _ => examiner.play(&item),
        }
    }
    examiner.end_refusal();
    examiner.exam
}

struct Examiner<'a> {
    lesson: &'a Lesson,
    player: Player<NoTrace>,
    exam: Exam,
    /// A refusal that nobody has expected yet.
    refused: Option<Refused>,
    /// Whether a refusal was not expected, so that nothing after it means anything.
    is_over: bool,
}

impl Examiner<'_> {
    fn play(&mut self, item: &Item) {
        // The rest of a block that was refused is not run.
        if self
            .refused
            .as_ref()
            .is_some_and(|refused| refused.part != item.part)
        {
            self.end_refusal();
        }
        if self.is_over || self.refused.is_some() {
            return;
        }
        if let Err(found) = self.player.play(item, &mut |_| {}) {
            let part = item.part;
            self.refused = Some(Refused { found, part });
        }
    }

    /// Nobody expected the refusal, if there is one: it fails the lesson.
    fn end_refusal(&mut self) {
        if let Some(refused) = self.refused.take() {
            self.is_over = true;
            self.exam.failed.push(Mismatch {
                found: refused.found,
                instead: None,
            });
        }
    }

    fn expect(&mut self, expectation: &Expectation) {
        if !matches!(expectation.wanted, Wanted::Error(_)) {
            self.end_refusal();
        }
        if self.is_over {
            self.exam.skipped += 1;
            return;
        }
        let refused = self.refused.take();
        let block = |refused: &Refused| match &self.lesson.parts[refused.part] {
            Part::Sql(block) => block.span,
            Part::Lab(block) => block.span,
            Part::Prose(_) | Part::Expect(_) => Span::default(),
        };
        let found = refused
            .as_ref()
            .map(|refused| (&refused.found, block(refused)));
        let held = grow(&mut self.player, expectation)
            .and_then(|()| check(&self.player, self.lesson, expectation, found));
        match held {
            Ok(()) => self.exam.passed += 1,
            Err(mismatch) => self.exam.failed.push(*mismatch),
        }
    }
}

/// Lets the laboratory grow as old as an expectation says.
fn grow(player: &mut Player<NoTrace>, expectation: &Expectation) -> Result<(), Box<Mismatch>> {
    let Some(at) = expectation.at else {
        return Ok(());
    };
    let age = player.lab().world().now().since_start();
    if age > at {
        let message = format!(
            "The laboratory is {} old here, so at={} is past.",
            duration_text(age),
            duration_text(at)
        );
        let found = Diagnostic::error(Fault::Yours, "past", message).at(expectation.fence);
        return Err(Box::new(Mismatch {
            found: found.hint("Expectations with at= come in the order of time."),
            instead: None,
        }));
    }
    player.advance_to(VirtualTime::START + Millis(at.0), &mut |_| {});
    Ok(())
}
