//! The lesson's text: prose, and its SQL with a button that runs it.

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::tasks;
use headwater_view::{LessonPart, OpenedLesson};
use yew::prelude::*;

/// What the guide shows.
#[derive(PartialEq, Properties)]
pub struct GuideProps {
    /// The lab.
    pub lab: Lab,
    /// The lesson.
    pub lesson: PtrEq<Option<OpenedLesson>>,
    /// Whether only the title is shown.
    pub folded: bool,
}

/// The lesson's text.
#[component]
pub fn Guide(props: &GuideProps) -> Html {
    let fold = {
        let lab = props.lab.clone();
        Callback::from(move |_: MouseEvent| lab.choose(|ui| ui.guide_folded = !ui.guide_folded))
    };
    let class = classes!("guide", "panel", props.folded.then_some("folded"));
    html! {
        <section {class} aria-label="Guide">
            <header class="panel-head">
                <h2>{ "Guide" }</h2>
                <span class="grow" />
                <button class="button small wide-only" aria-expanded={(!props.folded).to_string()}
                    onclick={fold}>
                    { if props.folded { "Unfold" } else { "Fold" } }
                </button>
            </header>
            if !props.folded {
                <div class="panel-body prose" tabindex="0" data-keys="own" role="group"
                    aria-label="Lesson text">
                    if let Some(lesson) = props.lesson.as_ref() {
                        { for lesson.parts.iter().map(|part| show(&props.lab, part)) }
                    } else {
                        <div class="ruled" aria-hidden="true"><i /><i /><i /><i /><i /></div>
                    }
                </div>
            }
        </section>
    }
}

fn show(lab: &Lab, part: &LessonPart) -> Html {
    match part {
        // The engine makes it of Markdown, without scripts and styles.
        LessonPart::Prose { html } => Html::from_html_unchecked(AttrValue::from(html.clone())),
        LessonPart::Sql { text, ran } => {
            let onclick = {
                let (lab, text) = (lab.clone(), text.clone());
                Callback::from(move |_: MouseEvent| tasks::run(&lab, &text, None))
            };
            html! {
                <div class="guide-sql">
                    <pre tabindex="0"><code>{ text.trim_end() }</code></pre>
                    <div class="guide-sql-foot">
                        if *ran {
                            <span class="quiet">{ "runs since the lab was opened" }</span>
                        }
                        <button class="button small" {onclick}>{ "Try this SQL" }</button>
                    </div>
                </div>
            }
        }
        LessonPart::Lab { text } => html! {
            <details class="guide-lab">
                <summary>{ "What the world outside SQL does here" }</summary>
                <pre tabindex="0"><code>{ text.trim_end() }</code></pre>
            </details>
        },
    }
}
