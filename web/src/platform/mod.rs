//! What the browser offers, in the shapes that the page wants: pointer-equal data, styles through
//! the CSS object model, storage that may be missing, the editor's module.

pub mod code;
pub mod editor;
pub mod keep;
pub mod ptr;
pub mod storage;
pub mod style;
pub mod worker;

pub use ptr::PtrEq;
