//! The page's panels, one component a file. They read what they are given, write through
//! [`crate::tasks`], and never touch the engine or each other.

pub mod app;
pub mod branches;
pub mod bytes;
pub mod cards;
pub mod catalog;
pub mod chart;
pub mod cluster;
pub mod dialog;
pub mod duality;
pub mod editor;
pub mod forms;
pub mod guide;
pub mod help;
pub mod inspector;
pub mod narration;
pub mod note;
pub mod outcomes;
pub mod playground;
pub mod result_table;
pub mod results;
pub mod share;
pub mod splitter;
pub mod stage;
pub mod tabs;
pub mod timeline;
pub mod top_bar;
pub mod tree;
