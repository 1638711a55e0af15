//! MASK and its relatives: letters and digits of a text replaced, so that its shape stays and its
//! content does not.
//!
//! Characters are Java's, that is UTF-16 units: one outside the basic plane counts as two.

use super::super::Call;
use super::super::definition::{Definition, nullable};
use super::row;
use super::text::units;
use crate::expression::EvalError;
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

macro_rules! counted {
    ($body:expr) => {
        &[
            nullable("STRING input, INT numChars", "STRING", $body),
            nullable(
                "STRING input, INT numChars, STRING upper, STRING lower, STRING digit, \
                 STRING other",
                "STRING",
                $body,
            ),
        ]
    };
}

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "MASK",
        "mask",
        "The text with capitals as X, small letters as x, digits as n and all else as -, or as \
         the masks say; a null mask leaves its kind as it is.",
        ("MASK('My Pin: 42')", "Xx-Xxx--nn"),
        &[
            nullable("STRING input", "STRING", |call| masked(call, 1, |_| All)),
            nullable(
                "STRING input, STRING upper, STRING lower, STRING digit, STRING other",
                "STRING",
                |call| masked(call, 1, |_| All),
            ),
        ],
    ),
    row(
        "MASK_LEFT",
        "mask_left",
        "The text with its first characters masked.",
        ("MASK_LEFT('AB-12', 2)", "XX-12"),
        counted!(|call| masked(call, 2, First)),
    ),
    row(
        "MASK_RIGHT",
        "mask_right",
        "The text with its last characters masked.",
        ("MASK_RIGHT('AB-12', 2)", "AB-nn"),
        counted!(|call| masked(call, 2, Last)),
    ),
    row(
        "MASK_KEEP_LEFT",
        "mask_keep_left",
        "The text masked but for its first characters.",
        ("MASK_KEEP_LEFT('AB-12', 2)", "AB-nn"),
        counted!(|call| masked(call, 2, AllButFirst)),
    ),
    row(
        "MASK_KEEP_RIGHT",
        "mask_keep_right",
        "The text masked but for its last characters.",
        ("MASK_KEEP_RIGHT('AB-12', 2)", "XX-12"),
        counted!(|call| masked(call, 2, AllButLast)),
    ),
];

/// Which characters are masked.
enum Which {
    All,
    First(usize),
    Last(usize),
    AllButFirst(usize),
    AllButLast(usize),
}

use Which::{All, AllButFirst, AllButLast, First, Last};

impl Which {
    fn range(&self, length: usize) -> std::ops::Range<usize> {
        match *self {
            All => 0..length,
            First(count) => 0..count.min(length),
            Last(count) => length.saturating_sub(count)..length,
            AllButFirst(count) => count.min(length)..length,
            AllButLast(count) => 0..length.saturating_sub(count),
        }
    }
}

/// The masks of capitals, small letters, digits and the rest; `None` keeps the character.
type Masks = [Option<u16>; 4];

const DEFAULT: Masks = [
    Some(b'X' as u16),
    Some(b'x' as u16),
    Some(b'n' as u16),
    Some(b'-' as u16),
];

/// Masks a text; the arguments from `first` on are the masks.
fn masked<'a>(call: &Call<'_, 'a>, first: usize, which: fn(usize) -> Which) -> Result<'a> {
    let count = if first == 2 { call.opt_int(1) } else { Some(0) };
    let (Some(text), Some(count)) = (call.opt_str(0), count) else {
        return Ok(Value::Null);
    };
    let count = usize::try_from(count)
        .map_err(|_| EvalError::fixed("The number of characters must not be negative"))?;
    let masks = masks(call, first)?;
    let mut units = units(text);
    let range = which(count).range(units.len());
    for unit in &mut units[range] {
        *unit = masks[kind(*unit)].unwrap_or(*unit);
    }
    call.text(&String::from_utf16_lossy(&units))
}

fn masks(call: &Call<'_, '_>, first: usize) -> std::result::Result<Masks, EvalError> {
    if call.args.len() <= first {
        return Ok(DEFAULT);
    }
    let mut masks = [None; 4];
    for (at, mask) in masks.iter_mut().enumerate() {
        let Some(text) = call.opt_str(first + at) else {
            continue;
        };
        let units = units(text);
        let [unit] = units.as_slice() else {
            return Err(EvalError::new(format!(
                "A mask must be one character, and '{text}' is not"
            )));
        };
        *mask = Some(*unit);
    }
    Ok(masks)
}

/// Which of the four masks is for a character.
fn kind(unit: u16) -> usize {
    match char::from_u32(u32::from(unit)) {
        Some(c) if c.is_uppercase() => 0,
        Some(c) if c.is_lowercase() => 1,
        Some(c) if is_decimal_digit(c) => 2,
        _ => 3,
    }
}

/// Where the ten decimal digits of each script of the basic plane begin (Unicode's category Nd).
const DIGITS: [u16; 37] = [
    0x0030, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6,
    0x0D66, 0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80,
    0x1A90, 0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0,
    0xFF10,
];

fn is_decimal_digit(c: char) -> bool {
    DIGITS
        .iter()
        .any(|zero| (u32::from(*zero)..u32::from(*zero) + 10).contains(&u32::from(c)))
}
