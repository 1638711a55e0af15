//! The sorted map. Read [`super`] first.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::ops::{Bound, Index, RangeBounds};

/// A map in the order of its keys.
///
/// ```
/// use headwater_base::SortedMap;
/// let mut ages = SortedMap::from([("Ida", 7), ("Bo", 5)]);
/// ages.insert("Ida", 8);
/// *ages.entry("Cy").or_default() += 1;
/// assert!(ages.iter().eq([(&"Bo", &5), (&"Cy", &1), (&"Ida", &8)]));
/// assert_eq!(ages.remove("Bo"), Some(5));
/// assert_eq!(ages.range("D"..).next(), Some((&"Ida", &8)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortedMap<K, V> {
    entries: Vec<(K, V)>,
}

impl<K, V> SortedMap<K, V> {
    /// An empty map.
    pub const fn new() -> SortedMap<K, V> {
        SortedMap {
            entries: Vec::new(),
        }
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Removes all entries.
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    /// The entries, by key.
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter(self.entries.iter())
    }

    /// The entries, by key; values can be changed.
    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        IterMut(self.entries.iter_mut())
    }

    /// The keys.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + ExactSizeIterator + Clone {
        self.entries.iter().map(|entry| &entry.0)
    }

    /// The values, by key.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + ExactSizeIterator + Clone {
        self.entries.iter().map(|entry| &entry.1)
    }

    /// The values, by key, to be changed.
    pub fn values_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut V> + ExactSizeIterator {
        self.entries.iter_mut().map(|entry| &mut entry.1)
    }

    /// The keys alone.
    pub fn into_keys(self) -> impl DoubleEndedIterator<Item = K> + ExactSizeIterator {
        self.entries.into_iter().map(|entry| entry.0)
    }

    /// The values alone, by key.
    pub fn into_values(self) -> impl DoubleEndedIterator<Item = V> + ExactSizeIterator {
        self.entries.into_iter().map(|entry| entry.1)
    }

    /// The entry with the least key.
    pub fn first_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next()
    }

    /// The entry with the greatest key.
    pub fn last_key_value(&self) -> Option<(&K, &V)> {
        self.iter().next_back()
    }

    /// Takes the entry with the greatest key out.
    pub fn pop_last(&mut self) -> Option<(K, V)> {
        self.entries.pop()
    }

    /// Keeps the entries of which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &mut V) -> bool) {
        self.entries.retain_mut(|(key, value)| keep(key, value));
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// Where the key is, or else where it would be.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.entries
            .binary_search_by(|(known, _)| known.borrow().cmp(key))
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        Some(&self.entries[at].1)
    }

    /// The entry of a key, which is as it was put in.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let (key, value) = &self.entries[self.place(key).ok()?];
        Some((key, value))
    }

    /// The value of a key, to be changed.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        Some(&mut self.entries[at].1)
    }

    /// Whether there is such a key.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.place(key).is_ok()
    }

    /// Puts an entry in; the value that the key had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.entry(key) {
            Entry::Known(known) => Some(std::mem::replace(known, value)),
            Entry::New(entries, at, key) => {
                entries.insert(at, (key, value));
                None
            }
        }
    }

    /// Takes an entry out.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let at = self.place(key).ok()?;
        Some(self.entries.remove(at).1)
    }

    /// The place of a key, whether there is something or not.
    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        // What comes in order, and that is most, needs no search.
        let is_last = |last: &(K, V)| last.0.cmp(&key) == Ordering::Less;
        let place = match self.entries.last() {
            Some(last) if is_last(last) => Err(self.entries.len()),
            _ => self.place(&key),
        };
        match place {
            Ok(at) => Entry::Known(&mut self.entries[at].1),
            Err(at) => Entry::New(&mut self.entries, at, key),
        }
    }

    /// The entries whose keys are in the range.
    pub fn range<Q: Ord + ?Sized>(&self, range: impl RangeBounds<Q>) -> Iter<'_, K, V>
    where
        K: Borrow<Q>,
    {
        let before = |bound: &Q| self.entries.partition_point(|it| it.0.borrow() < bound);
        let upto = |bound: &Q| self.entries.partition_point(|it| it.0.borrow() <= bound);
        let start = match range.start_bound() {
            Bound::Included(bound) => before(bound),
            Bound::Excluded(bound) => upto(bound),
            Bound::Unbounded => 0,
        };
        let end = match range.end_bound() {
            Bound::Included(bound) => upto(bound),
            Bound::Excluded(bound) => before(bound),
            Bound::Unbounded => self.entries.len(),
        };
        Iter(self.entries[start..end.max(start)].iter())
    }
}

/// The place of a key.
#[derive(Debug)]
pub enum Entry<'m, K, V> {
    /// It has a value.
    Known(&'m mut V),
    /// It has none; it would stand at this place.
    New(&'m mut Vec<(K, V)>, usize, K),
}

impl<'m, K, V> Entry<'m, K, V> {
    /// The value; this one, where there is none yet.
    pub fn or_insert(self, value: V) -> &'m mut V {
        match self {
            Entry::Known(known) => known,
            Entry::New(entries, at, key) => {
                entries.insert(at, (key, value));
                &mut entries[at].1
            }
        }
    }

    /// The value; what `make` gives, where there is none yet.
    pub fn or_insert_with(self, make: impl FnOnce() -> V) -> &'m mut V {
        match self {
            Entry::Known(known) => known,
            new => new.or_insert(make()),
        }
    }

    /// The value; its type's default, where there is none yet.
    pub fn or_default(self) -> &'m mut V
    where
        V: Default,
    {
        self.or_insert_with(V::default)
    }
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> SortedMap<K, V> {
        SortedMap::new()
    }
}

impl<K: Ord, V> Extend<(K, V)> for SortedMap<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> SortedMap<K, V> {
        let mut map = SortedMap::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V, const N: usize> From<[(K, V); N]> for SortedMap<K, V> {
    fn from(entries: [(K, V); N]) -> SortedMap<K, V> {
        entries.into_iter().collect()
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SortedMap<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.get(key).expect("the key has a value")
    }
}

/// Entries, by key.
#[derive(Debug)]
pub struct Iter<'m, K, V>(std::slice::Iter<'m, (K, V)>);

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Iter(self.0.clone())
    }
}

/// Entries, by key; values can be changed.
#[derive(Debug)]
pub struct IterMut<'m, K, V>(std::slice::IterMut<'m, (K, V)>);

/// Entries, by key, that belonged to a map.
pub type IntoIter<K, V> = std::vec::IntoIter<(K, V)>;

impl<'m, K, V> Iterator for Iter<'m, K, V> {
    type Item = (&'m K, &'m V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

impl<'m, K, V> Iterator for IterMut<'m, K, V> {
    type Item = (&'m K, &'m mut V);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (&*key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<'m, K, V> IntoIterator for &'m SortedMap<K, V> {
    type Item = (&'m K, &'m V);
    type IntoIter = Iter<'m, K, V>;

    fn into_iter(self) -> Iter<'m, K, V> {
        self.iter()
    }
}

impl<'m, K, V> IntoIterator for &'m mut SortedMap<K, V> {
    type Item = (&'m K, &'m mut V);
    type IntoIter = IterMut<'m, K, V>;

    fn into_iter(self) -> IterMut<'m, K, V> {
        self.iter_mut()
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        self.entries.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_behaves_as_a_b_tree_does() {
        let mut drawn = 7_u32;
        let mut next = || {
            drawn = drawn.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            drawn >> 16
        };
        let (mut ours, mut theirs) = (SortedMap::new(), BTreeMap::new());
        for turn in 0..3000 {
            let key = next() % 60;
            match next() % 4 {
                0 => assert_eq!(ours.remove(&key), theirs.remove(&key)),
                1 => assert_eq!(ours.insert(key, turn), theirs.insert(key, turn)),
                2 => {
                    *ours.entry(key).or_insert(1) += turn;
                    *theirs.entry(key).or_insert(1) += turn;
                }
                _ => assert_eq!(ours.get(&key), theirs.get(&key)),
            }
            assert!(ours.iter().eq(theirs.iter()));
            let low = next() % 60;
            assert!(
                ours.range(low..40.max(low))
                    .eq(theirs.range(low..40.max(low)))
            );
            assert!(ours.range(..=low).rev().eq(theirs.range(..=low).rev()));
            assert_eq!(ours.last_key_value(), theirs.last_key_value());
            assert_eq!(ours.len(), theirs.len());
        }
    }
}
