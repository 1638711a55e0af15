//! `headwater run`: a file from top to bottom on an empty laboratory.

use crate::output::Output;
use crate::shell::offer_text;
use crate::source::{Source, Unusable};
use crate::trace::TraceFile;
use crate::{End, RunArguments, picture, report};
use headwater_base::{Diagnostic, LineIndex, Millis};
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::lesson::expect::Wanted;
use headwater_core::lesson::player::{Item, Player, What};
use headwater_core::observe::offers::offers;

/// Virtual time between two prints of the tables of push queries.
const PRINT_INTERVAL: Millis = Millis::seconds(10);

/// Runs a file.
pub(crate) fn run(arguments: &RunArguments) -> End {
    let mut output = Output::new(arguments.format);
    let source = match Source::read(&arguments.file) {
        Ok(source) => source,
        Err(Unusable::Usage(message)) => {
            eprintln!("error: {message}");
            return End::BadUsage;
        }
        Err(Unusable::Malformed(text, found)) => {
            for found in &found {
                refuse(&mut output, 0, &text, found);
                eprintln!("{}", report::finding(&arguments.file, &text, found));
            }
            output.flush();
            return End::Failed;
        }
    };
    let trace = match TraceFile::create(arguments.trace.as_deref()) {
        Ok(trace) => trace,
        Err(error) => return unwritable(arguments.trace.as_deref(), &error),
    };
    let seed = arguments.seed.or(source.seed).unwrap_or_default();
    let mut player = Player::new(Lab::new(LabConfig { seed }), trace);
    let mut end = play(&source, &mut player, &mut output);
    if end == End::Success {
        grow(
            arguments.length.unwrap_or_default(),
            &mut player,
            &mut output,
        );
    }
    output.flush();
    let (lab, trace) = player.into_parts();
    if let Err(error) = trace.finish() {
        end = unwritable(arguments.trace.as_deref(), &error);
    }
    if let (End::Success, Some(path)) = (end, &arguments.picture) {
        let drawn = picture::draw(&lab, arguments.at);
        if let Err(error) = std::fs::write(path, drawn) {
            end = unwritable(Some(path), &error);
        }
    }
    end
}

/// Plays everything that a file says, up to the first refusal that it does not expect.
fn play(source: &Source, player: &mut Player<TraceFile>, output: &mut Output) -> End {
    let mut refused_part = None;
    for (at, item) in source.items.iter().enumerate() {
        if refused_part == Some(item.part) {
            continue;
        }
        let offered = offers(player.lab().world());
        let played = player.play(item, &mut |told| output.told(told));
        for offer in offers(player.lab().world()) {
            if !offered.contains(&offer) {
                output.note(&offer_text(&offer));
            }
        }
        output.flush();
        if output.is_broken() {
            return End::Failed;
        }
        if let Err(found) = played {
            refuse(output, item.number, &source.text, &found);
            eprintln!("{}", source.finding(&found));
            if !is_expected(&source.items[at..]) {
                return End::Failed;
            }
            refused_part = Some(item.part);
        }
    }
    End::Success
}

/// Whether the block of the first item is followed by an `expect error` block.
fn is_expected(rest: &[Item]) -> bool {
    let next = rest.iter().find(|item| item.part != rest[0].part);
    next.is_some_and(|item| match &item.what {
        What::Expect(expectation) => matches!(expectation.wanted, Wanted::Error(_)),
        What::Sql(_) | What::Line(_) => false,
    })
}

/// Lets time pass at the end, and prints rows of push queries on the way.
fn grow(length: Millis, player: &mut Player<TraceFile>, output: &mut Output) {
    let until = player.lab().world().now() + length;
    while player.lab().world().now() < until && !output.is_broken() {
        let next = (player.lab().world().now() + PRINT_INTERVAL).min(until);
        player.advance_to(next, &mut |told| output.told(told));
        output.flush();
    }
}

fn refuse(output: &mut Output, number: u64, text: &str, found: &Diagnostic) {
    let place = LineIndex::new(text).place(text, found.span.unwrap_or_default().start);
    output.refused(number, &found.message, place.line, place.column);
}

fn unwritable(path: Option<&std::path::Path>, error: &std::io::Error) -> End {
    let path = path
        .map(|path| path.display().to_string())
        .unwrap_or_default();
    eprintln!("error: {path}: cannot be written: {error}");
    End::BadUsage
}
