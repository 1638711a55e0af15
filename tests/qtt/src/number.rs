//! Numbers as texts: compared as Java compares its numbers, so that nothing passes through a
//! double on the way.

/// A number taken apart: sign and digits without leading zeros, and how many of them stand after
/// the point.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    negative: bool,
    digits: String,
    scale: i64,
}

fn parts(spelled: &str) -> Option<Parts> {
    let (negative, rest) = match spelled.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, spelled.strip_prefix('+').unwrap_or(spelled)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], rest[at + 1..].parse::<i64>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || mantissa.is_empty() {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let digits = digits.trim_start_matches('0').to_owned();
    Some(Parts {
        negative: negative && !digits.is_empty(),
        digits,
        scale: fraction.len() as i64 - exponent,
    })
}

/// Whether a number is spelled without point and exponent.
pub(crate) fn is_whole(spelled: &str) -> bool {
    !spelled.contains(['.', 'e', 'E'])
}

/// Whether two spellings are of the same number with the same scale.
pub(crate) fn same_scaled(a: &str, b: &str) -> bool {
    matches!((parts(a), parts(b)), (Some(a), Some(b)) if a == b)
}

/// Whether two spellings are of the same number.
pub(crate) fn same_value(a: &str, b: &str) -> bool {
    let plain = |spelled: &str| {
        let mut parts = parts(spelled)?;
        while parts.digits.ends_with('0') {
            parts.digits.pop();
            parts.scale -= 1;
        }
        if parts.digits.is_empty() {
            parts.scale = 0;
        }
        Some(parts)
    };
    matches!((plain(a), plain(b)), (Some(a), Some(b)) if a == b)
}

/// Whether two spellings are of doubles that hardly differ.
pub(crate) fn nearly(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-6 || a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scale_counts_where_it_should() {
        assert!(same_scaled("1.0E7", "1.0E+7") && same_scaled("10", "10"));
        assert!(!same_scaled("1.0", "1.00") && same_value("1.0", "1.00"));
        assert!(same_value("-0", "0.0") && same_value("1e2", "100"));
        assert!(!same_value("1", "-1") && nearly("0.1", "0.10000001"));
    }
}
