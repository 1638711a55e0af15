//! The page around the lab: which lesson its address names, and its text.

use crate::components::playground::Playground;
use gloo::net::http::Request;
use yew::prelude::*;
use yew_router::prelude::*;

/// The lesson that opens where the address names none.
const OPENING_LESSON: &str = "first-light";

/// Addresses of the page, after the `#`.
#[derive(Clone, Debug, PartialEq, Routable)]
enum Route {
    #[at("/lab")]
    Lab,
    #[at("/learn/:lesson")]
    Learn { lesson: String },
    #[not_found]
    #[at("/")]
    Home,
}

/// The page.
#[component]
pub fn App() -> Html {
    html! {
        <HashRouter>
            <Switch<Route> render={|route| {
                let lesson = match route {
                    Route::Learn { lesson } => lesson,
                    Route::Lab | Route::Home => OPENING_LESSON.to_owned(),
                };
                let key = lesson.clone();
                html! { <Opening {key} {lesson} /> }
            }} />
        </HashRouter>
    }
}

#[derive(PartialEq, Properties)]
struct OpeningProps {
    lesson: String,
}

/// Fetches a lesson; the lab's frame is there at once.
#[component]
fn Opening(props: &OpeningProps) -> Html {
    let text = use_state(|| None::<Result<AttrValue, AttrValue>>);
    {
        let text = text.clone();
        use_effect_with(props.lesson.clone(), move |lesson| {
            let lesson = lesson.clone();
            wasm_bindgen_futures::spawn_local(async move {
                text.set(Some(fetch(&lesson).await.map_err(AttrValue::from)));
            });
        });
    }
    let (lesson, problem) = match &*text {
        Some(Ok(lesson)) => (Some(lesson.clone()), None),
        Some(Err(problem)) => (None, Some(problem.clone())),
        None => (None, None),
    };
    html! { <main class="page"><Playground {lesson} {problem} /></main> }
}

/// The text of a lesson, from beside the page.
async fn fetch(lesson: &str) -> Result<AttrValue, String> {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if lesson.is_empty() || !lesson.chars().all(plain) {
        return Err(format!("There is no lesson named \"{lesson}\"."));
    }
    let address = format!("static/lessons/{lesson}.md");
    let answer = Request::get(&address).send().await;
    let answer = answer.map_err(|error| format!("{address} could not be fetched: {error}"))?;
    if !answer.ok() {
        return Err(format!(
            "There is no lesson named \"{lesson}\" ({address} is not there)."
        ));
    }
    let text = answer.text().await;
    let text = text.map_err(|error| format!("{address} could not be read: {error}"))?;
    Ok(AttrValue::from(text))
}
