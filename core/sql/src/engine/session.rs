//! SET, UNSET, DEFINE, UNDEFINE: what changes the session alone.

use super::{Engine, Execution};
use headwater_base::{Diagnostic, Fault};
use headwater_syntax::ast::{Define, Identifier, SetProperty, StringLiteral};

impl Engine {
    pub(super) fn set_property(&mut self, it: &SetProperty) -> Result<Execution, Diagnostic> {
        let at = it.name.span.to(it.value.span);
        not_of_the_server(&it.name)?;
        self.session
            .set(&it.name.value, &it.value.value, at)
            .map(Execution::said)
    }

    pub(super) fn alter_system(&mut self, it: &SetProperty) -> Result<Execution, Diagnostic> {
        let at = it.name.span.to(it.value.span);
        not_of_the_server(&it.name)?;
        self.session
            .alter_system(&it.name.value, &it.value.value, at)
            .map(Execution::said)
    }

    pub(super) fn unset_property(&mut self, it: &StringLiteral) -> Result<Execution, Diagnostic> {
        self.session.unset(&it.value, it.span).map(Execution::said)
    }

    pub(super) fn define(&mut self, it: &Define) -> Execution {
        self.session.define(&it.name.text, &it.value.value);
        Execution::said(String::new())
    }

    pub(super) fn undefine(&mut self, it: &Identifier) -> Result<Execution, Diagnostic> {
        if self.session.undefine(&it.text) {
            return Ok(Execution::said(String::new()));
        }
        let message = format!(
            "Cannot undefine variable '{}' which was never defined",
            it.text
        );
        Err(Diagnostic::error(Fault::Yours, "undefined-variable", message).at(it.span))
    }
}

/// Refuses to change whose queries they are: topics' names tell clusters apart by it.
fn not_of_the_server(name: &StringLiteral) -> Result<(), Diagnostic> {
    if name.value != "ksql.service.id" {
        return Ok(());
    }
    let message = "Cannot override property 'ksql.service.id': it is the cluster's own.";
    Err(Diagnostic::error(Fault::Yours, "server-property", message).at(name.span))
}
