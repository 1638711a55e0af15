//! Base64 with padding, as BYTES columns are spelled in JSON, DELIMITED and casts.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends `bytes` in base64 to `out`.
///
/// ```
/// use headwater_sql::format::{decode_base64, encode_base64};
/// let mut text = Vec::new();
/// encode_base64(b"sky", &mut text);
/// assert_eq!(text, b"c2t5");
/// assert_eq!(decode_base64("c2t5").unwrap(), b"sky");
/// assert_eq!(decode_base64("c2t"), Some(b"sk".to_vec()));
/// ```
pub fn encode_base64(bytes: &[u8], out: &mut Vec<u8>) {
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { digit } else { b'=' });
        }
    }
}

/// The bytes of a text in base64; `None` if it is none.
pub fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let whole = text.len();
    let text = text.trim_end_matches('=').as_bytes();
    // What fills up the last four letters may be left out, but not in part.
    let filling = whole - text.len();
    if text.len() % 4 == 1 || filling > 2 || filling > 0 && !whole.is_multiple_of(4) {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    for chunk in text.chunks(4) {
        let mut bits = 0u32;
        for place in 0..4 {
            let digit = match chunk.get(place) {
                Some(digit) => digit_value(*digit)?,
                None => 0,
            };
            bits = bits << 6 | digit;
        }
        let decoded = bits.to_be_bytes();
        bytes.extend_from_slice(&decoded[1..chunk.len()]);
    }
    Some(bytes)
}

fn digit_value(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}
