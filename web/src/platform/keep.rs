//! Labs as links and as files: bytes to letters and back, JSON text, the browser's downloads. What
//! is in a lab, nothing here knows but its type.

use headwater_view::SavedLab;
use js_sys::{JSON, Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

#[wasm_bindgen(module = "/src/platform/keep.js")]
extern "C" {
    fn pack(bytes: &Uint8Array) -> Promise;
    fn unpack(text: &str) -> Promise;
    /// Gives the visitor a file.
    pub fn give(name: &str, text: &str);
    fn chosen(input: &HtmlInputElement) -> Promise;
    fn copy(text: &str) -> Promise;
}

/// A lab in letters that a link can hold.
pub async fn to_letters(saved: &SavedLab) -> Option<String> {
    let bytes = postcard::to_stdvec(saved).ok()?;
    let packed = JsFuture::from(pack(&Uint8Array::from(bytes.as_slice()))).await;
    packed.ok()?.as_string()
}

/// The lab that letters hold; `None` if they were cut or changed.
pub async fn of_letters(letters: &str) -> Option<SavedLab> {
    let bytes = JsFuture::from(unpack(letters)).await.ok()?;
    postcard::from_bytes(&Uint8Array::from(bytes).to_vec()).ok()
}

/// A lab as the text of a file.
pub fn to_text(saved: &SavedLab) -> Option<String> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    let value = saved.serialize(&plain).ok()?;
    let laid_out = JSON::stringify_with_replacer_and_space(&value, &JsValue::NULL, &2.into());
    laid_out.ok()?.as_string()
}

/// The lab in the text of a file.
pub fn of_text(text: &str) -> Option<SavedLab> {
    serde_wasm_bindgen::from_value(JSON::parse(text).ok()?).ok()
}

/// The text of the file that was chosen.
pub async fn chosen_text(input: &HtmlInputElement) -> Option<String> {
    JsFuture::from(chosen(input)).await.ok()?.as_string()
}

/// Whether the text is in the clipboard now.
pub async fn copied(text: &str) -> bool {
    let done = JsFuture::from(copy(text)).await;
    done.is_ok_and(|it| it == JsValue::TRUE)
}
