//! What the page takes for lab commands, beside what the engine does: the page's own program links
//! no engine, so it has a list of its own, which must not fall behind. It may hold more: nouns that
//! the engine knows and refuses.

use headwater_core::command::table::FORMS;
use headwater_web::queries::script::NOUNS;

#[test]
fn the_pages_nouns_are_the_engines() {
    for form in FORMS {
        assert!(NOUNS.contains(&form.noun), "{} is missing", form.noun);
    }
}
