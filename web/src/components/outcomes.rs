//! What became of the statements that were run last: a line each, rows where there are any, the
//! message at its place, and what can be done about it.

use crate::components::result_table::plain_rows;
use crate::lab::Lab;
use crate::queries::shortened;
use crate::tasks;
use crate::ui::Ran;
use headwater_base::{Fault, Span};
use headwater_view::{AnswerSection, PlacedDiagnostic, StatementOutcome};
use yew::prelude::*;

/// The list of outcomes.
pub fn outcomes(lab: &Lab, ran: &Option<Ran>) -> Html {
    let Some(ran) = ran else {
        return html! {
            <p class="ghost">
                { "Nothing was run yet. Put the cursor into a statement and press Run." }
            </p>
        };
    };
    html! {
        <ol class="outcomes">
            { for ran.outcomes.iter().map(|outcome| html! {
                <li class={if outcome.ok { "outcome ok" } else { "outcome failed" }}>
                    { head(ran, outcome) }
                    if !outcome.columns.is_empty() {
                        { plain_rows(&outcome.columns, &outcome.rows, statement(ran, outcome)) }
                    }
                    { for outcome.sections.iter().map(section) }
                    { repairs(lab, ran, outcome) }
                    { for outcome.diagnostics.iter().map(|it| finding(ran, it)) }
                </li>
            }) }
        </ol>
    }
}

fn head(ran: &Ran, outcome: &StatementOutcome) -> Html {
    let sign = if outcome.ok { "✓" } else { "✗" };
    // An answer of several lines is laid out in columns of characters.
    let laid_out = outcome.message.trim_end().contains('\n');
    let class = classes!("outcome-message", laid_out.then_some("laid-out"));
    // What stands below is the answer where there are no words.
    let is_said = !outcome.ok || !outcome.message.trim().is_empty();
    html! {
        <>
            <code class="outcome-sql">{ statement(ran, outcome) }</code>
            if is_said {
                <p {class}>
                    <span class="sign" aria-hidden="true">{ sign }</span>
                    { if laid_out { "\n" } else { " " } }{ outcome.message.trim() }
                </p>
            }
        </>
    }
}

/// A part of an answer of DESCRIBE, EXPLAIN or SHOW: a heading, a text, a table.
fn section(section: &AnswerSection) -> Html {
    html! {
        <div class="answer-section">
            if !section.title.is_empty() {
                <h4>{ &section.title }</h4>
            }
            if !section.text.is_empty() {
                <pre tabindex="0" aria-label={section.title.clone()}>{ &section.text }</pre>
            }
            if !section.columns.is_empty() {
                { plain_rows(&section.columns, &section.rows, section.title.clone()) }
            }
        </div>
    }
}

/// The statement in one line.
fn statement(ran: &Ran, outcome: &StatementOutcome) -> String {
    shortened(
        Span::new(outcome.range.0, outcome.range.1).of(&ran.text),
        60,
    )
}

fn finding(ran: &Ran, placed: &PlacedDiagnostic) -> Html {
    let diagnostic = &placed.diagnostic;
    let whose = match diagnostic.fault {
        Fault::Yours => "your SQL",
        Fault::NotSupportedYet => "not supported yet",
        Fault::Record => "this record",
        Fault::Ours => "engine bug",
    };
    let line = ran
        .text
        .lines()
        .nth(placed.start.line.saturating_sub(1) as usize);
    let place = place(ran, placed);
    let blanks = " ".repeat(placed.start.column.saturating_sub(1) as usize);
    let same_line = placed.start.line == placed.end.line;
    let length = if same_line {
        placed.end.column.saturating_sub(placed.start.column)
    } else {
        1
    };
    let carets = "^".repeat(length.max(1) as usize);
    html! {
        <div class="finding">
            <p><span class="whose">{ whose }</span>{ " · " }<span class="place">{ place }</span></p>
            if let (Some(line), true) = (line, diagnostic.span.is_some()) {
                <pre tabindex="0">
                    { format!("{line}\n{blanks}") }<span class="caret">{ carets }</span>
                </pre>
            }
            { for diagnostic.hints.iter().map(|hint| html! { <p class="hint">{ hint }</p> }) }
        </div>
    }
}

/// Where a finding is: in the editor if the text is from there, else in the text.
fn place(ran: &Ran, placed: &PlacedDiagnostic) -> String {
    let (lines, characters) = ran.before;
    let first = placed.start.line == 1;
    let column = placed.start.column + if first { characters } else { 0 };
    format!("line {}, column {column}", placed.start.line + lines)
}

/// Buttons for what can be done about a failure.
fn repairs(lab: &Lab, ran: &Ran, outcome: &StatementOutcome) -> Html {
    if outcome.ok || !outcome.message.contains("already exists") {
        return Html::default();
    }
    let replaced = or_replace(Span::new(outcome.range.0, outcome.range.1).of(&ran.text));
    let replace = {
        let lab = lab.clone();
        replaced.map(|text| {
            let onclick = Callback::from(move |_: MouseEvent| tasks::run(&lab, &text, None));
            html! { <button class="button small" {onclick}>{ "Use CREATE OR REPLACE" }</button> }
        })
    };
    let restart = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| {
            let script = lab.read(|state| state.ui.script.clone());
            tasks::restart(&lab, &script);
        })
    };
    html! {
        <div class="repairs">
            { replace }
            <button class="button small" onclick={restart}>{ "Restart with this script" }</button>
        </div>
    }
}

/// `CREATE STREAM …` as `CREATE OR REPLACE STREAM …`; `None` where that cannot be.
fn or_replace(statement: &str) -> Option<String> {
    let trimmed = statement.trim_start();
    let rest = trimmed.get(6..)?;
    let create = trimmed.get(..6)?.eq_ignore_ascii_case("create");
    let next = rest.split_whitespace().next()?;
    let kind = ["stream", "table"]
        .iter()
        .any(|kind| next.eq_ignore_ascii_case(kind));
    (create && kind).then(|| format!("{} OR REPLACE{rest}", &trimmed[..6]))
}

#[cfg(test)]
mod tests {
    use super::or_replace;

    #[test]
    fn only_streams_and_tables_can_be_replaced() {
        let replaced = or_replace("\ncreate stream A AS SELECT 1;");
        assert_eq!(
            replaced.as_deref(),
            Some("create OR REPLACE stream A AS SELECT 1;")
        );
        assert_eq!(or_replace("CREATE TYPE T AS INT;"), None);
        assert_eq!(or_replace("CREATE OR REPLACE STREAM A;"), None);
        assert_eq!(or_replace("é"), None);
    }
}
