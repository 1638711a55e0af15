//! Writing: a lab as a link or a file, and back.

use crate::lab::Lab;
use crate::platform::{PtrEq, keep};
use crate::tasks::{opened, refused};
use crate::ui::{Note, Stage};
use headwater_view::{Reply, Request, SavedLab};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, window};

/// Longest link, in characters: longer ones get lost in mails and chats.
pub const LINK_MAX: usize = 8_000;

/// Brings back a lab that was kept.
pub fn load(lab: &Lab, saved: &SavedLab) {
    lab.ask(Request::Load(Box::new(saved.clone())), |lab, reply| {
        lab.drawing(|drawing| drawing.settle());
        lab.change(|state| state.ui.stage = Stage::Open);
        opened(lab, reply);
        lab.show();
    });
}

/// Asks for the lab as it can be kept, with the editor's text.
fn saved(lab: &Lab, then: impl FnOnce(&Lab, SavedLab) + 'static) {
    lab.ask(Request::Save, |lab, reply| match reply {
        Reply::Saved(mut saved) => {
            saved.script = lab.read(|state| (*state.ui.script).clone());
            then(lab, *saved);
        }
        other => refused(lab, &other),
    });
}

/// Makes the link to the lab as it is; `lesson` is the name of its lesson.
pub fn make_link(lab: &Lab, lesson: &str) {
    let lesson = lesson.to_owned();
    lab.choose(|ui| {
        ui.share_open = true;
        ui.link = PtrEq::default();
    });
    saved(lab, |lab, saved| {
        let lab = lab.clone();
        spawn_local(async move {
            let link = link_to(&saved, &lesson).await;
            lab.choose(|ui| ui.link = PtrEq::new(Some(link)));
        });
    });
}

async fn link_to(saved: &SavedLab, lesson: &str) -> Result<String, String> {
    let small = SavedLab {
        lesson: String::new(),
        ..saved.clone()
    };
    let letters = keep::to_letters(&small).await;
    let letters = letters.ok_or("This browser cannot compress: save a file instead.")?;
    let page = window().and_then(|window| window.location().href().ok());
    let page = page.unwrap_or_default();
    let page = page.split('#').next().unwrap_or_default();
    let link = format!("{page}#/lab?lesson={lesson}&state={letters}");
    match link.len() {
        0..=LINK_MAX => Ok(link),
        length => Err(format!(
            "The link would have {length} characters, and {LINK_MAX} are possible: save a file \
             instead."
        )),
    }
}

/// Gives the visitor the lab as a file.
pub fn save_file(lab: &Lab) {
    saved(lab, |lab, saved| match keep::to_text(&saved) {
        Some(text) => keep::give(&format!("headwater-step-{}.json", saved.step), &text),
        None => broken(lab, "The lab could not be written."),
    });
}

/// Opens the file that was chosen in `input`.
pub fn open_file(lab: &Lab, input: HtmlInputElement) {
    let lab = lab.clone();
    spawn_local(async move {
        let Some(text) = keep::chosen_text(&input).await else {
            return;
        };
        match keep::of_text(&text) {
            Some(saved) => {
                lab.choose(|ui| ui.share_open = false);
                lab.load(&saved);
            }
            None => broken(&lab, "This file is no lab that Headwater has saved."),
        }
    });
}

/// Puts the link into the clipboard.
pub fn copy_link(lab: &Lab, then: impl FnOnce(bool) + 'static) {
    let link = lab.read(|state| state.ui.link.clone());
    if let Some(Ok(link)) = link.as_ref() {
        let link = link.clone();
        spawn_local(async move { then(keep::copied(&link).await) });
    }
}

fn broken(lab: &Lab, text: &str) {
    let note = Note {
        title: "This could not be done".to_owned(),
        text: text.to_owned(),
        hints: vec!["Save and Open are under Share.".to_owned()],
        ways: Vec::new(),
    };
    lab.choose(|ui| ui.note = PtrEq::new(Some(note)));
}
