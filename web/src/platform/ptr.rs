//! Shared data that is compared by its address, so that Yew renders again only what was replaced.

use std::ops::Deref;
use std::rc::Rc;

/// An `Rc` whose equality is that of the pointer.
///
/// ```
/// use headwater_web::platform::PtrEq;
/// let one = PtrEq::new(vec![1]);
/// assert!(one == one.clone());
/// assert!(one != PtrEq::new(vec![1]));
/// ```
#[derive(Debug, Default)]
pub struct PtrEq<T>(Rc<T>);

impl<T> PtrEq<T> {
    /// Shares `value`.
    pub fn new(value: T) -> PtrEq<T> {
        PtrEq(Rc::new(value))
    }
}

impl<T> Clone for PtrEq<T> {
    fn clone(&self) -> Self {
        PtrEq(self.0.clone())
    }
}

impl<T> PartialEq for PtrEq<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for PtrEq<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
