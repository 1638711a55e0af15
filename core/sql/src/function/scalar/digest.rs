//! MD5: the digest of a text, by RFC 1321. It is for comparing, not for secrets.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use crate::expression::EvalError;
use crate::value::Value;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[row(
    "MD5",
    "md5",
    "The MD5 digest of a text, in hex digits.",
    ("MD5('sky')", "900bc885d7553375aec470198a9514f3"),
    &[strict("STRING s", "STRING", of_text)],
)];

fn of_text<'a>(call: &Call<'_, 'a>) -> Result<Value<'a>, EvalError> {
    let digest = md5(call.str(0).as_bytes());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    call.text(&hex)
}

/// How far each step of a round turns.
const TURNS: [[u32; 4]; 4] = [
    [7, 12, 17, 22],
    [5, 9, 14, 20],
    [4, 11, 16, 23],
    [6, 10, 15, 21],
];

/// The digest of some bytes.
fn md5(bytes: &[u8]) -> [u8; 16] {
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if padded.len() - bytes.len() < 9 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len() - 8;
    padded[end..].copy_from_slice(&(bytes.len() as u64).wrapping_mul(8).to_le_bytes());
    let mut state: [u32; 4] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded.chunks_exact(64) {
        let mut words = [0u32; 16];
        for (word, four) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
        }
        let mixed = mix(state, &words);
        for (total, more) in state.iter_mut().zip(mixed) {
            *total = total.wrapping_add(more);
        }
    }
    let mut digest = [0; 16];
    for (four, word) in digest.chunks_exact_mut(4).zip(state) {
        four.copy_from_slice(&word.to_le_bytes());
    }
    digest
}

/// The 64 steps over one block.
fn mix([mut a, mut b, mut c, mut d]: [u32; 4], words: &[u32; 16]) -> [u32; 4] {
    for step in 0..64 {
        let (mixed, word) = match step / 16 {
            0 => ((b & c) | (!b & d), step),
            1 => ((d & b) | (!d & c), 5 * step + 1),
            2 => (b ^ c ^ d, 3 * step + 5),
            _ => (c ^ (b | !d), 7 * step),
        };
        // The constants are the fractions of the sines of the steps' numbers.
        let constant = (libm::fabs(libm::sin((step + 1) as f64)) * 4_294_967_296.0) as u32;
        let sum = a
            .wrapping_add(mixed)
            .wrapping_add(constant)
            .wrapping_add(words[word % 16]);
        let turned = b.wrapping_add(sum.rotate_left(TURNS[step / 16][step % 4]));
        (a, b, c, d) = (d, turned, b, c);
    }
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::md5;

    #[test]
    fn digests_are_those_of_the_rfc() {
        let table = [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a",
            ),
        ];
        for (text, expected) in table {
            let hex: String = md5(text.as_bytes())
                .iter()
                .map(|b| format!("{b:02x}"))
                .collect();
            assert_eq!(hex, expected, "{text}");
        }
    }

    #[test]
    fn every_length_of_padding_gives_sixteen_bytes() {
        let all: std::collections::BTreeSet<[u8; 16]> =
            (0..200).map(|length| md5(&vec![b'a'; length])).collect();
        assert_eq!(all.len(), 200);
    }
}
