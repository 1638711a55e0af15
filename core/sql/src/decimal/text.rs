//! Reading and writing decimals: plain, and as Java's `BigDecimal.toString` does.

use super::{DIGITS_MAX, Decimal};
use ethnum::I256;
use std::fmt;

/// Biggest exponent that is read; beyond it no result could be held anyway.
const EXPONENT_MAX: u32 = 10_000;

impl Decimal {
    /// Reads digits with an optional sign, point and exponent; the scale is as written.
    ///
    /// ```
    /// use headwater_sql::decimal::Decimal;
    /// assert_eq!(Decimal::parse("-1.50").unwrap().scale(), 2);
    /// assert_eq!(Decimal::parse("12E2").unwrap().to_string(), "1200");
    /// assert_eq!(Decimal::parse("1.2.3"), None);
    /// ```
    pub fn parse(text: &str) -> Option<Decimal> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = whole.bytes().chain(fraction.bytes());
        if whole.is_empty() && fraction.is_empty() || exponent.unsigned_abs() > EXPONENT_MAX {
            return None;
        }
        let mut unscaled = I256::ZERO;
        let mut chunk = 0i64;
        let mut weight = 1i64;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return None;
            }
            chunk = chunk * 10 + i64::from(digit - b'0');
            weight *= 10;
            if weight == 1_000_000_000_000_000_000 {
                unscaled = append(unscaled, chunk, weight)?;
                (chunk, weight) = (0, 1);
            }
        }
        unscaled = append(unscaled, chunk, weight)?;
        if number.starts_with('-') {
            unscaled = -unscaled;
        }
        let scale = i32::try_from(fraction.len()).ok()? - exponent;
        let decimal = Decimal::from_parts(unscaled, scale);
        (decimal.precision() <= DIGITS_MAX).then_some(decimal)
    }

    /// Java's `BigDecimal.toString`: an exponent where the scale is negative or the number tiny.
    pub fn to_java_string(&self) -> String {
        let digits = self.unscaled.unsigned_abs().to_string();
        let exponent = digits.len() as i32 - 1 - self.scale;
        if self.scale >= 0 && exponent >= -6 {
            return self.to_string();
        }
        let sign = if self.is_negative() { "-" } else { "" };
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{exponent:+}")
    }
}

fn append(unscaled: I256, chunk: i64, weight: i64) -> Option<I256> {
    unscaled
        .checked_mul(I256::from(weight))?
        .checked_add(I256::from(chunk))
}

/// Plain digits, never an exponent (Java's `toPlainString`).
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative() { "-" } else { "" };
        let digits = self.unscaled.unsigned_abs().to_string();
        if self.scale <= 0 {
            let zeros = if self.is_zero() {
                0
            } else {
                self.scale.unsigned_abs() as usize
            };
            return write!(f, "{sign}{digits}{}", "0".repeat(zeros));
        }
        let scale = self.scale as usize;
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}
