//! Values, formats, functions, planning and running of stream SQL.
//!
//! A statement goes through [`engine`]: [`analyze`] resolves names and checks rules, [`plan`] cuts
//! a query into sub-topologies of [`operator`]s, [`runtime`] carries records through them over the
//! stores of [`state`]. Rows are typed slots ([`value`]) that [`format`]s decode and
//! [`expression`]s compute. Nothing here knows the simulation or a browser.

pub mod analyze;
pub mod arena;
pub mod catalog;
pub mod decimal;
pub mod engine;
pub mod expression;
pub mod format;
pub mod function;
pub mod inspect;
pub mod operator;
pub mod plan;
pub mod regex;
pub mod runtime;
pub mod session;
pub mod state;
pub mod time;
pub mod types;
pub mod value;

pub use engine::{Action, Engine, Execution, Outcome};
