//! Decimal arithmetic: scales, rounding, and the five operations.
//!
//! The precision and scale of a result are the caller's: see digest rules in `expression`.

use super::{DIGITS_MAX, Decimal, Rounding};
use ethnum::I256;

fn power_of_ten(exponent: u32) -> Option<I256> {
    (exponent <= DIGITS_MAX).then(|| I256::new(10).pow(exponent))
}

impl Decimal {
    /// The same number with `scale` digits after the point; `None` if digits would be lost that
    /// `rounding` does not allow to lose, or if it grows too big.
    ///
    /// ```
    /// use headwater_sql::decimal::{Decimal, Rounding};
    /// let x = Decimal::parse("2.45").unwrap();
    /// assert_eq!(x.with_scale(1, Rounding::HalfUp).unwrap().to_string(), "2.5");
    /// assert_eq!(x.with_scale(1, Rounding::Unnecessary), None);
    /// ```
    pub fn with_scale(&self, scale: i32, rounding: Rounding) -> Option<Decimal> {
        if scale >= self.scale {
            let factor = match power_of_ten(scale.abs_diff(self.scale)) {
                Some(factor) => factor,
                None if self.is_zero() => I256::ONE,
                None => return None,
            };
            let unscaled = self.unscaled.checked_mul(factor)?;
            return Some(Decimal { unscaled, scale });
        }
        let Some(divisor) = power_of_ten(self.scale.abs_diff(scale)) else {
            // Every digit is lost, and the first of them is a zero.
            let zero = Decimal {
                unscaled: I256::ZERO,
                scale,
            };
            let up = |unit: bool| Decimal {
                unscaled: I256::from(unit),
                scale,
            };
            return match rounding {
                Rounding::Unnecessary => self.is_zero().then_some(zero),
                Rounding::Ceiling => Some(up(!self.is_negative() && !self.is_zero())),
                Rounding::Floor if self.is_negative() => Decimal::new(-1, scale).into(),
                _ => Some(zero),
            };
        };
        let quotient = self.unscaled / divisor;
        let rest = self.unscaled % divisor;
        let step = rounded_step(rest, divisor, rounding)?;
        let unscaled = quotient.checked_add(step)?;
        Some(Decimal { unscaled, scale })
    }

    /// The same number as a DECIMAL(precision, scale), rounded half up; `None` if it does not fit.
    pub fn cast(&self, precision: u32, scale: u32) -> Option<Decimal> {
        let scaled = self.with_scale(scale as i32, Rounding::HalfUp)?;
        (scaled.is_zero() || scaled.precision() <= precision).then_some(scaled)
    }

    /// The same number as a DECIMAL(precision, scale) without any rounding.
    pub fn fitted(&self, precision: u32, scale: u32) -> Option<Decimal> {
        let scaled = self.with_scale(scale as i32, Rounding::Unnecessary)?;
        (scaled.is_zero() || scaled.precision() <= precision).then_some(scaled)
    }

    /// The number with its sign turned.
    pub fn negated(&self) -> Decimal {
        Decimal {
            unscaled: self.unscaled.wrapping_neg(),
            scale: self.scale,
        }
    }

    /// The number without its sign.
    pub fn abs(&self) -> Decimal {
        if self.is_negative() {
            self.negated()
        } else {
            *self
        }
    }

    /// The exact sum.
    pub fn add(&self, other: &Decimal) -> Option<Decimal> {
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.rescaled(scale)?, other.rescaled(scale)?);
        let unscaled = a.unscaled.checked_add(b.unscaled)?;
        Some(Decimal { unscaled, scale })
    }

    /// The exact difference.
    pub fn subtract(&self, other: &Decimal) -> Option<Decimal> {
        self.add(&other.negated())
    }

    /// The exact product.
    pub fn multiply(&self, other: &Decimal) -> Option<Decimal> {
        let unscaled = self.unscaled.checked_mul(other.unscaled)?;
        Some(Decimal {
            unscaled,
            scale: self.scale + other.scale,
        })
    }

    /// The quotient with `scale` digits after the point, if it is exact and has at most
    /// `precision` digits.
    pub fn divide(&self, other: &Decimal, precision: u32, scale: u32) -> Option<Decimal> {
        if other.is_zero() {
            return None;
        }
        // Common powers of ten are taken out first, so that the intermediate stays small.
        let (a, b) = (self.stripped(), other.stripped());
        let shift = scale as i32 + b.scale - a.scale;
        let (mut numerator, mut divisor) = (a.unscaled, b.unscaled);
        let factor = power_of_ten(shift.unsigned_abs())?;
        if shift >= 0 {
            numerator = numerator.checked_mul(factor)?;
        } else {
            divisor = divisor.checked_mul(factor)?;
        }
        if numerator % divisor != I256::ZERO {
            return None;
        }
        let quotient = Decimal {
            unscaled: numerator / divisor,
            scale: scale as i32,
        };
        (quotient.stripped().precision() <= precision).then_some(quotient)
    }

    /// The rest of a division towards zero, with the sign of `self`.
    pub fn remainder(&self, other: &Decimal) -> Option<Decimal> {
        if other.is_zero() {
            return None;
        }
        let scale = self.scale.max(other.scale);
        let (a, b) = (self.rescaled(scale)?, other.rescaled(scale)?);
        Some(Decimal {
            unscaled: a.unscaled % b.unscaled,
            scale,
        })
    }

    /// The same number without zeros at its end.
    pub fn stripped(&self) -> Decimal {
        let ten = I256::new(10);
        let mut stripped = *self;
        if stripped.is_zero() {
            return Decimal::new(0, 0);
        }
        while stripped.unscaled % ten == I256::ZERO {
            stripped.unscaled /= ten;
            stripped.scale -= 1;
        }
        stripped
    }

    /// From digits that [`super::text`] has read.
    pub(super) fn from_parts(unscaled: I256, scale: i32) -> Decimal {
        Decimal { unscaled, scale }
    }
}

/// What to add to a truncated quotient, -1, 0 or 1; `None` if the rest is not allowed.
fn rounded_step(rest: I256, divisor: I256, rounding: Rounding) -> Option<I256> {
    if rest == I256::ZERO {
        return Some(I256::ZERO);
    }
    let away = rest.signum();
    let half = (rest.abs() << 1u32).cmp(&divisor);
    let moves = match rounding {
        Rounding::Unnecessary => return None,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::Down => false,
        Rounding::Ceiling => away > I256::ZERO,
        Rounding::Floor => away < I256::ZERO,
    };
    Some(if moves { away } else { I256::ZERO })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn division_is_exact_or_nothing() {
        assert_eq!(decimal("10").divide(&decimal("3"), 20, 6), None);
        assert_eq!(
            decimal("10")
                .divide(&decimal("4"), 20, 6)
                .unwrap()
                .to_string(),
            "2.500000"
        );
        assert_eq!(decimal("1").divide(&decimal("0.00"), 20, 6), None);
        assert_eq!(
            decimal("-7.5")
                .remainder(&decimal("2"))
                .unwrap()
                .to_string(),
            "-1.5"
        );
    }

    #[test]
    fn rounding_follows_its_name() {
        let rounded = |text: &str, how| decimal(text).with_scale(0, how).unwrap().to_string();
        for (text, up, down, ceiling, floor) in [
            ("2.5", "3", "2", "3", "2"),
            ("-2.5", "-3", "-2", "-2", "-3"),
            ("2.4", "2", "2", "3", "2"),
        ] {
            assert_eq!(rounded(text, Rounding::HalfUp), up);
            assert_eq!(rounded(text, Rounding::HalfDown), down);
            assert_eq!(rounded(text, Rounding::Ceiling), ceiling);
            assert_eq!(rounded(text, Rounding::Floor), floor);
        }
    }

    proptest! {
        #[test]
        fn sums_and_products_agree_with_integers(
            a in -1_000_000i64..1_000_000,
            b in -1_000_000i64..1_000_000,
            s in 0i32..6,
            t in 0i32..6,
        ) {
            let (x, y) = (Decimal::new(a, s), Decimal::new(b, t));
            let product = x.multiply(&y).unwrap();
            prop_assert_eq!(product, Decimal::new(a * b, s + t));
            let back = x.add(&y).unwrap().subtract(&y).unwrap();
            prop_assert!(back.cmp_value(&x).is_eq());
        }

        #[test]
        fn text_and_bytes_read_back(a: i64, s in 0i32..30) {
            let x = Decimal::new(a, s);
            prop_assert_eq!(Decimal::parse(&x.to_string()).unwrap(), x);
            prop_assert_eq!(Decimal::from_unscaled_bytes(&x.unscaled_bytes(), s).unwrap(), x);
        }
    }
}
