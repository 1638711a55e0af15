//! Findings as people read them: `file:line:column: message`, then what to do.

use headwater_base::{Diagnostic, Fault, LineIndex};
use std::path::Path;

/// A finding in a file's text.
pub(crate) fn finding(path: &Path, text: &str, found: &Diagnostic) -> String {
    let span = found.span.unwrap_or_default();
    let place = LineIndex::new(text).place(text, span.start);
    let mut out = format!(
        "{}:{}:{}: {}{}",
        path.display(),
        place.line,
        place.column,
        whose(found.fault),
        found.message
    );
    for hint in &found.hints {
        let mut lines = hint.lines();
        out.push_str(&format!("\n  help: {}", lines.next().unwrap_or("")));
        lines.for_each(|line| out.push_str(&format!("\n  {line}")));
    }
    out
}

fn whose(fault: Fault) -> &'static str {
    match fault {
        // Such a message says itself that it is not supported yet.
        Fault::Yours | Fault::NotSupportedYet => "",
        Fault::Record => "this record: ",
        Fault::Ours => "a bug of headwater: ",
    }
}
