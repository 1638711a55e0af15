//! exp, ln, power, sine, cosine and tangent, rounded to the nearest double.
//!
//! Java's virtual machines compute these with routines that are hardly ever off by a
//! last digit, while libm's now and then are. So they are computed here with pairs of doubles
//! whose sum is the number, about 32 digits, and rounded once; libm answers at the ends of the
//! range.

/// A number as the sum of a double and a much smaller one.
#[derive(Clone, Copy, Debug)]
struct Pair(f64, f64);

const LN_2: Pair = Pair(std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17);

fn sum(a: f64, b: f64) -> Pair {
    let sum = a + b;
    let part = sum - a;
    Pair(sum, (a - (sum - part)) + (b - part))
}

fn product(a: f64, b: f64) -> Pair {
    let product = a * b;
    let ((a1, a2), (b1, b2)) = (halves(a), halves(b));
    Pair(product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2)
}

/// The upper and the lower half of a double's digits.
fn halves(x: f64) -> (f64, f64) {
    let scaled = x * 134_217_729.0;
    let upper = scaled - (scaled - x);
    (upper, x - upper)
}

impl Pair {
    fn plus(self, other: Pair) -> Pair {
        let Pair(high, low) = sum(self.0, other.0);
        sum(high, low + self.1 + other.1)
    }

    fn times(self, other: Pair) -> Pair {
        let Pair(high, low) = product(self.0, other.0);
        sum(high, low + self.0 * other.1 + self.1 * other.0)
    }

    fn over(self, divisor: f64) -> Pair {
        let quotient = self.0 / divisor;
        let Pair(high, low) = product(quotient, divisor);
        sum(quotient, (self.0 - high - low + self.1) / divisor)
    }

    fn negated(self) -> Pair {
        Pair(-self.0, -self.1)
    }
}

/// e to a power that lies between -700 and 700.
fn exp_pair(x: Pair) -> (Pair, i32) {
    let twos = libm::round(x.0 / LN_2.0);
    let rest = x.plus(LN_2.times(Pair(-twos, 0.0)));
    // A small number is easy; squaring doubles the exponent again.
    const SQUARINGS: i32 = 8;
    let small = rest.over(f64::from(1 << SQUARINGS));
    let (mut term, mut total) = (small, small);
    for place in 2..=10 {
        term = term.times(small).over(f64::from(place));
        total = total.plus(term);
    }
    for _ in 0..SQUARINGS {
        total = total.plus(total).plus(total.times(total));
    }
    (total.plus(Pair(1.0, 0.0)), twos as i32)
}

fn scaled((Pair(high, low), twos): (Pair, i32)) -> f64 {
    libm::scalbn(high + low, twos)
}

/// The natural logarithm of a positive number, unless libm's is as good.
fn ln_pair(x: f64) -> Option<Pair> {
    let (mut fraction, mut twos) = libm::frexp(x);
    if fraction < std::f64::consts::FRAC_1_SQRT_2 {
        (fraction, twos) = (fraction * 2.0, twos - 1);
    }
    if (fraction - 1.0).abs() < 1e-3 && twos == 0 {
        return None;
    }
    // One step of Newton's doubles the digits.
    let guess = libm::log(fraction);
    let (power, shift) = exp_pair(Pair(-guess, 0.0));
    let scale = libm::scalbn(1.0, shift);
    let ratio = Pair(power.0 * scale, power.1 * scale).times(Pair(fraction, 0.0));
    let error = ratio.plus(Pair(-1.0, 0.0));
    let half_square = error.times(error).over(2.0).negated();
    let fraction = Pair(guess, 0.0).plus(error).plus(half_square);
    Some(fraction.plus(LN_2.times(Pair(f64::from(twos), 0.0))))
}

/// e to the power of `x`.
pub(super) fn exp(x: f64) -> f64 {
    if x.abs() < 700.0 && x != 0.0 {
        scaled(exp_pair(Pair(x, 0.0)))
    } else {
        libm::exp(x)
    }
}

/// The natural logarithm of `x`.
pub(super) fn ln(x: f64) -> f64 {
    let usual = x.is_finite() && x >= f64::MIN_POSITIVE;
    match usual.then(|| ln_pair(x)).flatten() {
        Some(Pair(high, low)) => high + low,
        None => libm::log(x),
    }
}

/// `base` to the power of `exponent`, with Java's answers where there is none.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent.is_nan() || base.abs() == 1.0 && exponent.is_infinite() {
        return f64::NAN;
    }
    let plain = libm::pow(base, exponent);
    let usual = base.is_finite() && base.abs() >= f64::MIN_POSITIVE && exponent.abs() < 1e300;
    let inside = plain.abs() < 1e300 && plain.abs() > 1e-300;
    if !usual || !inside || exponent == 0.0 {
        return plain;
    }
    let Some(ln) = ln_pair(base.abs()) else {
        return plain;
    };
    let size = scaled(exp_pair(ln.times(Pair(exponent, 0.0))));
    libm::copysign(size, plain)
}

/// The largest angle whose quarter turns are taken off here.
const ANGLE_MAX: f64 = 1e6;

/// A quarter turn in three parts.
const QUARTER: [f64; 3] = [
    std::f64::consts::FRAC_PI_2,
    6.123_233_995_736_766e-17,
    -1.497_384_904_859_17e-33,
];

/// Sine and cosine of an angle, for one that is not too large.
fn circle(angle: f64) -> Option<(Pair, Pair)> {
    if angle.is_nan() || angle.abs() > ANGLE_MAX {
        return None;
    }
    let quarters = libm::round(angle / QUARTER[0]);
    let rest = QUARTER.iter().fold(Pair(angle, 0.0), |rest, part| {
        rest.plus(product(-quarters, *part))
    });
    let square = rest.times(rest).negated();
    let series = |first: Pair, from: u32| {
        let (mut term, mut total) = (first, first);
        for place in (from..from + 26).step_by(2) {
            term = term.times(square).over(f64::from(place * (place + 1)));
            total = total.plus(term);
        }
        total
    };
    let (sine, cosine) = (series(rest, 2), series(Pair(1.0, 0.0), 1));
    Some(match (quarters as i64).rem_euclid(4) {
        0 => (sine, cosine),
        1 => (cosine, sine.negated()),
        2 => (sine.negated(), cosine.negated()),
        _ => (cosine.negated(), sine),
    })
}

/// The sine of an angle.
pub(super) fn sin(angle: f64) -> f64 {
    match circle(angle) {
        Some((sine, _)) if angle != 0.0 => sine.0 + sine.1,
        _ => libm::sin(angle),
    }
}

/// The cosine of an angle.
pub(super) fn cos(angle: f64) -> f64 {
    circle(angle).map_or_else(|| libm::cos(angle), |(_, cosine)| cosine.0 + cosine.1)
}

/// The tangent of an angle.
pub(super) fn tan(angle: f64) -> f64 {
    match circle(angle) {
        Some((sine, cosine)) if angle.abs() > 1e-100 => {
            // Two steps of long division.
            let first = sine.0 / cosine.0;
            let rest = sine.plus(cosine.times(Pair(-first, 0.0)));
            first + rest.0 / cosine.0
        }
        _ => libm::tan(angle),
    }
}

#[cfg(test)]
mod tests {
    use super::{cos, exp, ln, power, sin, tan};

    #[test]
    fn angles_give_the_nearest_doubles() {
        let pi = std::f64::consts::PI;
        assert_eq!(
            (sin(1.0), cos(1.0)),
            (0.8414709848078965, 0.5403023058681398)
        );
        assert_eq!((sin(pi), cos(pi)), (1.2246467991473532e-16, -1.0));
        assert_eq!(
            (sin(-2.5), cos(-2.5)),
            (-0.5984721441039565, -0.8011436155469337)
        );
        assert_eq!(
            (sin(100_000.0), cos(100_000.0)),
            (0.03574879797201651, -0.9993608074382124)
        );
        assert_eq!(
            (tan(1.0), tan(pi / 2.0)),
            (1.5574077246549023, 1.633123935319537e16)
        );
        assert_eq!(tan(-4.0), -1.1578212823495775);
        assert_eq!((sin(1e-300), tan(1e-300)), (1e-300, 1e-300));
        assert!(sin(-0.0).is_sign_negative() && tan(-0.0).is_sign_negative());
        assert!(sin(f64::INFINITY).is_nan() && cos(f64::NAN).is_nan());
        assert_eq!(sin(1e22), libm::sin(1e22));
    }

    #[test]
    fn results_are_the_nearest_doubles() {
        let e = std::f64::consts::E;
        assert_eq!(exp(1.0), e);
        assert_eq!(exp(2.0), 7.38905609893065);
        assert_eq!(exp(3.0), 20.085536923187668);
        assert_eq!(exp(-1.0), 0.36787944117144233);
        assert_eq!(exp(100.0), 2.6881171418161356e43);
        assert_eq!(ln(2.0), std::f64::consts::LN_2);
        assert_eq!(ln(10.0), std::f64::consts::LN_10);
        assert_eq!(ln(1e-5), -11.512925464970229);
        assert_eq!(power(2.0, 10.0), 1024.0);
        assert_eq!(power(10.0, -3.0), 0.001);
        assert_eq!(power(-3.0, 3.0), -27.0);
        assert_eq!(power(10.0, 22.0), 1e22);
        assert_eq!(power(2.0, 0.5), std::f64::consts::SQRT_2);
        assert_eq!(power(1.1, 10.0), 2.5937424601000023);
    }

    #[test]
    fn ends_of_the_range_are_those_of_java() {
        assert_eq!(
            (exp(0.0), exp(f64::NEG_INFINITY), exp(1e9)),
            (1.0, 0.0, f64::INFINITY)
        );
        assert_eq!((ln(1.0), ln(0.0)), (0.0, f64::NEG_INFINITY));
        assert!(ln(-1.0).is_nan() && power(1.0, f64::INFINITY).is_nan());
        assert!(power(-1.0, f64::NEG_INFINITY).is_nan() && power(-2.0, 0.5).is_nan());
        assert_eq!(
            (power(0.0, -1.0), power(f64::NAN, 0.0)),
            (f64::INFINITY, 1.0)
        );
    }
}
