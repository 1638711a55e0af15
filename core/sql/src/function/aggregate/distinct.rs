//! COUNT_DISTINCT: about how many different values there are, by HyperLogLog.
//!
//! Hash, registers and estimate are those of clearspring's stream-lib with 2^14 registers, so the
//! estimates are ksqlDB's to the last digit. It cannot be undone.

use super::super::definition::{Definition, aggregate};
use super::{Aggregate, AggregateRequest, Folded};
use crate::arena::Arena;
use crate::types::SqlType;
use crate::value::{OwnedValue, Value, write_text};
use std::sync::Arc;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[Definition {
    name: "COUNT_DISTINCT",
    spelling: "COUNT_DISTINCT",
    summary: "About how many different values there are, exact for few; nulls are skipped.",
    example: ("COUNT_DISTINCT(ARRAY['a', 'b', 'a'])", "2"),
    overloads: &[aggregate("T val", "BIGINT", count_distinct)],
}];

fn count_distinct(_: &AggregateRequest<'_>) -> Result<Arc<dyn Aggregate>, String> {
    Ok(Arc::new(CountDistinct))
}

const REGISTER_BITS: u32 = 14;
const REGISTERS: usize = 1 << REGISTER_BITS;
/// A word of 32 bits holds this many registers of five bits each.
const PER_WORD: usize = 6;
const WORDS: usize = REGISTERS / PER_WORD + 1;

/// The state is the words of the registers, most significant byte first; empty at the beginning.
#[derive(Debug)]
struct CountDistinct;

fn word(bytes: &[u8], at: usize) -> u32 {
    let four = bytes
        .get(at * 4..at * 4 + 4)
        .and_then(|four| four.try_into().ok());
    u32::from_be_bytes(four.unwrap_or_default())
}

fn register(bytes: &[u8], at: usize) -> u32 {
    word(bytes, at / PER_WORD) >> (5 * (at % PER_WORD)) & 31
}

/// Raises a register to a value, if it is below.
fn raise(bytes: &mut Arc<[u8]>, at: usize, value: u32) {
    if bytes.is_empty() {
        *bytes = vec![0; WORDS * 4].into();
    }
    if register(bytes, at) >= value {
        return;
    }
    let shift = 5 * (at % PER_WORD);
    let raised = word(bytes, at / PER_WORD) & !(31 << shift) | value << shift;
    if Arc::get_mut(bytes).is_none() {
        *bytes = bytes.to_vec().into();
    }
    if let Some(own) = Arc::get_mut(bytes) {
        let place = at / PER_WORD * 4;
        own[place..place + 4].copy_from_slice(&raised.to_be_bytes());
    }
}

/// Of two doubles and a natural logarithm, as stream-lib computes it.
fn estimate(bytes: &[u8]) -> i64 {
    let count = REGISTERS as f64;
    let (mut sum, mut zeros) = (0.0, 0.0);
    for at in 0..REGISTERS {
        let value = register(bytes, at);
        sum += 1.0 / f64::from(1u32 << value);
        zeros += f64::from(u8::from(value == 0));
    }
    let alpha = 0.7213 / (1.0 + 1.079 / count) * count * count;
    let raw = alpha * (1.0 / sum);
    let number = if raw <= 2.5 * count {
        count * libm::log(count / zeros)
    } else {
        raw
    };
    libm::floor(number + 0.5) as i64
}

const MULTIPLIER: u32 = 0x5bd1_e995;

fn finished(hash: u32) -> u32 {
    let hash = (hash ^ (hash >> 13)).wrapping_mul(MULTIPLIER);
    hash ^ (hash >> 15)
}

fn scrambled(word: u32) -> u32 {
    let word = word.wrapping_mul(MULTIPLIER);
    (word ^ (word >> 24)).wrapping_mul(MULTIPLIER)
}

/// Murmur 2 of bytes, whose last bytes enter with their signs and in stream-lib's order.
fn hash_bytes(bytes: &[u8]) -> u32 {
    let mut hash = u32::MAX ^ bytes.len() as u32;
    let words = bytes.chunks_exact(4);
    let left = words.remainder();
    for four in words {
        let word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        hash = hash.wrapping_mul(MULTIPLIER) ^ scrambled(word);
    }
    for (at, byte) in left.iter().rev().enumerate() {
        hash ^= (i32::from(*byte as i8) as u32) << (8 * at);
    }
    if !left.is_empty() {
        hash = hash.wrapping_mul(MULTIPLIER);
    }
    finished(hash)
}

fn hash_long(number: i64) -> u32 {
    let low = scrambled(number as u32);
    let hash = low.wrapping_mul(MULTIPLIER) ^ scrambled((number >> 32) as u32);
    finished(hash)
}

fn hash(value: Value<'_>) -> u32 {
    match value {
        Value::Int(x) | Value::Date(x) | Value::Time(x) => hash_long(i64::from(x)),
        Value::BigInt(x) | Value::Timestamp(x) => hash_long(x),
        Value::Double(x) => hash_long(x.to_bits() as i64),
        Value::String(x) => hash_bytes(x.as_bytes()),
        Value::Bytes(x) => hash_bytes(x),
        other => {
            let mut text = String::new();
            // Writing to memory cannot fail.
            let _ = write_text(&mut text, other, None);
            hash_bytes(text.as_bytes())
        }
    }
}

impl Aggregate for CountDistinct {
    fn initial(&self) -> OwnedValue {
        OwnedValue::Bytes(Vec::new().into())
    }

    fn add(&self, state: &mut OwnedValue, args: &[Value<'_>]) -> Folded {
        let value = args.first().copied().unwrap_or_default();
        if let (OwnedValue::Bytes(bytes), false) = (state, value.is_null()) {
            let hash = hash(value);
            let rest = hash << REGISTER_BITS | 1 << (REGISTER_BITS - 1);
            let at = hash >> (32 - REGISTER_BITS);
            raise(bytes, at as usize, (rest + 1).leading_zeros() + 1);
        }
        Ok(())
    }

    fn merge(&self, state: &mut OwnedValue, other: &OwnedValue) -> Folded {
        if let (OwnedValue::Bytes(bytes), OwnedValue::Bytes(others)) = (state, other)
            && !others.is_empty()
        {
            (0..REGISTERS).for_each(|at| raise(bytes, at, register(others, at)));
        }
        Ok(())
    }

    fn result<'a>(&self, state: &'a OwnedValue, _arena: &'a Arena) -> Value<'a> {
        match state {
            OwnedValue::Bytes(bytes) if !bytes.is_empty() => Value::BigInt(estimate(bytes)),
            _ => Value::BigInt(0),
        }
    }

    fn state_type(&self) -> SqlType {
        SqlType::array(SqlType::Int)
    }

    fn written_type(&self) -> SqlType {
        SqlType::Bytes
    }

    fn result_type(&self) -> SqlType {
        SqlType::BigInt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(values: impl Iterator<Item = i64>) -> i64 {
        let (mut state, arena) = (CountDistinct.initial(), Arena::new());
        for x in values {
            CountDistinct.add(&mut state, &[Value::BigInt(x)]).unwrap();
        }
        match CountDistinct.result(&state, &arena) {
            Value::BigInt(count) => count,
            other => panic!("no count: {other:?}"),
        }
    }

    #[test]
    fn few_are_exact_and_many_are_near() {
        for count in [0, 1, 2, 10, 50] {
            assert_eq!(counted((0..count).chain(0..count)), count);
        }
        let many = counted(0..100_000);
        assert!((98_000..102_000).contains(&many), "{many}");
    }

    #[test]
    fn texts_that_differ_only_at_their_end_differ() {
        let hashes: std::collections::BTreeSet<u32> =
            ["", "a", "b", "ab", "abc", "abcd", "abcde", "é"]
                .map(|t| hash_bytes(t.as_bytes()))
                .into();
        assert_eq!(hashes.len(), 8);
    }
}
