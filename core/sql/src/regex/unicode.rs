//! What Unicode says of characters: general categories, scripts and a few properties, from two
//! small tables that a test compares with a library's.
//!
//! A table is a list of runs: a value, and for how many code points it holds (seven bits a byte,
//! the lowest first). It begins at 0 and ends behind the last code point.

use super::ranges::Ranges;

/// Runs of general categories, by index in [`CATEGORIES`].
const CATEGORY_RUNS: &[u8] = include_bytes!("categories.bin");
/// Runs of scripts, by index in [`SCRIPTS`].
const SCRIPT_RUNS: &[u8] = include_bytes!("scripts.bin");
/// Runs of the properties in [`PROPERTIES`], one bit each.
const PROPERTY_RUNS: &[u8] = include_bytes!("properties.bin");

/// The general categories; what is not assigned is `Cn`.
const CATEGORIES: [&str; 30] = [
    "Cn", "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
];

/// Properties of which Rust's library does not know; each has a bit in [`PROPERTY_RUNS`].
const PROPERTIES: [&str; 7] = [
    "Ideographic",
    "Emoji",
    "Emoji_Presentation",
    "Emoji_Modifier",
    "Emoji_Modifier_Base",
    "Emoji_Component",
    "Extended_Pictographic",
];

/// The scripts with their names and codes.
const SCRIPTS: &str = "\
Adlam Adlm;Ahom;Anatolian_Hieroglyphs Hluw;Arabic Arab;Armenian Armn;Avestan Avst;\
    Balinese Bali;Bamum Bamu;Bassa_Vah Bass;Batak Batk;Bengali Beng;Bhaiksuki Bhks;\
    Bopomofo Bopo;Brahmi Brah;Braille Brai;Buginese Bugi;Buhid Buhd;Canadian_Aboriginal Cans;\
    Carian Cari;Caucasian_Albanian Aghb;Chakma Cakm;Cham;Cherokee Cher;Chorasmian Chrs;\
    Common Zyyy;Coptic Copt;Cuneiform Xsux;Cypriot Cprt;Cypro_Minoan Cpmn;Cyrillic Cyrl;\
    Deseret Dsrt;Devanagari Deva;Dives_Akuru Diak;Dogra Dogr;Duployan Dupl;\
    Egyptian_Hieroglyphs Egyp;Elbasan Elba;Elymaic Elym;Ethiopic Ethi;Garay Gara;Georgian Geor;\
    Glagolitic Glag;Gothic Goth;Grantha Gran;Greek Grek;Gujarati Gujr;Gunjala_Gondi Gong;\
    Gurmukhi Guru;Gurung_Khema Gukh;Han Hani;Hangul Hang;Hanifi_Rohingya Rohg;Hanunoo Hano;\
    Hatran Hatr;Hebrew Hebr;Hiragana Hira;Imperial_Aramaic Armi;Inherited Zinh;\
    Inscriptional_Pahlavi Phli;Inscriptional_Parthian Prti;Javanese Java;Kaithi Kthi;\
    Kannada Knda;Katakana Kana;Kawi;Kayah_Li Kali;Kharoshthi Khar;Khitan_Small_Script Kits;\
    Khmer Khmr;Khojki Khoj;Khudawadi Sind;Kirat_Rai Krai;Lao Laoo;Latin Latn;Lepcha Lepc;\
    Limbu Limb;Linear_A Lina;Linear_B Linb;Lisu;Lycian Lyci;Lydian Lydi;Mahajani Mahj;\
    Makasar Maka;Malayalam Mlym;Mandaic Mand;Manichaean Mani;Marchen Marc;Masaram_Gondi Gonm;\
    Medefaidrin Medf;Meetei_Mayek Mtei;Mende_Kikakui Mend;Meroitic_Cursive Merc;\
    Meroitic_Hieroglyphs Mero;Miao Plrd;Modi;Mongolian Mong;Mro Mroo;Multani Mult;Myanmar Mymr;\
    Nabataean Nbat;Nag_Mundari Nagm;Nandinagari Nand;New_Tai_Lue Talu;Newa;Nko Nkoo;Nushu Nshu;\
    Nyiakeng_Puachue_Hmong Hmnp;Ogham Ogam;Ol_Chiki Olck;Ol_Onal Onao;Old_Hungarian Hung;\
    Old_Italic Ital;Old_North_Arabian Narb;Old_Permic Perm;Old_Persian Xpeo;Old_Sogdian Sogo;\
    Old_South_Arabian Sarb;Old_Turkic Orkh;Old_Uyghur Ougr;Oriya Orya;Osage Osge;Osmanya Osma;\
    Pahawh_Hmong Hmng;Palmyrene Palm;Pau_Cin_Hau Pauc;Phags_Pa Phag;Phoenician Phnx;\
    Psalter_Pahlavi Phlp;Rejang Rjng;Runic Runr;Samaritan Samr;Saurashtra Saur;Sharada Shrd;\
    Shavian Shaw;Siddham Sidd;SignWriting Sgnw;Sinhala Sinh;Sogdian Sogd;Sora_Sompeng Sora;\
    Soyombo Soyo;Sundanese Sund;Sunuwar Sunu;Syloti_Nagri Sylo;Syriac Syrc;Tagalog Tglg;\
    Tagbanwa Tagb;Tai_Le Tale;Tai_Tham Lana;Tai_Viet Tavt;Takri Takr;Tamil Taml;Tangsa Tnsa;\
    Tangut Tang;Telugu Telu;Thaana Thaa;Thai;Tibetan Tibt;Tifinagh Tfng;Tirhuta Tirh;\
    Todhri Todr;Toto;Tulu_Tigalari Tutg;Ugaritic Ugar;Vai Vaii;Vithkuqi Vith;Wancho Wcho;\
    Warang_Citi Wara;Yezidi Yezi;Yi Yiii;Zanabazar_Square Zanb";

/// The characters whose value in a table is wanted.
fn of_runs(mut runs: &[u8], wanted: impl Fn(u8) -> bool) -> Ranges {
    let (mut ranges, mut start) = (Vec::new(), 0u32);
    while let Some((value, rest)) = runs.split_first() {
        let (mut length, mut shift) = (0, 0);
        runs = rest;
        while let Some((byte, rest)) = runs.split_first() {
            length |= u32::from(byte & 0x7F) << shift;
            shift += 7;
            runs = rest;
            if *byte < 0x80 {
                break;
            }
        }
        if wanted(*value) && length > 0 {
            ranges.push((start, start + length - 1));
        }
        start += length;
    }
    Ranges::of(&ranges)
}

/// The characters of a general category (`Lu`) or of a group of them (`L`, `LC`).
pub(super) fn category(name: &str) -> Option<Ranges> {
    let holds = |category: &str| match name {
        "LC" => matches!(category, "Lu" | "Ll" | "Lt"),
        "LD" => category.starts_with('L') || category == "Nd",
        _ => category.starts_with(name),
    };
    let known = (1..=2).contains(&name.len()) && CATEGORIES.into_iter().any(holds);
    let wanted = |value: u8| {
        CATEGORIES
            .get(usize::from(value))
            .is_some_and(|it| holds(it))
    };
    known.then(|| of_runs(CATEGORY_RUNS, wanted))
}

/// The characters of categories that are each told by two letters: `LuNd`.
pub(super) fn categories(names: &str) -> Ranges {
    let wanted = |value: u8| {
        let name = CATEGORIES.get(usize::from(value)).copied().unwrap_or("Cn");
        names
            .as_bytes()
            .chunks(2)
            .any(|wanted| wanted == name.as_bytes())
    };
    of_runs(CATEGORY_RUNS, wanted)
}

/// The characters of a script, by its name or code in any case.
pub(super) fn script(name: &str) -> Option<Ranges> {
    let called = |names: &str| {
        names
            .split(' ')
            .any(|known| known.eq_ignore_ascii_case(name))
    };
    let at = SCRIPTS.split(';').position(called)?;
    Some(of_runs(SCRIPT_RUNS, |value| usize::from(value) == at + 1))
}

/// The characters that have a property, by its name in any case.
pub(super) fn property(name: &str) -> Option<Ranges> {
    let upper = name.to_ascii_uppercase();
    let bit = |known: &&str| known.eq_ignore_ascii_case(name);
    if let Some(at) = PROPERTIES.iter().position(bit) {
        return Some(of_runs(PROPERTY_RUNS, |value| value >> at & 1 == 1));
    }
    Some(match upper.as_str() {
        "ALPHABETIC" => Ranges::holding(char::is_alphabetic),
        "LOWERCASE" => Ranges::holding(char::is_lowercase),
        "UPPERCASE" => Ranges::holding(char::is_uppercase),
        "WHITE_SPACE" | "WHITESPACE" => Ranges::holding(char::is_whitespace),
        "LETTER" => category("L")?,
        "TITLECASE" => category("Lt")?,
        "PUNCTUATION" => category("P")?,
        "CONTROL" => category("Cc")?,
        "DIGIT" => category("Nd")?,
        "ASSIGNED" => category("Cn")?.negated(),
        "HEX_DIGIT" | "HEXDIGIT" => Ranges::of(&[
            (0x30, 0x39),
            (0x41, 0x46),
            (0x61, 0x66),
            (0xFF10, 0xFF19),
            (0xFF21, 0xFF26),
            (0xFF41, 0xFF46),
        ]),
        "JOIN_CONTROL" | "JOINCONTROL" => Ranges::of(&[(0x200C, 0x200D)]),
        "NONCHARACTER_CODE_POINT" | "NONCHARACTERCODEPOINT" => {
            let ends = (0..=16).map(|plane| (plane << 16 | 0xFFFE, plane << 16 | 0xFFFF));
            Ranges::of(&ends.chain([(0xFDD0, 0xFDEF)]).collect::<Vec<_>>())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::{Class, HirKind};

    /// The characters of a class as the library has them.
    fn library(class: &str) -> Vec<(u32, u32)> {
        let hir = regex_syntax::parse(class).expect("the library knows the class");
        match hir.kind() {
            HirKind::Class(Class::Unicode(class)) => class
                .iter()
                .map(|it| (it.start().into(), it.end().into()))
                .collect(),
            _ => Vec::new(),
        }
    }

    fn runs(classes: impl Iterator<Item = (u8, String)>) -> Vec<u8> {
        let mut values = vec![0u8; 0x11_0000];
        for (value, class) in classes {
            for (low, high) in library(&class) {
                values[low as usize..=high as usize]
                    .iter_mut()
                    .for_each(|it| *it |= value);
            }
        }
        // Halves of pairs are no characters to the library.
        let mut bytes = Vec::new();
        for run in values.chunk_by(|left, right| left == right) {
            bytes.push(run[0]);
            let mut length = run.len();
            while length >= 0x80 {
                bytes.push(length as u8 | 0x80);
                length >>= 7;
            }
            bytes.push(length as u8);
        }
        bytes
    }

    #[test]
    #[allow(
        clippy::disallowed_methods,
        reason = "whether to update is said in the environment"
    )]
    fn tables_are_the_librarys() {
        let numbered = |names: Vec<&str>, from: u8, kind: &str| {
            let class =
                |(at, name): (usize, &&str)| (at as u8 + from, format!(r"\p{{{kind}{name}}}"));
            names
                .iter()
                .enumerate()
                .map(class)
                .collect::<Vec<_>>()
                .into_iter()
        };
        let gc = CATEGORIES
            .into_iter()
            .filter(|it| *it != "Cn" && *it != "Cs");
        let of_gc = gc.map(|name| {
            let at = CATEGORIES
                .iter()
                .position(|it| *it == name)
                .unwrap_or_default();
            (at as u8, format!(r"\p{{gc={name}}}"))
        });
        let scripts = SCRIPTS
            .split(';')
            .map(|it| it.split(' ').next().unwrap_or_default());
        let bits = PROPERTIES.iter().enumerate();
        let tables = [
            ("categories.bin", CATEGORY_RUNS, runs(of_gc)),
            (
                "scripts.bin",
                SCRIPT_RUNS,
                runs(numbered(scripts.collect(), 1, "sc=")),
            ),
            (
                "properties.bin",
                PROPERTY_RUNS,
                runs(bits.map(|(at, name)| (1 << at, format!(r"\p{{{name}}}")))),
            ),
        ];
        for (name, have, want) in tables {
            if std::env::var_os("UPDATE_EXPECT").is_some() {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/regex/");
                std::fs::write(format!("{folder}{name}"), &want).expect("it can be written");
            } else {
                assert!(
                    have == want,
                    "{name} is old: UPDATE_EXPECT=1 writes it anew"
                );
            }
        }
    }

    #[test]
    fn classes_are_found_by_name() {
        assert!(category("Lu").is_some_and(|it| it.contains('É') && !it.contains('é')));
        assert!(category("L").is_some_and(|it| it.contains('é') && !it.contains('1')));
        assert!(category("X").is_none() && category("").is_none());
        assert!(script("latin").is_some_and(|it| it.contains('a') && !it.contains('α')));
        assert!(script("Grek").is_some_and(|it| it.contains('α')));
        assert!(property("Emoji").is_some_and(|it| it.contains('\u{1F600}')));
        assert!(property("alphabetic").is_some_and(|it| it.contains('ß')));
    }
}
