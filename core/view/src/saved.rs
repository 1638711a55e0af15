//! A laboratory as it is kept in a file or a link: what came into it from outside, and where it
//! was.
//!
//! Nothing else is needed, because a laboratory is a fold of exactly that.

use serde::{Deserialize, Serialize};

/// A laboratory to keep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedLab {
    /// The version of the engine that made it.
    pub engine_version: String,
    /// The lesson's Markdown, for the guide and for `Reset`; a link leaves it out and names it.
    pub lesson: String,
    /// The editor's text.
    pub script: String,
    /// The seed, in decimal digits: numbers of this size do not survive JSON.
    pub seed: String,
    /// How old the lesson is when it is opened anew, in virtual milliseconds.
    pub age_ms: i64,
    /// Everything that came from outside, the lesson's own commands included.
    pub commands: Vec<SavedCommand>,
    /// Turns done at the moment that was kept.
    pub turn: u64,
    /// Steps done then.
    pub step: u64,
    /// Virtual milliseconds since the start then.
    pub time_ms: i64,
    /// The state hash then.
    pub hash: String,
}

/// A command with the moment before which it applies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCommand {
    /// Turns done before.
    pub turn: u64,
    /// Virtual milliseconds since the start.
    pub time_ms: i64,
    /// The command's text form.
    pub text: String,
}
