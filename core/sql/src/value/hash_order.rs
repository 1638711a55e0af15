//! The order in which Java lists the entries of a map, which shows in texts and in functions that
//! take a map apart.
//!
//! Values keep a map's entries as they came; only what must look like Java asks for this order.

use super::Value;

/// A map's entries in the order in which a `java.util.HashMap` that was made for so many lists
/// them: by place in its table. Keys that are no texts stay as they are.
///
/// ```
/// use headwater_sql::value::{Value, in_hash_order};
/// let entry = |key| (Value::String(key), Value::Null);
/// let listed = in_hash_order(&[entry("elm"), entry("oak"), entry("ash")]);
/// assert_eq!(listed, [entry("oak"), entry("elm"), entry("ash")]);
/// ```
pub fn in_hash_order<'a>(entries: &[(Value<'a>, Value<'a>)]) -> Vec<(Value<'a>, Value<'a>)> {
    let mut places = 1u32;
    while entries.len() as u64 * 4 > u64::from(places) * 3 {
        places *= 2;
    }
    let place = |key: Value<'_>| match key {
        Value::String(text) => {
            let hash = text.encode_utf16().fold(0u32, |hash, unit| {
                hash.wrapping_mul(31).wrapping_add(u32::from(unit))
            });
            (hash ^ (hash >> 16)) & (places - 1)
        }
        _ => 0,
    };
    let mut ordered = entries.to_vec();
    headwater_base::order::sort_by_key(&mut ordered, |(key, _)| place(*key));
    ordered
}
