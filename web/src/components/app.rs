//! The page around the lab: which lesson its address names, and its text.

use crate::components::playground::Playground;
use crate::platform::{PtrEq, keep};
use gloo::net::http::Request;
use headwater_view::SavedLab;
use web_sys::window;
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
                let (lesson, state) = match route {
                    Route::Learn { lesson } => (lesson, None),
                    Route::Lab | Route::Home => shared(),
                };
                let key = format!("{lesson} {}", state.as_deref().unwrap_or_default());
                html! { <Opening {key} {lesson} {state} /> }
            }} />
        </HashRouter>
    }
}

/// The lesson and the state that a shared address names: `#/lab?lesson=first-light&state=…`.
fn shared() -> (String, Option<String>) {
    let hash = window().and_then(|window| window.location().hash().ok());
    let hash = hash.unwrap_or_default();
    let words = hash.split_once('?').map_or("", |it| it.1).split('&');
    let pairs = words.filter_map(|word| word.split_once('='));
    let find = |name: &str| {
        let found = pairs.clone().find(|it| it.0 == name);
        found.map(|it| it.1.to_owned())
    };
    let lesson = find("lesson").unwrap_or_else(|| OPENING_LESSON.to_owned());
    (lesson, find("state"))
}

#[derive(PartialEq, Properties)]
struct OpeningProps {
    lesson: String,
    /// The state of a shared lab, in letters.
    state: Option<String>,
}

/// What an address led to: the lesson's text, and the lab that was shared.
type Fetched = (AttrValue, Option<PtrEq<SavedLab>>);

/// Fetches a lesson; the lab's frame is there at once.
#[component]
fn Opening(props: &OpeningProps) -> Html {
    let fetched = use_state(|| None::<Result<Fetched, AttrValue>>);
    {
        let fetched = fetched.clone();
        let wanted = (props.lesson.clone(), props.state.clone());
        use_effect_with(wanted, move |(lesson, state)| {
            let (lesson, state) = (lesson.clone(), state.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let found = fetch_all(&lesson, state.as_deref()).await;
                fetched.set(Some(found.map_err(AttrValue::from)));
            });
        });
    }
    let (lesson, saved, problem) = match &*fetched {
        Some(Ok((lesson, saved))) => (Some(lesson.clone()), saved.clone(), None),
        Some(Err(problem)) => (None, None, Some(problem.clone())),
        None => (None, None, None),
    };
    let name = AttrValue::from(props.lesson.clone());
    html! { <main class="page"><Playground {lesson} {saved} {problem} {name} /></main> }
}

async fn fetch_all(lesson: &str, state: Option<&str>) -> Result<Fetched, String> {
    let text = fetch(lesson).await?;
    let Some(letters) = state else {
        return Ok((text, None));
    };
    let saved = keep::of_letters(letters).await;
    let mut saved = saved.ok_or(
        "The link is broken: a part of it was cut or changed on the way, or it is of another \
         version. Ask for a file instead.",
    )?;
    saved.lesson = text.to_string();
    Ok((text, Some(PtrEq::new(saved))))
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
