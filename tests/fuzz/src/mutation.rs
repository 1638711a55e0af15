//! Inputs from a corpus by chance, for where no fuzzer is: the same seed gives the same inputs.

use headwater_base::Chance;

/// Longest input that is made.
const BYTES_MAX: usize = 4_000;

/// Pieces that mean something somewhere.
const PIECES: &[&str] = &[
    "'",
    "\"",
    "`",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    ";",
    "--",
    "/*",
    "*/",
    "${",
    "@",
    "\\",
    "\\u00e9",
    "\\ud83d",
    ",",
    "|",
    ":",
    "=",
    "=>",
    "->",
    ":=",
    "null",
    "true",
    "NaN",
    "-0.0",
    "1e400",
    "1e-400",
    "2147483648",
    "-9223372036854775808",
    "99999999999999999999",
    "0.1",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\u{202e}",
    "\u{e9}",
    "\u{1d11e}",
    "\u{df}",
    "```",
    "```sql",
    "# ",
    "seed 1",
    "run 1s",
    "key=",
    "CAST(",
    " AS ",
    " IN (",
    " BETWEEN ",
    " AND ",
    " NOT ",
    "ARRAY[",
    "STRUCT(",
    "MAP(",
    " OVER ",
    "WINDOW ",
    "GROUP BY ",
    "%",
    "\\d",
    "(?i)",
    "yyyy-MM-dd",
    "Europe/Berlin",
    "$.a[0]",
];

/// One input: one of `corpus`, changed in a few places, perhaps with a part of another one.
///
/// ```
/// use headwater_base::Chance;
/// use headwater_fuzz_targets::mutation::mutated;
/// let corpus = [b"LIST TOPICS;".to_vec()];
/// let made = |seed| mutated(&corpus, &mut Chance::new(seed, "example"));
/// assert_eq!(made(1), made(1));
/// ```
pub fn mutated(corpus: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut data = chance.pick(corpus).cloned().unwrap_or_default();
    for _ in 0..chance.range(1, 5) {
        change(&mut data, corpus, chance);
    }
    data.truncate(BYTES_MAX);
    data
}

fn change(data: &mut Vec<u8>, corpus: &[Vec<u8>], chance: &mut Chance) {
    let at = place(data, chance);
    let to = (at + chance.range(0, 12) as usize).min(data.len());
    match chance.range(0, 7) {
        0 => data.insert(at, chance.next_u64() as u8),
        1 => drop(data.drain(at..to)),
        2 | 3 => {
            let piece = chance.pick(PIECES).copied().unwrap_or_default();
            data.splice(at..at, piece.bytes());
        }
        4 => data.truncate(at.max(1)),
        5 => {
            let piece = data[at..to].to_vec();
            let at = place(data, chance);
            data.splice(at..at, piece);
        }
        6 if at < data.len() => data[at] ^= 1 << chance.range(0, 7),
        _ => {
            let other = chance.pick(corpus).cloned().unwrap_or_default();
            let from = place(&other, chance);
            let until = (from + chance.range(0, 40) as usize).min(other.len());
            data.splice(at..to, other[from..until].iter().copied());
        }
    }
}

fn place(data: &[u8], chance: &mut Chance) -> usize {
    chance.range(0, data.len() as i64) as usize
}
