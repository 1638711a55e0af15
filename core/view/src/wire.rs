//! What a front end and the engine's side say to each other: requests and replies.
//!
//! One side is a page and a worker, or a test and a `Playground` in the same process; the words
//! are the same. Every request has one reply; frames come as replies to [`Request::Tick`].

use crate::cell::Cell;
use crate::completion::{Completion, Help};
use crate::detail::RecordDetail;
use crate::form::{FormView, Tried};
use crate::frame::Frame;
use crate::lab::ReaderPosition;
use crate::outcome::{PlacedDiagnostic, StatementOutcome};
use crate::request::ViewRequest;
use crate::saved::SavedLab;
use headwater_base::{RecordId, Span};
use serde::{Deserialize, Serialize};

/// What a front end asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Opens a lesson: runs it, and lets it grow `age_ms` old.
    Open {
        /// The lesson's Markdown.
        lesson: String,
        /// Beats the lesson's own seed.
        seed: Option<u64>,
        /// Virtual milliseconds that have passed when it is first seen.
        age_ms: i64,
    },
    /// So much wall time has passed; answered by a frame if there is anything new to see.
    Tick {
        /// Wall milliseconds since the last tick.
        wall_ms: f64,
    },
    /// From now on, show this.
    View(ViewRequest),
    /// Send a whole frame at the next tick: a frame was lost.
    Resend,
    /// Let time move.
    Play,
    /// Let time stand still.
    Pause,
    /// Virtual seconds a wall second, from 0.1 to 1000.
    SetSpeed(f64),
    /// Go to the next step that changes what can be seen, so many times.
    Step(u32),
    /// Undo that.
    StepBack,
    /// Go to this moment of virtual time, in milliseconds since the laboratory's start.
    Seek {
        /// Milliseconds since the start.
        time_ms: i64,
    },
    /// Run statements against the laboratory as it is.
    Execute {
        /// SQL, one statement or more.
        text: String,
    },
    /// Begin again with the same seed and this script, and run to the present moment.
    Restart {
        /// The editor's whole text.
        text: String,
    },
    /// Back to the lesson's start (and its age).
    Reset,
    /// Run one lab command, such as `produce ratings key=1 value={}`.
    Command {
        /// The command's text.
        text: String,
    },
    /// End a push query.
    Close {
        /// The query's name, such as `transient_RATINGS_4`.
        query: String,
    },
    /// Everything about a record.
    Inspect(RecordId),
    /// The state as plain values, for `window.headwater`.
    State,
    /// Go back to a line of time that was left; the present one is left instead.
    TakeBranch(u32),
    /// The laboratory as it can be kept; answered by [`Reply::Saved`].
    Save,
    /// Bring a kept laboratory back; time stands still then.
    Load(Box<SavedLab>),
    /// What is wrong in a text: what cannot be read, else names and types.
    Check {
        /// The text.
        text: String,
        /// Its version, given back in the reply.
        version: u64,
    },
    /// Where the statement at a cursor begins and ends.
    StatementAt {
        /// The text, SQL only.
        text: String,
        /// The cursor, in bytes from the text's start.
        cursor: u32,
    },
    /// What can be written at a cursor.
    Complete {
        /// The text: SQL, or a lab command.
        text: String,
        /// The cursor, in bytes from the text's start.
        cursor: u32,
    },
    /// Help on a function, a property or a lab command.
    Help {
        /// Its name, in any case, such as `SUBSTRING` or `topic create`.
        name: String,
    },
    /// The form of a lab command, filled in with what its beginning says.
    Form {
        /// Noun and verb, and what is known already, such as `topic alter ratings`.
        text: String,
    },
    /// What a form would come to; nothing is done.
    Try {
        /// The form's title.
        title: String,
        /// What is in its fields, in their order.
        values: Vec<String>,
    },
    /// What can be done with a thing, as [`Reply::Completions`] whose `insert` is the text: a
    /// `Command` wants its form, a `Value` is a command and a `Keyword` a statement ready to run.
    Menu {
        /// What it is: `topic`, `producer`, `consumer`, `group`, `broker`, `node`, `query`, or
        /// `source` for a stream or table; empty for all commands that there are.
        noun: String,
        /// Its name.
        name: String,
    },
}

/// What the engine's side answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// A lesson is open.
    Opened(OpenedLesson),
    /// Something new to see.
    Frame(Box<Frame>),
    /// Nothing new, or nothing to say.
    Nothing,
    /// What became of the statements, in order.
    Outcomes(Vec<StatementOutcome>),
    /// A record; `None` if it is gone.
    Record(Option<Box<RecordDetail>>),
    /// The state.
    State(Box<LabState>),
    /// Findings about a text.
    Checked {
        /// The text's version.
        version: u64,
        /// The findings.
        diagnostics: Vec<PlacedDiagnostic>,
    },
    /// Where a statement is; `None` where there is none.
    Statement(Option<Span>),
    /// What can be written there, the best first.
    Completions(Vec<Completion>),
    /// Help; `None` where nothing has that name.
    Help(Option<Box<Help>>),
    /// A form; `None` where no command begins so.
    Form(Option<Box<FormView>>),
    /// What a form would come to.
    Tried(Box<Tried>),
    /// The laboratory, to keep.
    Saved(Box<SavedLab>),
    /// It could not be done.
    Refused(Box<PlacedDiagnostic>),
}

/// A lesson, ready to show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedLesson {
    /// The version of the engine.
    pub engine_version: String,
    /// Its title.
    pub title: String,
    /// Prose and blocks, in order.
    pub parts: Vec<LessonPart>,
    /// All its SQL, as it stands in the editor at first.
    pub script: String,
    /// The table that the duality shows at first.
    pub duality: Option<String>,
    /// What became of its statements and commands, errors only.
    pub problems: Vec<PlacedDiagnostic>,
}

/// A piece of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LessonPart {
    /// Prose as HTML without scripts or styles.
    Prose {
        /// The HTML.
        html: String,
    },
    /// A block of SQL with a button that runs it.
    Sql {
        /// The SQL.
        text: String,
        /// Whether it ran when the lesson was opened; otherwise the visitor runs it.
        ran: bool,
    },
    /// Lab commands that ran when the lesson was opened.
    Lab {
        /// A command a line.
        text: String,
    },
}

/// A partition's number, start offset and end offset.
pub type PartitionEnds = (u32, u64, u64);

/// A topic's name and a consumer's place in it.
pub type NamedPosition = (String, ReaderPosition);

/// The state as plain values.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LabState {
    /// Steps done.
    pub step: u64,
    /// Virtual milliseconds since 1970.
    pub time_ms: i64,
    /// Whether time moves.
    pub running: bool,
    /// The state hash.
    pub hash: String,
    /// Topics by name: partition, start offset, end offset.
    pub topics: Vec<(String, Vec<PartitionEnds>)>,
    /// Queries by name: statement, state.
    pub queries: Vec<(String, String, String)>,
    /// Tables by name: column names and rows.
    pub tables: Vec<(String, Vec<String>, Vec<Vec<Cell>>)>,
    /// Consumers by name: group, and topic name with position.
    pub consumers: Vec<(String, Option<String>, Vec<NamedPosition>)>,
    /// Push queries' results by name: column names and rows.
    pub results: Vec<(String, Vec<String>, Vec<Vec<Cell>>)>,
}
