//! What a case raised, and whether it is the exception that the file expects.

use crate::json::Json;
use headwater_base::{Diagnostic, Fault, LineIndex};

/// Something that went wrong in a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Raised {
    /// Whose fault it is.
    pub(crate) fault: Fault,
    /// What went wrong.
    pub(crate) message: String,
    /// The message with the statement behind it, as an exception of a statement has it.
    pub(crate) with_statement: String,
    /// What was behind it.
    pub(crate) cause: Option<String>,
}

impl Raised {
    /// A statement was refused.
    pub(crate) fn by_statement(found: &Diagnostic, statement: &str) -> Raised {
        Raised {
            fault: found.fault,
            message: found.message.clone(),
            with_statement: format!("{}\nStatement: {statement}", found.message),
            cause: None,
        }
    }

    /// The script cannot be read.
    pub(crate) fn by_syntax(found: &Diagnostic, script: &str, statement: &str) -> Raised {
        let at = found.span.unwrap_or_default();
        let place = LineIndex::new(script).place(script, at.start);
        let message = match found.message.starts_with("line ") {
            true => found.message.clone(),
            false => format!(
                "line {}:{}: Syntax Error\n{}",
                place.line, place.column, found.message
            ),
        };
        Raised {
            fault: found.fault,
            with_statement: format!("{message}\nStatement: {statement}"),
            message,
            cause: None,
        }
    }

    /// A running query stopped.
    pub(crate) fn by_query(cause: &str) -> Raised {
        let message = match cause.starts_with("Fatal user code error") {
            true => cause.to_owned(),
            false => "Exception caught in process".to_owned(),
        };
        Raised {
            fault: Fault::Record,
            with_statement: message.clone(),
            message,
            cause: Some(cause.to_owned()),
        }
    }

    /// The runner itself cannot go on.
    pub(crate) fn by_runner(message: String) -> Raised {
        Raised {
            fault: Fault::Ours,
            with_statement: message.clone(),
            message,
            cause: None,
        }
    }

    /// The words for the report.
    pub(crate) fn told(&self) -> String {
        let whose = match self.fault {
            Fault::Yours => "refused",
            Fault::NotSupportedYet => "not supported yet",
            Fault::Record => "stopped",
            Fault::Ours => "cannot run",
        };
        let cause = self
            .cause
            .as_ref()
            .map_or(String::new(), |cause| format!(": {cause}"));
        format!("{whose}: {}{cause}", self.message)
    }

    /// What differs from the exception that is expected; nothing where it is the one.
    pub(crate) fn differs(&self, expected: &Json) -> Result<(), String> {
        if matches!(self.fault, Fault::NotSupportedYet | Fault::Ours) {
            return Err(self.told());
        }
        let wanted = |name: &str| expected.get(name).and_then(Json::as_str);
        if let Some(message) = wanted("message")
            && !self.with_statement.contains(message)
        {
            let got = &self.with_statement;
            return Err(format!("another error: expected {message:?}, got {got:?}"));
        }
        let cause = self.cause.as_deref().unwrap_or_default();
        match wanted("causeMessage").filter(|wanted| !cause.contains(*wanted)) {
            Some(wanted) => Err(format!("another cause: expected {wanted:?}, got {cause:?}")),
            None => Ok(()),
        }
    }
}
