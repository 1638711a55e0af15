//! What evaluation may look at besides the row, and where its errors go.

use crate::arena::Arena;
use headwater_base::digest;
use std::cell::{Cell, RefCell};
use std::fmt;

/// What evaluation may look at besides the row. One is made for each record.
#[derive(Debug)]
pub struct EvalContext<'a> {
    /// Memory for what is made.
    pub arena: &'a Arena,
    /// Where errors go that make a value null.
    pub errors: &'a ErrorLog,
    /// The clock's time, for UNIX_TIMESTAMP() and UNIX_DATE(), in epoch milliseconds.
    pub now_millis: i64,
    /// The seed of RANDOM() and UUID() at this record: from the laboratory's seed, the query and
    /// the record.
    pub seed: u64,
    draws: Cell<u64>,
}

impl<'a> EvalContext<'a> {
    /// The context of one record.
    pub fn new(arena: &'a Arena, errors: &'a ErrorLog, now_millis: i64, seed: u64) -> Self {
        EvalContext {
            arena,
            errors,
            now_millis,
            seed,
            draws: Cell::new(0),
        }
    }

    /// The next 64 bits of chance at this record.
    pub fn draw(&self) -> u64 {
        let drawn = self.draws.get();
        self.draws.set(drawn + 1);
        digest::bytes(&[self.seed.to_le_bytes(), drawn.to_le_bytes()].concat())
    }

    /// The error's place is null; the error goes to the log.
    pub(crate) fn swallow(&self, error: EvalError) -> crate::value::Value<'a> {
        self.errors.push(error);
        crate::value::Value::Null
    }
}

/// Errors of one record's evaluation, in the order in which they happened.
#[derive(Debug, Default)]
pub struct ErrorLog(RefCell<Vec<EvalError>>);

/// Most errors that are kept of one record.
const ERRORS_MAX: usize = 100;

impl ErrorLog {
    /// Adds one.
    pub fn push(&self, error: EvalError) {
        let mut errors = self.0.borrow_mut();
        if errors.len() < ERRORS_MAX {
            errors.push(error);
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Takes all of them out.
    pub fn take(&self) -> Vec<EvalError> {
        self.0.take()
    }
}

/// Why an expression has no value at a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalError {
    /// What went wrong.
    pub message: std::borrow::Cow<'static, str>,
}

impl EvalError {
    /// An error with fixed words.
    pub const fn fixed(message: &'static str) -> EvalError {
        EvalError {
            message: std::borrow::Cow::Borrowed(message),
        }
    }

    /// An error with words made for it.
    pub fn new(message: impl Into<String>) -> EvalError {
        EvalError {
            message: std::borrow::Cow::Owned(message.into()),
        }
    }
}

impl fmt::Display for EvalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for EvalError {}
