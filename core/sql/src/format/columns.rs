//! A set of columns by index: which of them a plan needs.

/// A set of column indexes.
///
/// ```
/// use headwater_sql::format::ColumnSet;
/// let mut wanted = ColumnSet::none(70);
/// wanted.insert(64);
/// assert!(wanted.contains(64) && !wanted.contains(0));
/// assert!(ColumnSet::all(3).contains(2));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ColumnSet(Vec<u64>);

impl ColumnSet {
    /// None of `count` columns.
    pub fn none(count: usize) -> ColumnSet {
        ColumnSet(vec![0; count.div_ceil(64)])
    }

    /// All of `count` columns.
    pub fn all(count: usize) -> ColumnSet {
        let mut set = ColumnSet::none(count);
        (0..count).for_each(|column| set.insert(column));
        set
    }

    /// Adds one.
    pub fn insert(&mut self, column: usize) {
        let word = column / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (column % 64);
    }

    /// Whether one is in it.
    pub fn contains(&self, column: usize) -> bool {
        let word = self.0.get(column / 64).copied().unwrap_or(0);
        word >> (column % 64) & 1 == 1
    }
}
