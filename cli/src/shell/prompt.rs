//! The prompt at a terminal: editing, history and completion by reedline, colours from `colours`;
//! rows of a push query come until Ctrl-C.

#![allow(
    clippy::disallowed_methods,
    reason = "a terminal has keys to wait for, and a folder for its history; the laboratory itself \
              stays in one thread and hears of commands only"
)]

use super::colours::Colours;
use super::{Next, Shell};
use crate::End;
use crossterm::event::{Event, KeyCode, KeyModifiers};
use crossterm::terminal;
use headwater_base::Millis;
use headwater_core::playground::complete;
use headwater_core::playground::prompt::Typed;
use headwater_view::Completion;
use reedline::{
    ColumnarMenu, Completer, DefaultPrompt, DefaultPromptSegment, Emacs, FileBackedHistory,
    KeyModifiers as Modifiers, MenuBuilder, Reedline, ReedlineEvent, ReedlineMenu, Signal, Span,
    Suggestion, ValidationResult, Validator, default_emacs_keybindings,
};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

const MENU: &str = "completion";
/// Wall time between two looks at keys and rows.
const TICK: Duration = Duration::from_millis(100);
/// Most lines of the history.
const HISTORY_MAX: usize = 2_000;

/// What the prompt asks of the laboratory, which lives in a thread of its own: the editor wants
/// completions while it reads keys.
enum Ask {
    /// What can be written at a cursor.
    Complete {
        text: String,
        cursor: u32,
        answer: Sender<Vec<Completion>>,
    },
    /// Do what was typed; the answer is whether to ask for more.
    Run { text: String, answer: Sender<Next> },
}

/// Asks and answers until the visitor leaves.
pub(super) fn talk(seed: u64, speed: f64) -> End {
    let (asks, asked) = channel();
    let lab = std::thread::spawn(move || serve(seed, speed, &asked));
    let mut editor = editor(asks.clone());
    let prompt = DefaultPrompt::new(
        DefaultPromptSegment::Basic("headwater".to_owned()),
        DefaultPromptSegment::Empty,
    );
    println!("A laboratory of Kafka and ksqlDB. help lists what there is, exit ends.");
    let end = loop {
        let text = match editor.read_line(&prompt) {
            Ok(Signal::Success(text)) => text,
            Ok(Signal::CtrlC) => continue,
            Ok(Signal::CtrlD) => break End::Success,
            Err(error) => {
                eprintln!("error: the terminal cannot be read: {error}");
                break End::Failed;
            }
        };
        let (answer, answered) = channel();
        let is_sent = asks.send(Ask::Run { text, answer }).is_ok();
        match answered.recv() {
            Ok(Next::End) => break End::Success,
            Ok(_) if is_sent => {}
            _ => break End::Failed,
        }
    };
    drop((asks, editor));
    match lab.join() {
        Ok(()) => end,
        Err(_) => End::Failed,
    }
}

/// The laboratory: answers until nobody asks any more.
fn serve(seed: u64, speed: f64, asked: &Receiver<Ask>) {
    let mut shell = Shell::new(seed);
    for ask in asked {
        // Who no longer waits for an answer needs none.
        let _ = match ask {
            Ask::Complete {
                text,
                cursor,
                answer,
            } => answer
                .send(complete::complete_in(&text, cursor, shell.lab()))
                .is_ok(),
            Ask::Run { text, answer } => answer.send(run(&mut shell, &text, speed)).is_ok(),
        };
    }
}

fn run(shell: &mut Shell, text: &str, speed: f64) -> Next {
    shell.width = terminal::size().map_or(80, |(width, _)| usize::from(width));
    for (entry, span) in &Typed::read(text).entries {
        match shell.take(entry, span.of(text)) {
            Next::Ask => {}
            Next::Stream => stream(shell, speed),
            Next::End => return Next::End,
        }
    }
    Next::Ask
}

/// Shows the rows of a push query until Ctrl-C.
fn stream(shell: &mut Shell, speed: f64) {
    if shell.is_streaming() {
        shell.print("Press Ctrl-C to end the query.");
    }
    if terminal::enable_raw_mode().is_ok() {
        shell.line_end = "\r\n";
        let step = (TICK.as_millis() as f64 * speed.clamp(0.1, 1000.0)) as i64;
        while !is_interrupted() && shell.is_streaming() {
            shell.advance(Millis(step.max(1)));
        }
        // Where the mode cannot be left, the terminal is gone.
        let _ = terminal::disable_raw_mode();
        shell.line_end = "\n";
    }
    shell.close();
}

/// Whether Ctrl-C is pressed within a tick.
fn is_interrupted() -> bool {
    if !crossterm::event::poll(TICK).unwrap_or(true) {
        return false;
    }
    match crossterm::event::read() {
        Ok(Event::Key(key)) => {
            let with_control = key.modifiers.contains(KeyModifiers::CONTROL);
            with_control && matches!(key.code, KeyCode::Char('c' | 'd'))
        }
        Ok(_) => false,
        Err(_) => true,
    }
}

fn editor(asks: Sender<Ask>) -> Reedline {
    let menu = Box::new(ColumnarMenu::default().with_name(MENU));
    let mut keys = default_emacs_keybindings();
    keys.add_binding(
        Modifiers::NONE,
        reedline::KeyCode::Tab,
        ReedlineEvent::UntilFound(vec![
            ReedlineEvent::Menu(MENU.to_owned()),
            ReedlineEvent::MenuNext,
        ]),
    );
    let editor = Reedline::create()
        .with_completer(Box::new(LabCompleter { asks }))
        .with_highlighter(Box::new(Colours))
        .with_menu(ReedlineMenu::EngineCompleter(menu))
        .with_edit_mode(Box::new(Emacs::new(keys)))
        .with_validator(Box::new(WholeStatements));
    match history() {
        Some(history) => editor.with_history(Box::new(history)),
        None => editor,
    }
}

/// The history in the visitor's folder; without one, it lasts as long as the prompt.
fn history() -> Option<FileBackedHistory> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
    let path = std::path::Path::new(&home).join(".headwater_history");
    FileBackedHistory::with_file(HISTORY_MAX, path).ok()
}

struct LabCompleter {
    asks: Sender<Ask>,
}

impl Completer for LabCompleter {
    fn complete(&mut self, line: &str, position: usize) -> Vec<Suggestion> {
        let (answer, answered) = channel();
        let ask = Ask::Complete {
            text: line.to_owned(),
            cursor: position as u32,
            answer,
        };
        let is_sent = self.asks.send(ask).is_ok();
        let found = answered.recv().ok().filter(|_| is_sent).unwrap_or_default();
        let suggestion = |it: Completion| Suggestion {
            value: it.insert,
            description: Some(it.detail).filter(|it| !it.is_empty()),
            span: Span::new(it.replace.start as usize, it.replace.end as usize),
            ..Suggestion::default()
        };
        found.into_iter().map(suggestion).collect()
    }
}

/// A statement without its semicolon goes on in the next line.
struct WholeStatements;

impl Validator for WholeStatements {
    fn validate(&self, line: &str) -> ValidationResult {
        match Typed::read(line).is_whole(line) {
            true => ValidationResult::Complete,
            false => ValidationResult::Incomplete,
        }
    }
}
