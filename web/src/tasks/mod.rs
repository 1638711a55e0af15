//! Writing: everything that a component may do to the lab. Each task asks the engine and puts the
//! answer into the state; none touches the document.

pub mod forms;
pub mod keep;
pub mod recover;
pub mod time;

use crate::client::journal::AGE_MILLIS;
use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::queries::script;
use crate::ui::{Note, Ran, Stage, Tab};
use headwater_base::time::EPOCH_MILLIS;
use headwater_base::{Fault, QueryId, RecordId};
use headwater_view::{Completion, Help, PlacedDiagnostic, Reply, Request, StatementOutcome};

/// Opens `lesson` and lets time move.
pub fn open(lab: &Lab, lesson: &str) {
    let request = Request::Open {
        lesson: lesson.to_owned(),
        seed: None,
        age_ms: AGE_MILLIS,
    };
    lab.ask(request, |lab, reply| {
        opened(lab, reply);
        time::play(lab);
    });
}

/// Shows an opened lesson, or why it could not be opened.
pub(crate) fn opened(lab: &Lab, reply: Reply) {
    match reply {
        Reply::Opened(lesson) => {
            if let Some(problem) = lesson.problems.first() {
                pin(lab, problem);
            }
            lab.choose(|ui| {
                ui.stage = Stage::Open;
                ui.lesson = PtrEq::new(Some(lesson));
            });
        }
        Reply::Refused(problem) => pin(lab, &problem),
        _ => {}
    }
}

/// Runs `text` against the lab as it is. `editor_offset` says where it stands in the editor.
pub fn run(lab: &Lab, text: &str, editor_offset: Option<u32>) {
    run_then(lab, text, editor_offset, |_| {});
}

/// The same, and calls `then` with the outcomes.
pub fn run_then(
    lab: &Lab,
    text: &str,
    editor_offset: Option<u32>,
    then: impl FnOnce(&[StatementOutcome]) + 'static,
) {
    let request = Request::Execute {
        text: text.to_owned(),
    };
    let text = text.to_owned();
    lab.ask(request.clone(), move |lab, reply| {
        ran(lab, &request, reply, text, editor_offset);
        let ran = lab.read(|state| state.ui.ran.clone());
        then(ran.as_ref().map_or(&[], |ran| &ran.outcomes));
    });
}

/// Runs the statement at byte `cursor` of the editor's `text`, if there is one.
pub fn run_at(lab: &Lab, text: String, cursor: u32) {
    let request = Request::StatementAt {
        text: script::sql_only(&text),
        cursor,
    };
    lab.ask(request, move |lab, reply| match reply {
        Reply::Statement(Some(range)) => run(lab, range.of(&text), Some(range.start)),
        reply => refused(lab, &reply),
    });
}

/// Runs one lab command. `editor_offset` says where it stands in the editor.
pub fn command(lab: &Lab, text: &str, editor_offset: Option<u32>) {
    command_then(lab, text, editor_offset, |_| {});
}

/// The same, and calls `then` with the outcome; a new seed has none.
pub fn command_then(
    lab: &Lab,
    text: &str,
    editor_offset: Option<u32>,
    then: impl FnOnce(&[StatementOutcome]) + 'static,
) {
    let request = Request::Command {
        text: text.to_owned(),
    };
    let text = text.to_owned();
    lab.ask(request.clone(), move |lab, reply| {
        if matches!(reply, Reply::Opened(_)) {
            begun_again(lab, &request, reply);
            return then(&[]);
        }
        ran(lab, &request, reply, text, editor_offset);
        let ran = lab.read(|state| state.ui.ran.clone());
        then(ran.as_ref().map_or(&[], |ran| &ran.outcomes));
    });
}

/// What can be written at a cursor of the editor, which counts bytes.
pub fn complete(lab: &Lab, text: &str, cursor: u32, then: impl FnOnce(Vec<Completion>) + 'static) {
    let request = Request::Complete {
        text: text.to_owned(),
        cursor,
    };
    lab.ask(request, |_, reply| {
        then(match reply {
            Reply::Completions(found) => found,
            _ => Vec::new(),
        });
    });
}

/// Help on a function, a property or a lab command.
pub fn help(lab: &Lab, name: &str, then: impl FnOnce(Option<Help>) + 'static) {
    let request = Request::Help {
        name: name.to_owned(),
    };
    lab.ask(request, |_, reply| {
        then(match reply {
            Reply::Help(found) => found.map(|it| *it),
            _ => None,
        });
    });
}

/// Begins again with the same seed and `text`, and runs to the present moment.
pub fn restart(lab: &Lab, text: &str) {
    // What the script's lab commands did is repeated from the run, at its own time.
    let text = script::sql_only(text);
    let request = Request::Restart { text: text.clone() };
    lab.drawing(|drawing| drawing.settle());
    lab.ask(request.clone(), move |lab, reply| {
        lab.change(|state| state.ui.result = None);
        ran(lab, &request, reply, text, Some(0));
    });
}

/// Back to the lesson's start.
pub fn reset(lab: &Lab) {
    lab.ask(Request::Reset, |lab, reply| {
        begun_again(lab, &Request::Reset, reply)
    });
}

/// The lesson was begun again: nothing that was chosen in it is there any more.
fn begun_again(lab: &Lab, request: &Request, reply: Reply) {
    note(lab, request);
    lab.change(|state| {
        let ui = &mut state.ui;
        ui.ran = PtrEq::default();
        ui.result = None;
        ui.selected = None;
        ui.detail = PtrEq::default();
        ui.trail.clear();
        ui.note = PtrEq::default();
        state.model.furthest_ms = 0;
    });
    opened(lab, reply);
    lab.show();
}

/// Ends a push query.
pub fn close(lab: &Lab, query: &str) {
    let request = Request::Close {
        query: query.to_owned(),
    };
    lab.ask(request.clone(), move |lab, reply| {
        refused(lab, &reply);
        note(lab, &request);
        lab.show();
    });
}

/// Shows everything about a record.
pub fn inspect(lab: &Lab, record: RecordId) {
    lab.choose(|ui| {
        if let Some(before) = ui.selected.filter(|before| *before != record) {
            ui.trail.push(before);
        }
        ui.selected = Some(record);
        ui.inspector_open = true;
    });
    fetch_record(lab, record);
}

/// Back to the record that was inspected before.
pub fn inspect_previous(lab: &Lab) {
    let previous = lab.change(|state| state.ui.trail.pop());
    if let Some(record) = previous {
        lab.choose(|ui| ui.selected = Some(record));
        fetch_record(lab, record);
    }
}

/// Closes the inspector.
pub fn dismiss(lab: &Lab) {
    lab.choose(|ui| {
        ui.selected = None;
        ui.detail = PtrEq::default();
        ui.trail.clear();
        ui.inspector_open = false;
        if ui.tab == Tab::Inspector {
            ui.tab = Tab::Stage;
        }
    });
}

fn fetch_record(lab: &Lab, record: RecordId) {
    lab.ask(Request::Inspect(record), move |lab, reply| {
        if let Reply::Record(detail) = reply {
            lab.choose(|ui| {
                if ui.selected == Some(record) {
                    ui.detail = PtrEq::new(detail.map(|detail| *detail));
                }
            });
        }
    });
}

/// Asks what is wrong in the editor's text.
pub fn check(lab: &Lab, text: &str, version: u64) {
    let request = Request::Check {
        text: text.to_owned(),
        version,
    };
    lab.ask(request, |lab, reply| {
        if let Reply::Checked {
            version,
            diagnostics,
        } = reply
        {
            lab.choose(|ui| ui.findings = PtrEq::new((version, diagnostics)));
        }
    });
}

/// Puts the outcomes of a run into the state, and chooses the result that it began.
fn ran(lab: &Lab, request: &Request, reply: Reply, text: String, editor_offset: Option<u32>) {
    let outcomes = match reply {
        Reply::Outcomes(outcomes) => outcomes,
        Reply::Refused(problem) => vec![failed(*problem)],
        _ => Vec::new(),
    };
    note(lab, request);
    lab.change(|state| {
        let started = outcomes.iter().rev().find_map(push_query);
        let ui = &mut state.ui;
        // Whoever gives a command by hand goes on looking at the rows that come of it.
        let by_hand = matches!(request, Request::Command { .. }) && editor_offset.is_none();
        if !by_hand || outcomes.iter().any(|it| !it.ok) {
            ui.result = started;
        }
        let number = ui.ran.as_ref().map_or(0, |ran| ran.number) + 1;
        let before = editor_offset.and_then(|offset| ui.script.get(..offset as usize));
        let before = before.map_or((0, 0), size_of);
        ui.ran = PtrEq::new(Some(Ran {
            text,
            editor_offset,
            before,
            outcomes,
            number,
        }));
    });
    lab.show();
}

/// Whole lines of a text, and characters after the last of them.
fn size_of(text: &str) -> (u32, u32) {
    let rest = text.rsplit('\n').next().unwrap_or_default();
    (
        text.matches('\n').count() as u32,
        rest.chars().count() as u32,
    )
}

/// The push query that a statement began, if it did.
fn push_query(outcome: &StatementOutcome) -> Option<QueryId> {
    let transient = outcome.query_name.as_deref()?.starts_with("transient");
    outcome.query.filter(|_| outcome.ok && transient)
}

fn failed(problem: PlacedDiagnostic) -> StatementOutcome {
    StatementOutcome {
        ok: false,
        message: problem.diagnostic.message.clone(),
        diagnostics: vec![problem],
        ..StatementOutcome::default()
    }
}

/// Writes what the engine acknowledged into the journal.
fn note(lab: &Lab, request: &Request) {
    lab.change(|state| {
        let time_ms = state.model.view.position.time_ms - EPOCH_MILLIS;
        state.journal.note(time_ms.max(0), request);
    });
}

/// Pins a refusal to the page.
pub(crate) fn refused(lab: &Lab, reply: &Reply) {
    if let Reply::Refused(problem) = reply {
        pin(lab, problem);
    }
}

pub(crate) fn pin(lab: &Lab, problem: &PlacedDiagnostic) {
    let diagnostic = &problem.diagnostic;
    let title = match diagnostic.fault {
        Fault::Yours => "This could not be done",
        Fault::NotSupportedYet => "Not supported yet",
        Fault::Record => "A record could not be read",
        Fault::Ours => "Engine bug",
    };
    let note = Note {
        title: title.to_owned(),
        text: diagnostic.message.clone(),
        hints: diagnostic.hints.clone(),
        ways: Vec::new(),
    };
    lab.choose(|ui| {
        // A question that waits for an answer is not covered by what follows from it.
        let asks = ui.note.as_ref().is_some_and(|it| !it.ways.is_empty());
        if !asks {
            ui.note = PtrEq::new(Some(note));
        }
    });
}
