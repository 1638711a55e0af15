//! Lab commands without typing them: the menu of a thing, the form of a command, the list of all.
//! They show what the engine says of its commands, and know none themselves.

mod commands;
mod form;
mod menu;

pub use commands::commands;
pub use form::form;
pub use menu::Menu;
