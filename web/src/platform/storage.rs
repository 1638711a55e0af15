//! Small wishes that outlive the visit, such as the places of splitters. The page works without:
//! where the browser refuses storage, nothing is kept and nothing fails.

use web_sys::Storage;

fn local() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What was kept under `name`.
pub fn kept(name: &str) -> Option<String> {
    local()?
        .get_item(&format!("headwater.{name}"))
        .ok()
        .flatten()
}

/// Keeps `value` under `name`.
pub fn keep(name: &str, value: &str) {
    if let Some(storage) = local() {
        // A full or forbidden storage is no reason to disturb anyone.
        let _ = storage.set_item(&format!("headwater.{name}"), value);
    }
}
