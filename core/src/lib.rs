//! The laboratory: log, SQL engine, generators and clients in one deterministic simulation.
//!
//! One closed [`command::Command`] comes in, ordered trace events go out.

pub mod command;
pub mod generator;
pub mod lesson;
