//! Sorting with one copy of the algorithm, for programs that have to be small: the standard
//! library's sorts are copied for each type that is sorted, at some 5 kB each.
//!
//! What is sorted here is short; elsewhere the standard library's own are faster.

use std::cmp::Ordering;

/// The places of `count` things in the order that `compare` gives; equal ones stay as they were.
///
/// ```
/// use headwater_base::order;
/// let words = ["b", "a", "c"];
/// assert_eq!(order::places(3, &|one, other| words[one].cmp(words[other])), [1, 0, 2]);
/// ```
#[inline(never)]
pub fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

/// Sorts `list`; equal ones stay as they were.
///
/// ```
/// let mut list = vec![("b", 1), ("a", 2)];
/// headwater_base::order::sort_by(&mut list, |one, other| one.0.cmp(other.0));
/// assert_eq!(list, [("a", 2), ("b", 1)]);
/// ```
pub fn sort_by<T>(list: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let order = places(list.len(), &|one, other| compare(&list[one], &list[other]));
    let mut left: Vec<Option<T>> = list.drain(..).map(Some).collect();
    list.extend(order.into_iter().filter_map(|place| left[place].take()));
}
