//! Exact decimal numbers: an unscaled integer of up to 76 digits and a scale, with the rounding
//! and scale rules of Java's `BigDecimal` as ksqlDB uses it.
//!
//! Arithmetic never rounds: what cannot be held exactly is an error (`None`), which evaluation
//! turns into null. It knows nothing of SQL types; their precision rules are in `expression`.

mod arithmetic;
mod text;

use ethnum::I256;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// Most digits that a decimal holds.
pub const DIGITS_MAX: u32 = 76;

/// An exact decimal number, `unscaled` times ten to the power of minus `scale`.
///
/// Two decimals are equal only with equal scales, as in Java; [`Decimal::cmp_value`] compares by
/// value.
///
/// ```
/// use headwater_sql::decimal::Decimal;
/// let price = Decimal::parse("12.50").unwrap();
/// assert_eq!(price.to_string(), "12.50");
/// assert_eq!((price.precision(), price.scale()), (4, 2));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    unscaled: I256,
    scale: i32,
}

/// What becomes of digits that do not fit a smaller scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// They must be zeros.
    Unnecessary,
    /// To the nearest, halves away from zero.
    HalfUp,
    /// To the nearest, halves towards zero.
    HalfDown,
    /// Towards zero.
    Down,
    /// Towards positive infinity.
    Ceiling,
    /// Towards negative infinity.
    Floor,
}

impl Decimal {
    /// `unscaled` times ten to the power of minus `scale`.
    pub fn new(unscaled: i64, scale: i32) -> Decimal {
        Decimal {
            unscaled: I256::from(unscaled),
            scale,
        }
    }

    /// A whole number.
    pub fn from_i64(x: i64) -> Decimal {
        Decimal::new(x, 0)
    }

    /// A double by its shortest spelling, as Java's `BigDecimal.valueOf`; `None` for NaN and
    /// infinities and for what has too many digits.
    pub fn from_f64(x: f64) -> Option<Decimal> {
        if !x.is_finite() {
            return None;
        }
        Decimal::parse(&crate::value::java_double(x))
    }

    /// Digits after the point.
    pub fn scale(&self) -> i32 {
        self.scale
    }

    /// How many digits the unscaled number has; 1 for zero.
    pub fn precision(&self) -> u32 {
        let mut digits = 1;
        let mut rest = self.unscaled.unsigned_abs();
        let ten_to_18 = ethnum::U256::from(10u64.pow(18));
        while rest >= ten_to_18 {
            rest /= ten_to_18;
            digits += 18;
        }
        digits + rest.as_u64().checked_ilog10().unwrap_or(0)
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.unscaled < I256::ZERO
    }

    /// Whether it is zero.
    pub fn is_zero(&self) -> bool {
        self.unscaled == I256::ZERO
    }

    /// The order by value: 1.0 and 1.00 are the same.
    pub fn cmp_value(&self, other: &Decimal) -> Ordering {
        if self.scale == other.scale {
            return self.unscaled.cmp(&other.unscaled);
        }
        let sign = self.unscaled.signum().cmp(&other.unscaled.signum());
        if sign != Ordering::Equal {
            return sign;
        }
        let scale = self.scale.max(other.scale);
        match (self.rescaled(scale), other.rescaled(scale)) {
            (Some(a), Some(b)) => a.unscaled.cmp(&b.unscaled),
            // The one that cannot take the bigger scale is the one of greater magnitude.
            (None, _) if self.is_negative() => Ordering::Less,
            (None, _) => Ordering::Greater,
            (_, None) if self.is_negative() => Ordering::Greater,
            (_, None) => Ordering::Less,
        }
    }

    fn rescaled(&self, scale: i32) -> Option<Decimal> {
        self.with_scale(scale, Rounding::Unnecessary)
    }

    /// The nearest double.
    pub fn to_f64(&self) -> f64 {
        // Parsing is correctly rounded, a division of two doubles is not.
        let text = format!("{}E{}", self.unscaled, -i64::from(self.scale));
        text.parse().unwrap_or(f64::NAN)
    }

    /// The whole part, cut to 64 bits as Java's `longValue` does.
    pub fn to_i64_wrapping(&self) -> i64 {
        let whole = self.with_scale(0, Rounding::Down);
        whole.map_or(0, |whole| whole.unscaled.as_i64())
    }

    /// The unscaled number as bytes, most significant first, two's complement, as few as hold it.
    pub fn unscaled_bytes(&self) -> Vec<u8> {
        let bytes = self.unscaled.to_be_bytes();
        let sign = if self.is_negative() { 0xFF } else { 0 };
        let mut first = 0;
        while first < 31 && bytes[first] == sign && (bytes[first + 1] ^ sign) & 0x80 == 0 {
            first += 1;
        }
        bytes[first..].to_vec()
    }

    /// The reverse of [`Decimal::unscaled_bytes`]; `None` for no bytes or more than 32.
    pub fn from_unscaled_bytes(bytes: &[u8], scale: i32) -> Option<Decimal> {
        let sign = if bytes.first()? & 0x80 == 0 { 0 } else { 0xFF };
        let start = 32usize.checked_sub(bytes.len())?;
        let mut all = [sign; 32];
        all[start..].copy_from_slice(bytes);
        let unscaled = I256::from_be_bytes(all);
        Some(Decimal { unscaled, scale })
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let (high, low) = self.unscaled.into_words();
        state.write_i128(high);
        state.write_i128(low);
        state.write_i32(self.scale);
    }
}
