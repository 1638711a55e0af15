//! The laboratory: log, SQL engine, generators and clients in one deterministic simulation.
//!
//! One closed [`command::Command`] comes in, ordered trace events go out. [`lab`] is the facade
//! with travel in time, [`world`] the simulation, [`observe`] what it looks like, [`playground`] a
//! laboratory with a screen, [`lesson`] a laboratory with a text. Nothing here knows a browser.

pub mod command;
pub mod generator;
pub mod lab;
pub mod lesson;
pub mod observe;
pub mod playground;
pub mod world;
