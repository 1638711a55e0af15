//! Maps and sets for some thousand entries at most: a vector in the order of its keys.
//!
//! The standard library's B-trees are copied for each type of key and value, at some 5 kB each,
//! and the laboratory's programs are downloaded. These are a tenth of that, and quick to look up,
//! to walk and to clone. An insertion moves what comes after it, so what grows with the number of
//! records stays in a B-tree. Methods are called as they are there.

mod kept;
mod map;
mod set;

pub use map::{Entry, IntoIter, Iter, IterMut, SortedMap};
pub use set::SortedSet;
