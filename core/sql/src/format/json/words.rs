//! Several bytes of a text at once: where a string ends, whether a known name comes next, what a
//! short number is. All of it is only a quicker way to what `scan` finds byte by byte.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

/// The high bits of those bytes that mean something in a string: a quote, a backslash, a control
/// character. Only up to the first of them is it exact: borrows make false finds behind it.
#[inline]
fn specials(chunk: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(chunk);
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
    let quote = has_zero(word ^ (ONES * u64::from(b'"')));
    control | quote | has_zero(word ^ (ONES * u64::from(b'\\')))
}

/// Where the first byte at `from` or after it is that means something in a string; the end if
/// there is none.
#[inline]
pub(super) fn next_special(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    let mut rest = bytes.get(from..).unwrap_or(&[]);
    while let Some((chunk, after)) = rest.split_first_chunk::<8>() {
        let found = specials(*chunk);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
        rest = after;
    }
    match bytes.last_chunk::<8>() {
        // Some of the last eight bytes have been looked at; they mean nothing.
        Some(chunk) if at > from => match specials(*chunk) {
            0 => bytes.len(),
            found => bytes.len() - 8 + found.trailing_zeros() as usize / 8,
        },
        _ => {
            let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
            at + rest.iter().position(special).unwrap_or(rest.len())
        }
    }
}

/// Whether `bytes` begin with `start`.
#[inline]
pub(super) fn starts_with(bytes: &[u8], start: &[u8]) -> bool {
    let Some(bytes) = bytes.get(..start.len()) else {
        return false;
    };
    let (Some(last), Some(wanted)) = (bytes.last_chunk::<8>(), start.last_chunk::<8>()) else {
        // Most names are longer: no library call for the few bytes that are left.
        return bytes.iter().zip(start).all(|(byte, wanted)| byte == wanted);
    };
    let (words, _) = bytes.as_chunks::<8>();
    let (wanted_words, _) = start.as_chunks::<8>();
    let mut other = u64::from_le_bytes(*last) ^ u64::from_le_bytes(*wanted);
    for (word, wanted) in words.iter().zip(wanted_words) {
        other |= u64::from_le_bytes(*word) ^ u64::from_le_bytes(*wanted);
    }
    other == 0
}

/// The number that the digits at the beginning spell, and how many they are; `None` if they are
/// more than 15, or if the text ends soon after them.
#[inline]
pub(super) fn leading_digits(bytes: &[u8]) -> Option<(u64, usize)> {
    const POWERS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
    let (first, rest) = bytes.split_first_chunk::<8>()?;
    let (number, count) = digits_of(*first);
    if count < 8 {
        return Some((number, count));
    }
    let (more, more_count) = digits_of(*rest.first_chunk::<8>()?);
    let power = POWERS.get(more_count)?;
    Some((number * power + more, 8 + more_count))
}

/// The digits at the beginning of eight bytes: the number, and how many they are.
#[inline]
fn digits_of(chunk: [u8; 8]) -> (u64, usize) {
    const LOWS: u64 = ONES * 0x0F;
    let word = u64::from_le_bytes(chunk);
    // Of a digit the upper half is 3, and the lower half does not overflow when 6 is added.
    let others = (word & (LOWS << 4)) ^ (ONES * 0x30);
    let others = others | (((word & LOWS) + ONES * 6) & (ONES * 0x10));
    let count = others.trailing_zeros() as usize / 8;
    if count == 0 {
        return (0, 0);
    }
    // The digits move to the end, with zeros before them; then neighbours are joined three times.
    let ones = (word & LOWS) << (64 - 8 * count);
    let twos = (ones.wrapping_mul(10 << 8 | 1) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (twos.wrapping_mul(100 << 16 | 1) >> 16) & 0x0000_FFFF_0000_FFFF;
    let number = fours.wrapping_mul(10_000 << 32 | 1) >> 32;
    (number, count)
}

#[cfg(test)]
mod tests {
    use super::{leading_digits, next_special, starts_with};
    use proptest::prelude::*;

    fn slow_special(bytes: &[u8], from: usize) -> usize {
        let special = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
        let rest = bytes.get(from..).unwrap_or(&[]);
        from + rest.iter().position(special).unwrap_or(rest.len())
    }

    proptest! {
        #[test]
        fn strings_end_where_they_end_byte_by_byte(
            bytes in proptest::collection::vec(
                proptest::sample::select(b"a\x1f\x20!\"#[\\]\x7f\x80\xa2\xdc\xff".to_vec()), 0..40),
            from in 0usize..12,
        ) {
            let from = from.min(bytes.len());
            prop_assert_eq!(next_special(&bytes, from), slow_special(&bytes, from));
        }

        #[test]
        fn plain_stretches_are_stepped_over(count in 0usize..60, last in any::<u8>()) {
            let mut bytes = vec![b'x'; count];
            bytes.push(last);
            prop_assert_eq!(next_special(&bytes, 0), slow_special(&bytes, 0));
        }

        #[test]
        fn numbers_are_those_of_parse(number in 0u64..10_000_000_000_000_000, behind in ".{16}") {
            let text = format!("{number}x{behind}");
            let spelled = number.to_string();
            let wanted = (spelled.len() < 16).then_some((number, spelled.len()));
            prop_assert_eq!(leading_digits(text.as_bytes()), wanted);
        }

        #[test]
        fn what_is_no_digit_ends_a_number(byte in any::<u8>(), at in 0usize..15) {
            let mut bytes = [b'7'; 24];
            bytes[at] = byte;
            bytes[15] = b',';
            let found = leading_digits(&bytes).map(|(_, count)| count);
            prop_assert_eq!(found, Some(if byte.is_ascii_digit() { 15 } else { at }));
        }

        #[test]
        fn beginnings_are_those_of_slices(a in "[ab]{0,20}", b in "[ab]{0,20}", cut in 0usize..20) {
            prop_assert_eq!(
                starts_with(a.as_bytes(), b.as_bytes()),
                a.as_bytes().starts_with(b.as_bytes())
            );
            let own = &a.as_bytes()[..cut.min(a.len())];
            prop_assert!(starts_with(a.as_bytes(), own));
        }
    }
}
