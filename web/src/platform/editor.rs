//! The line to the editor's JavaScript, `web/editor/src/editor.js`: typed handles and conversions,
//! no logic.

mod answers;

pub use answers::{Complete, Explain};

use crate::platform::code::{Underline, Units};
use headwater_syntax::{HighlightKind, highlight_words};
use js_sys::{Array, Object, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::Element;

#[wasm_bindgen(module = "/src/platform/load.js")]
extern "C" {
    #[wasm_bindgen(js_name = loadEditor)]
    fn load_editor() -> Promise;
}

#[wasm_bindgen]
extern "C" {
    type Module;

    #[wasm_bindgen(method, catch)]
    fn mount(
        this: &Module,
        host: &Element,
        text: &str,
        label: &str,
        hooks: &Object,
    ) -> Result<View, JsValue>;

    /// A mounted editor.
    #[derive(Clone, Debug)]
    pub type View;

    /// Its text.
    #[wasm_bindgen(method)]
    pub fn text(this: &View) -> String;

    #[wasm_bindgen(method, js_name = selection)]
    fn selected_units(this: &View) -> Vec<u32>;

    /// Takes `text` in place of all it has, without telling `changed`.
    #[wasm_bindgen(method)]
    pub fn replace(this: &View, text: &str);

    #[wasm_bindgen(method)]
    fn findings(this: &View, spans: Uint32Array, messages: Array);

    /// Takes the keyboard's focus.
    #[wasm_bindgen(method)]
    pub fn focus(this: &View);

    #[wasm_bindgen(method)]
    fn destroy(this: &View);
}

/// What an editor calls.
pub struct Hooks {
    /// The text changed by the visitor's hand.
    pub changed: Box<dyn Fn(String)>,
    /// The visitor wants to run what is at the cursor.
    pub run: Box<dyn Fn()>,
    /// The visitor wants to begin again with the whole text.
    pub restart: Box<dyn Fn()>,
    /// What can be written at a cursor, in bytes; told later, to the last argument.
    pub complete: Complete,
    /// Help on a name; told later, to the last argument.
    pub help: Explain,
}

/// A mounted editor and the closures that it calls.
pub struct Editor {
    /// Its handle.
    pub view: View,
    _changed: Closure<dyn Fn(String)>,
    _run: Closure<dyn Fn()>,
    _restart: Closure<dyn Fn()>,
    _highlight: Closure<dyn Fn(String) -> Uint32Array>,
    _complete: Closure<dyn Fn(String, u32) -> Promise>,
    _help: Closure<dyn Fn(String) -> Promise>,
}

impl std::fmt::Debug for Editor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Editor")
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        self.view.destroy();
    }
}

impl Editor {
    /// Loads the editor's bundle and mounts it in `host`.
    pub async fn mount(
        host: Element,
        text: String,
        label: &str,
        hooks: Hooks,
    ) -> Result<Editor, JsValue> {
        let module = wasm_bindgen_futures::JsFuture::from(load_editor()).await?;
        let module: Module = module.unchecked_into();
        let changed = Closure::wrap(hooks.changed);
        let run = Closure::wrap(hooks.run);
        let restart = Closure::wrap(hooks.restart);
        let colours: Box<dyn Fn(String) -> Uint32Array> = Box::new(|text| colours(&text));
        let highlight = Closure::wrap(colours);
        let complete = answers::completions(hooks.complete);
        let help = answers::help(hooks.help);
        let object = Object::new();
        for (name, closure) in [
            ("changed", changed.as_ref()),
            ("run", run.as_ref()),
            ("restart", restart.as_ref()),
            ("highlight", highlight.as_ref()),
            ("complete", complete.as_ref()),
            ("help", help.as_ref()),
        ] {
            Reflect::set(&object, &name.into(), closure)?;
        }
        let view = module.mount(&host, &text, label, &object)?;
        Ok(Editor {
            view,
            _changed: changed,
            _run: run,
            _restart: restart,
            _highlight: highlight,
            _complete: complete,
            _help: help,
        })
    }
}

impl View {
    /// The selection as byte offsets of the text.
    pub fn selection(&self) -> (u32, u32) {
        let text = self.text();
        let units = Units::new(&text);
        let ends = self.selected_units();
        let end = |at: usize| units.to_byte(ends.get(at).copied().unwrap_or(0));
        (end(0), end(1))
    }

    /// Underlines these and nothing else.
    pub fn underline(&self, found: &[Underline]) {
        let numbers = found
            .iter()
            .flat_map(|it| [it.from, it.to, u32::from(it.error)]);
        let numbers: Vec<u32> = numbers.collect();
        let messages = found.iter().map(|it| JsValue::from_str(&it.message));
        self.findings(Uint32Array::from(numbers.as_slice()), messages.collect());
    }
}

/// The colours of `text` as `[from, to, kind, …]` in UTF-16 offsets.
fn colours(text: &str) -> Uint32Array {
    let units = Units::new(text);
    let pieces = highlight_words(text).into_iter();
    let flat = pieces.flat_map(|(span, kind)| {
        [
            units.of_byte(span.start),
            units.of_byte(span.end),
            number_of(kind),
        ]
    });
    Uint32Array::from(flat.collect::<Vec<u32>>().as_slice())
}

/// The number by which `look.js` knows a kind.
fn number_of(kind: HighlightKind) -> u32 {
    match kind {
        HighlightKind::Keyword => 1,
        HighlightKind::Identifier | HighlightKind::QuotedIdentifier => 2,
        HighlightKind::String => 3,
        HighlightKind::Number | HighlightKind::Variable => 4,
        HighlightKind::Comment => 5,
        HighlightKind::Operator => 6,
        HighlightKind::Type => 7,
        HighlightKind::Function => 8,
        HighlightKind::Error => 9,
    }
}
