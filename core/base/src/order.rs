//! Sorting with one copy of the algorithm, for programs that have to be small: the standard
//! library's sorts are copied for each type that is sorted, at some 5 kB each.
//!
//! The order of places is found first, in the same code for all types; then the things are swapped
//! into it. A hot path with many rows may prefer the standard library's own, which are faster.

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
    let mut merged = Vec::with_capacity(count);
    let mut run = 1;
    // Runs that are in order are merged by pairs, until there is one.
    while run < count {
        for pair in places.chunks(2 * run) {
            let (mut one, mut other) = pair.split_at(run.min(pair.len()));
            while let (Some(first), Some(second)) = (one.first(), other.first()) {
                let is_later = compare(*first, *second) == Ordering::Greater;
                let from = if is_later { &mut other } else { &mut one };
                merged.push(from[0]);
                *from = &from[1..];
            }
            merged.extend_from_slice(one);
            merged.extend_from_slice(other);
        }
        std::mem::swap(&mut places, &mut merged);
        merged.clear();
        run *= 2;
    }
    places
}

/// Where each of the things goes that stand in this order of places.
#[inline(never)]
fn targets(places: &[usize]) -> Vec<usize> {
    let mut targets = vec![0; places.len()];
    for (at, place) in places.iter().enumerate() {
        targets[*place] = at;
    }
    targets
}

/// Sorts `list`; equal ones stay as they were.
///
/// ```
/// let mut list = vec![("b", 1), ("a", 2)];
/// headwater_base::order::sort_by(&mut list, |one, other| one.0.cmp(other.0));
/// assert_eq!(list, [("a", 2), ("b", 1)]);
/// ```
pub fn sort_by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = places(list.len(), &|one, other| compare(&list[one], &list[other]));
    let mut targets = targets(&places);
    for at in 0..list.len() {
        // What stands here goes where it belongs, until the right one has come.
        while targets[at] != at {
            let target = targets[at];
            list.swap(at, target);
            targets.swap(at, target);
        }
    }
}

/// Sorts `list` by what `key` says of each; equal ones stay as they were.
///
/// ```
/// let mut list = vec![3, -1, 2];
/// headwater_base::order::sort_by_key(&mut list, |it: &i32| it.abs());
/// assert_eq!(list, [-1, 2, 3]);
/// ```
pub fn sort_by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(list, |one, other| key(one).cmp(&key(other)));
}

/// Sorts `list`.
///
/// ```
/// let mut list = ["b", "c", "a"];
/// headwater_base::order::sort(&mut list);
/// assert_eq!(list, ["a", "b", "c"]);
/// ```
pub fn sort<T: Ord>(list: &mut [T]) {
    sort_by(list, T::cmp);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_all_lengths_are_sorted_and_equal_ones_stay_as_they_were() {
        let mut drawn = 1_u32;
        for count in 0..70 {
            let mut next = |_| {
                drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                drawn >> 28
            };
            let list: Vec<(u32, usize)> = (0..count).map(|at| (next(at), at)).collect();
            let (mut ours, mut expected) = (list.clone(), list);
            sort_by_key(&mut ours, |it| it.0);
            expected.sort_by_key(|it| it.0);
            assert_eq!(ours, expected);
        }
    }
}
