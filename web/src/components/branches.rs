//! Lines of time that were left by commands given in their past: drawn under the scrubber, listed
//! on demand, and each can be gone back to.

use crate::lab::Lab;
use crate::queries::time;
use crate::tasks;
use headwater_base::time::EPOCH_MILLIS;
use headwater_view::BranchView;
use yew::prelude::*;

/// Lines drawn at most; all branches are in the list.
const LINES_MAX: usize = 4;

/// The branches as lines under the scrubber, which goes from 0 to `end_ms`: each begins where it
/// parts and ends where it was left.
pub fn lines(branches: &[BranchView], end_ms: i64) -> Html {
    if branches.is_empty() {
        return Html::default();
    }
    let place = |time_ms: i64| {
        let since = (time_ms - EPOCH_MILLIS).clamp(0, end_ms);
        1000.0 * since as f64 / end_ms.max(1) as f64
    };
    html! {
        <svg class="branch-lines" viewBox="0 0 1000 16" preserveAspectRatio="none"
            aria-hidden="true">
            { for branches.iter().rev().take(LINES_MAX).enumerate().map(|(row, branch)| {
                let (from, to) = (place(branch.parted_ms), place(branch.head_ms));
                let y = 3 + row * 4;
                let d = format!("M{from:.1} 0 V{y} H{:.1}", to.max(from + 2.0));
                html! { <path {d} /> }
            }) }
        </svg>
    }
}

/// The button that says how many there are, and their list.
pub fn control(lab: &Lab, branches: &[BranchView], open: bool) -> Html {
    if branches.is_empty() {
        return Html::default();
    }
    let toggle = {
        let lab = lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.branches_open = !ui.branches_open))
    };
    let onkeydown = {
        let lab = lab.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                lab.choose(|ui| ui.branches_open = false);
            }
        })
    };
    let count = branches.len();
    let label = format!("{count} branch{}", if count == 1 { "" } else { "es" });
    html! {
        <div class="branches" {onkeydown}>
            <button class="button branch-button" aria-expanded={open.to_string()}
                aria-label={label} onclick={toggle}
                title="Futures that were left by a command given in their past">
                <svg class="icon" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
                    <path class="drawn" d="M3 12h18M8 12c4 0 4 7 8 7h5" />
                </svg>
                { count }
            </button>
            if open {
                <div class="branch-list" role="group" aria-label="Branches">
                    <p>{ "A command in the past begins another future. The old ones are kept:" }</p>
                    <ul>{ for branches.iter().rev().map(|it| item(lab, it)) }</ul>
                </div>
            }
        </div>
    }
}

fn item(lab: &Lab, branch: &BranchView) -> Html {
    let (lab, id) = (lab.clone(), branch.id);
    let onclick = Callback::from(move |_: MouseEvent| tasks::time::take_branch(&lab, id));
    let what = match (branch.commands, branch.first.as_str()) {
        (0, _) => "without any command".to_owned(),
        (1, first) => first.to_owned(),
        (more, first) => format!("{first} and {} more", more - 1),
    };
    let (from, to) = (time::age(branch.parted_ms), time::age(branch.head_ms));
    html! {
        <li>
            <span class="branch-times">{ format!("{from} to {to}") }</span>
            <code class="branch-first">{ what }</code>
            <button class="button small" {onclick}>{ "Go back to it" }</button>
        </li>
    }
}
