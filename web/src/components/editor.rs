//! The SQL editor: CodeMirror in a shadow root, findings underlined as one types, Run and Restart.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::platform::code::{Underline, underlines};
use crate::platform::editor::{Editor as CodeEditor, Hooks};
use crate::queries::script::{Part, at_cursor, in_selection, sql_only};
use crate::tasks;
use crate::ui::Ran;
use gloo::timers::callback::Timeout;
use headwater_base::{Diagnostic, LineIndex, order};
use headwater_view::{OpenedLesson, PlacedDiagnostic};
use std::cell::RefCell;
use std::rc::Rc;
use web_sys::Element;
use yew::prelude::*;

/// How long after the last key the engine is asked what is wrong.
const CHECK_MILLIS: u32 = 300;
/// Problems listed under the editor; all of them are underlined.
const LISTED_MAX: usize = 3;

/// What the editor shows.
#[derive(PartialEq, Properties)]
pub struct EditorProps {
    /// The lab.
    pub lab: Lab,
    /// The lesson, whose script is the text at first.
    pub lesson: PtrEq<Option<OpenedLesson>>,
    /// What was run last: its errors are underlined.
    pub ran: PtrEq<Option<Ran>>,
    /// The engine's findings, with the version of the text that they are about.
    pub findings: PtrEq<(u64, Vec<PlacedDiagnostic>)>,
}

type Handle = Rc<RefCell<Option<CodeEditor>>>;

/// The text as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
struct Written {
    text: String,
    version: u64,
}

/// The SQL editor.
#[component]
pub fn Editor(props: &EditorProps) -> Html {
    let host = use_node_ref();
    let handle: Handle = (*use_memo((), |()| Handle::default())).clone();
    let written = use_state(Written::default);
    let mounted = use_state(|| false);
    let changed = use_changed(&props.lab, &written);
    use_mount(&props.lab, &host, &handle, &mounted, &changed);
    use_script(props, &handle, *mounted, &changed);
    let problems = problems(&written, props);
    use_underlines(&handle, *mounted, &written, &problems);
    let run = {
        let (lab, handle) = (props.lab.clone(), handle.clone());
        Callback::from(move |_: MouseEvent| run_at_cursor(&lab, &handle))
    };
    let commands = {
        let (lab, handle) = (props.lab.clone(), handle.clone());
        Callback::from(move |_: MouseEvent| form_at_cursor(&lab, &handle))
    };
    let ready = *mounted;
    html! {
        <section class="editor panel" aria-label="Editor" data-keys="own">
            <header class="panel-head">
                <h2>{ "Editor" }</h2>
                <span class="grow" />
                <span class="quiet wide-only">{ "Ctrl Enter" }</span>
                <button class="button" disabled={!ready} onclick={commands}
                    title="The form of the command at the cursor, or all commands">
                    { "Commands" }
                </button>
                <button class="button primary" disabled={!ready} onclick={run}
                    title="Run the statement at the cursor, or the selection">{ "Run" }</button>
            </header>
            <div class="editor-host" ref={host} data-ready={ready.to_string()} />
            <div class="problems" role="status" aria-label="Problems">
                { for listed(&written.text, &problems).into_iter().map(|(place, text)| html! {
                    <p><span class="place">{ place }</span>{ " " }{ text }</p>
                }) }
            </div>
        </section>
    }
}

/// What to do when the text changed: ask the engine about it a little later.
#[hook]
fn use_changed(lab: &Lab, written: &UseStateHandle<Written>) -> Callback<String> {
    let timer = use_mut_ref(|| None::<Timeout>);
    let version = use_mut_ref(|| 0_u64);
    let (lab, written) = (lab.clone(), written.setter());
    use_callback((), move |text: String, ()| {
        *version.borrow_mut() += 1;
        let version = *version.borrow();
        lab.change(|state| state.ui.script = PtrEq::new(text.clone()));
        let later = {
            let (lab, text) = (lab.clone(), text.clone());
            Timeout::new(CHECK_MILLIS, move || {
                tasks::check(&lab, &sql_only(&text), version);
            })
        };
        // The timer before is dropped, which stops it.
        *timer.borrow_mut() = Some(later);
        written.set(Written { text, version });
    })
}

/// Mounts the editor once.
#[hook]
fn use_mount(
    lab: &Lab,
    host: &NodeRef,
    handle: &Handle,
    mounted: &UseStateHandle<bool>,
    changed: &Callback<String>,
) {
    let (lab, host, handle) = (lab.clone(), host.clone(), handle.clone());
    let (mounted, changed) = (mounted.setter(), changed.clone());
    use_effect_with((), move |()| {
        let Some(host) = host.cast::<Element>() else {
            return;
        };
        let hooks = Hooks {
            changed: Box::new(move |text| changed.emit(text)),
            run: {
                let (lab, handle) = (lab.clone(), handle.clone());
                Box::new(move || run_at_cursor(&lab, &handle))
            },
            complete: {
                let lab = lab.clone();
                Box::new(move |text, cursor, then| tasks::complete(&lab, &text, cursor, then))
            },
            help: {
                let lab = lab.clone();
                Box::new(move |name, then| tasks::help(&lab, &name, then))
            },
            restart: {
                let lab = lab.clone();
                Box::new(move || {
                    let script = lab.read(|state| state.ui.script.clone());
                    tasks::restart(&lab, &script);
                })
            },
        };
        wasm_bindgen_futures::spawn_local(async move {
            let editor = CodeEditor::mount(host, String::new(), "SQL script", hooks).await;
            if let Ok(editor) = editor {
                *handle.borrow_mut() = Some(editor);
                mounted.set(true);
            }
        });
    });
}

/// Puts the lesson's script into the editor, when both are there, and after each Reset.
#[hook]
fn use_script(props: &EditorProps, handle: &Handle, mounted: bool, changed: &Callback<String>) {
    let (handle, changed) = (handle.clone(), changed.clone());
    use_effect_with((props.lesson.clone(), mounted), move |(lesson, mounted)| {
        if let (Some(lesson), true) = (lesson.as_ref(), mounted) {
            if let Some(editor) = &*handle.borrow() {
                editor.view.replace(&lesson.script);
            }
            changed.emit(lesson.script.clone());
        }
    });
}

/// Underlines what is wrong.
#[hook]
fn use_underlines(handle: &Handle, mounted: bool, written: &Written, problems: &[Diagnostic]) {
    let handle = handle.clone();
    let found: Vec<Underline> = underlines(&written.text, problems, 0);
    use_effect_with((found, mounted, written.version), move |(found, _, _)| {
        if let Some(editor) = &*handle.borrow() {
            editor.view.underline(found);
        }
    });
}

/// Runs the selection, or the statement at the cursor.
fn run_at_cursor(lab: &Lab, handle: &Handle) {
    let Some((text, (from, to))) = handle
        .borrow()
        .as_ref()
        .map(|editor| (editor.view.text(), editor.view.selection()))
    else {
        return;
    };
    let part = match from < to {
        true => in_selection(&text, from, to),
        false => at_cursor(&text, from),
    };
    match part {
        Part::Sql(range) => tasks::run(lab, range.of(&text), Some(range.start)),
        Part::Command(range) => tasks::command(lab, range.of(&text), Some(range.start)),
        Part::StatementAt(cursor) => tasks::run_at(lab, text, cursor),
    }
}

/// Opens the form of the command at the cursor; where there is none, the list of all.
fn form_at_cursor(lab: &Lab, handle: &Handle) {
    let handle = handle.borrow();
    let Some(editor) = &*handle else { return };
    let text = editor.view.text();
    match at_cursor(&text, editor.view.selection().0) {
        Part::Command(range) => tasks::forms::open(lab, range.of(&text)),
        _ => tasks::forms::all(lab),
    }
}

/// Everything that is known to be wrong with the text, by place: what the engine finds in it, and
/// what became of the last run of this very text.
fn problems(written: &Written, props: &EditorProps) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let (version, findings) = &*props.findings;
    if *version == written.version {
        for finding in findings {
            add(&mut found, finding.diagnostic.clone());
        }
    }
    if let Some(ran) = props.ran.as_ref()
        && let Some(offset) = ran.editor_offset
        && written
            .text
            .get(offset as usize..)
            .is_some_and(|rest| rest.starts_with(&ran.text))
    {
        let outcomes = ran.outcomes.iter().flat_map(|outcome| &outcome.diagnostics);
        for placed in outcomes {
            add(&mut found, placed.diagnostic.clone().shifted(offset));
        }
    }
    let place = |it: &Diagnostic| it.span.map_or(u32::MAX, |span| span.start);
    order::sort_by(&mut found, |one, other| place(one).cmp(&place(other)));
    found
}

/// Adds a finding unless another said the same of the same place.
fn add(found: &mut Vec<Diagnostic>, new: Diagnostic) {
    let known = |it: &Diagnostic| it.span == new.span && it.message == new.message;
    if !found.iter().any(known) {
        found.push(new);
    }
}

/// The first problems as place and text.
fn listed(text: &str, problems: &[Diagnostic]) -> Vec<(String, String)> {
    let index = LineIndex::new(text);
    let lines = problems.iter().take(LISTED_MAX).map(|problem| {
        let place = problem.span.map(|span| index.place(text, span.start));
        let place = place.map_or(String::new(), |at| format!("{}:{}", at.line, at.column));
        // ksqlDB's own words for a syntax error say the place themselves.
        let place = if problem.message.starts_with("line ") {
            String::new()
        } else {
            place
        };
        let hints = problem
            .hints
            .iter()
            .filter(|hint| !problem.message.contains(*hint));
        let words = hints.fold(problem.message.clone(), |words, hint| {
            let ends = words.ends_with(['.', '?', '!', ';']);
            format!("{words}{} {hint}", if ends { "" } else { "." })
        });
        (place, words)
    });
    let mut lines: Vec<_> = lines.collect();
    if problems.len() > LISTED_MAX {
        lines.push((
            String::new(),
            format!("and {} more", problems.len() - LISTED_MAX),
        ));
    }
    lines
}
