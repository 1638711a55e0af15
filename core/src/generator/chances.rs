//! The distributions that draws are made of.

use super::draw::{Drawn, Luck, Part, Range};
use headwater_base::Chance;

/// Whether something happens that does so in so many of a thousand cases.
pub(super) fn happens(per_mille: u32, chance: &mut Chance) -> bool {
    chance.range(0, 999) < i64::from(per_mille)
}

/// The sum of twelve uniform draws is near enough to a normal one, and needs no logarithm.
pub(super) fn normal(mean: i64, deviation: i64, range: Range, chance: &mut Chance) -> Drawn {
    const TRIES: u32 = 8;
    let mut drawn = mean;
    for _ in 0..TRIES {
        let sum: f64 = (0..12).map(|_| chance.unit()).sum();
        let moved = (sum - 6.0) * deviation as f64;
        drawn = mean.saturating_add(moved as i64);
        if (range.low..=range.high).contains(&drawn) {
            break;
        }
    }
    range.number(drawn)
}

pub(super) fn zipf(low: i64, sums: &[u64], chance: &mut Chance) -> Drawn {
    let total = sums.last().copied().unwrap_or(1).max(1);
    let drawn = chance.range(0, i64::try_from(total).unwrap_or(i64::MAX) - 1) as u64;
    let at = sums.partition_point(|sum| *sum <= drawn);
    Drawn::whole(low.saturating_add(at as i64))
}

pub(super) fn choice(options: &[(Drawn, u32)], chance: &mut Chance) -> Drawn {
    let total: i64 = options.iter().map(|(_, weight)| i64::from(*weight)).sum();
    let mut drawn = chance.range(0, total.max(1) - 1);
    for (value, weight) in options {
        drawn -= i64::from(*weight);
        if drawn < 0 {
            return value.clone();
        }
    }
    Drawn::Null
}

pub(super) fn template(parts: &[Part], luck: &mut Luck<'_>) -> String {
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Draw(draw) => out.push_str(&super::encode::plain_text(&draw.draw(luck))),
        }
    }
    out
}
