//! ksqlDB's language: lexer, parser that never fails, tree, printer, highlighter, variables.
//!
//! It knows texts only: no names, types or data. The page links it as it is, so it depends on
//! nothing but spans and diagnostics. Start with [`parse`] and [`ast`].

pub mod ast;
