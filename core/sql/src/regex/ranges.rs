//! Sets of characters as sorted ranges, and their algebra.
use headwater_base::order;

/// Characters, as ranges that are sorted and do not touch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Ranges(Vec<(u32, u32)>);

/// The last code point.
pub(super) const LAST: u32 = 0x10_FFFF;

impl Ranges {
    /// From ranges in any order.
    pub(super) fn of(ranges: &[(u32, u32)]) -> Ranges {
        let mut ranges = ranges.to_vec();
        order::sort(&mut ranges);
        let mut joined: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match joined.last_mut() {
                Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
                _ => joined.push((low, high)),
            }
        }
        Ranges(joined)
    }

    /// From pairs of ASCII characters: `of_ascii("azAZ")` is `[a-zA-Z]`.
    pub(super) fn of_ascii(pairs: &str) -> Ranges {
        let pair = |pair: &[u8]| (u32::from(pair[0]), u32::from(pair[1]));
        Ranges::of(
            &pairs
                .as_bytes()
                .chunks_exact(2)
                .map(pair)
                .collect::<Vec<_>>(),
        )
    }

    /// One character.
    pub(super) fn one(character: char) -> Ranges {
        Ranges(vec![(u32::from(character), u32::from(character))])
    }

    /// All characters for which something holds.
    pub(super) fn holding(holds: impl Fn(char) -> bool) -> Ranges {
        let mut ranges = Vec::new();
        for code in (0..=LAST).filter(|code| char::from_u32(*code).is_some_and(&holds)) {
            match ranges.last_mut() {
                Some((_, high)) if *high + 1 == code => *high = code,
                _ => ranges.push((code, code)),
            }
        }
        Ranges(ranges)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.0.iter().copied()
    }

    pub(super) fn union(&self, other: &Ranges) -> Ranges {
        Ranges::of(&[self.0.as_slice(), other.0.as_slice()].concat())
    }

    pub(super) fn negated(&self) -> Ranges {
        let mut ranges = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for (low, high) in self.iter() {
            if low > next {
                ranges.push((next, low - 1));
            }
            next = high + 1;
        }
        if next <= LAST {
            ranges.push((next, LAST));
        }
        Ranges(ranges)
    }

    pub(super) fn intersection(&self, other: &Ranges) -> Ranges {
        self.negated().union(&other.negated()).negated()
    }

    pub(super) fn contains(&self, character: char) -> bool {
        let code = u32::from(character);
        let at = self.0.partition_point(|(low, _)| *low <= code);
        at > 0 && self.0[at - 1].1 >= code
    }

    /// With the other case of every letter: of ASCII only, or of all of Unicode.
    pub(super) fn folded(&self, unicode: bool) -> Ranges {
        let mut ranges = self.0.clone();
        for (low, high) in self.iter() {
            let last = if unicode { high } else { high.min(0x7F) };
            for code in low..=last {
                let Some(character) = char::from_u32(code) else {
                    continue;
                };
                let others = if unicode {
                    other_cases(character)
                } else {
                    [
                        character.to_ascii_lowercase(),
                        character.to_ascii_uppercase(),
                    ]
                };
                ranges.extend(others.map(|other| (u32::from(other), u32::from(other))));
            }
        }
        Ranges::of(&ranges)
    }
}

/// A character's lower and upper case, where each is one character.
pub(super) fn other_cases(character: char) -> [char; 2] {
    let upper = only(character.to_uppercase()).unwrap_or(character);
    let lower = only(upper.to_lowercase()).unwrap_or(character);
    [lower, upper]
}

fn only(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next();
    first.filter(|_| characters.next().is_none())
}

/// Ranges, with a table for ASCII in front.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CharSet {
    ascii: u128,
    ranges: Ranges,
}

impl CharSet {
    pub(super) fn new(ranges: Ranges) -> CharSet {
        let ascii = (0..128u8).filter(|byte| ranges.contains(char::from(*byte)));
        CharSet {
            ascii: ascii.fold(0, |bits, byte| bits | 1 << byte),
            ranges,
        }
    }

    #[inline]
    pub(super) fn contains(&self, character: char) -> bool {
        match u32::from(character) {
            code @ 0..128 => self.ascii >> code & 1 == 1,
            _ => self.ranges.contains(character),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_algebra_is_that_of_sets() {
        let letters = Ranges::of_ascii("azAZ");
        let low = Ranges::of(&[(u32::from('x'), 0x100), (0, 0x42), (0x43, 0x44)]);
        assert_eq!(low, Ranges::of(&[(0, 0x44), (0x78, 0x100)]));
        assert_eq!(letters.intersection(&low), Ranges::of_ascii("ADxz"));
        assert_eq!(letters.negated().negated(), letters);
        assert_eq!(
            letters.union(&letters.negated()).negated(),
            Ranges::default()
        );
        assert_eq!(
            Ranges::of_ascii("kk").folded(false),
            Ranges::of_ascii("kkKK")
        );
        assert_eq!(other_cases('ß'), ['ß', 'ß']);
    }
}
