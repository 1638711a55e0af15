//! What patterns mean in Java.

use super::Regex;

/// A pattern, a text, and the first match as Java finds it.
const TABLE: &[(&str, &str, Option<&str>)] = &[
    (r"\d+", "a\u{0663}12", Some("12")),
    (r"\w+", "é_a1", Some("_a1")),
    (r"[^\d\s]+", "1 ab2", Some("ab")),
    (r"[\D]", "1x", Some("x")),
    (r"\p{Alpha}+", "éab", Some("ab")),
    (r"\p{Punct}", "a]", Some("]")),
    (r"\p{IsLatin}+", "é1", Some("é")),
    (r"\p{Lu}", "aÉ", Some("É")),
    (r"\pL+", "1é", Some("é")),
    (r"\P{Digit}", "1x", Some("x")),
    (r"\p{javaUpperCase}", "aÉ", Some("É")),
    (r"\p{IsAlphabetic}+", "1ßx", Some("ßx")),
    (r"\p{sc=Greek}", "aα", Some("α")),
    (r"a.c", "a\rc abc", Some("abc")),
    (r"(?s)a.c", "a\nc", Some("a\nc")),
    (r"(?d)a.c", "a\rc", Some("a\rc")),
    (r"b$", "ab\n", Some("b")),
    (r"b$", "ab\r\n", Some("b")),
    (r"b$", "ab\n\n", None),
    (r"b\z", "ab\n", None),
    (r"b\Z", "ab\n", Some("b")),
    (r"(?m)a$", "a\nb", Some("a")),
    (r"(?m)^b", "a\nb", Some("b")),
    (r"(?m)^$", "a\n", None),
    (r"\Qa.b\E+", "axb a.bb", Some("a.bb")),
    (r"[\Q]^\E]+", "a]^", Some("]^")),
    (r"(?<=x)y", "y xy", Some("y")),
    (r"(?<=a|bc)y", "y bcy", Some("y")),
    (r"(?<=a{1,3})y", "aaay", Some("y")),
    (r"(?<!x)y", "xy y", Some("y")),
    (r"x(?!y)", "xy xz", Some("x")),
    (r"x(?=(z))\1", "xy xz", Some("xz")),
    (r"a++b", "aab", Some("aab")),
    (r"a++ab", "aab", None),
    (r"(?>a|ab)c", "abc", None),
    (r"(?:ab)?+ab", "ab", None),
    (r"(a)\1", "aba aa", Some("aa")),
    (r"(?i)(a)\1", "xaA", Some("aA")),
    (r"(?<n>a)\k<n>", "aba aa", Some("aa")),
    (r"(a)\11", "aa1", Some("aa1")),
    (r"\1(a)", "aa", None),
    ("\\u0041", "bA", Some("A")),
    (r"\x41\x{42}\0103", "ABC", Some("ABC")),
    (r"\ud83d\ude00", "a\u{1F600}", Some("\u{1F600}")),
    (r"\cA", "\u{1}", Some("\u{1}")),
    (r"[a-z&&[^bc]]+", "bcad", Some("ad")),
    (r"[a-d[m-p]]+", "ymap", Some("map")),
    (r"[^a[b]]+", "abcd", Some("cd")),
    (r"[]a]+", "x]a", Some("]a")),
    (r"[a-]+", "x-a", Some("-a")),
    (r"\h+", "a \tb", Some(" \t")),
    (r"a\R", "a\r\n", Some("a\r\n")),
    (r"(?i)SKY", "the sky", Some("sky")),
    (r"(?i)É", "é", None),
    (r"(?iu)É", "é", Some("é")),
    (r"(?i)[a-c]+", "xABc", Some("ABc")),
    (r"a(?i)b|c", "aB", Some("aB")),
    (r"(?i:a)b", "AB Ab", Some("Ab")),
    (r"(?x) a b # c", "ab", Some("ab")),
    (r"(?U)\w+", "éa", Some("éa")),
    (r"\bb\b", "ab b", Some("b")),
    (r"\Bb", "b ab", Some("b")),
    (r"\$\.", "$.", Some("$.")),
    (r"a{2}", "aaa", Some("aa")),
    (r"a{2,}?", "aaa", Some("aa")),
    (r"(ab){1,2}", "ababab", Some("abab")),
    (r"(a|ab)(c|bcd)", "abcd", Some("abcd")),
    (r"(a*)*", "b", Some("")),
    (r"(a*)+b", "aab", Some("aab")),
    (r"(a|b)*?c", "abc", Some("abc")),
    (r".*(\d)", "a1b2", Some("a1b2")),
    (r"x*", "", Some("")),
    (r"}", "}", Some("}")),
];

#[test]
fn patterns_mean_what_they_mean_in_java() {
    for (pattern, text, expected) in TABLE {
        let regex = Regex::new(pattern).unwrap_or_else(|found| panic!("{pattern}: {found}"));
        let found = regex.find(text, 0).unwrap();
        let found = found.as_ref().and_then(|found| found.group(0));
        assert_eq!(found, *expected, "{pattern} in {text:?}");
    }
}

#[test]
fn what_is_no_pattern_is_refused() {
    let wrong = [
        "(",
        ")",
        "[a",
        "*a",
        "a**",
        "{",
        "a{",
        "a{2",
        "a{3,2}",
        "a{99999999999}",
        r"\",
        r"\y",
        r"\p{Nothing}",
        r"\p{",
        r"(?<a",
        r"(?<1>a)",
        r"(?<a>x)(?<a>y)",
        r"\k<b>",
        "(?q)",
        "[z-a]",
        r"(?<=a*)b",
        r"\xg",
        r"\08",
        r"(?<=(a)\1)b",
        "[]",
        "[a&&",
    ];
    for pattern in wrong {
        assert!(Regex::new(pattern).is_err(), "{pattern}");
    }
    let deep = format!("{}a{}", "(".repeat(20_000), ")".repeat(20_000));
    assert!(Regex::new(&deep).is_err());
}

#[test]
fn groups_are_those_of_the_last_way() {
    let regex = Regex::new(r"(?:(a)|b)*").unwrap();
    let found = regex.find("ab", 0).unwrap().unwrap();
    assert_eq!((found.group(0), found.group(1)), (Some("ab"), Some("a")));
    let regex = Regex::new(r"(a)?b").unwrap();
    assert_eq!(regex.find("b", 0).unwrap().unwrap().group(1), None);
    let regex = Regex::new(r"(?!(a))b").unwrap();
    assert_eq!(regex.find("b", 0).unwrap().unwrap().group(1), None);
}

#[test]
fn searches_end() {
    let regex = Regex::new(r"(a+)+$").unwrap();
    let long = format!("{}b", "a".repeat(40));
    assert!(regex.find(&long, 0).is_err());
    let regex = Regex::new(r"(?:){1000000000}x").unwrap();
    assert_eq!(
        regex.find("yx", 0).unwrap().map(|found| found.start()),
        Some(1)
    );
    let text = "a".repeat(100_000);
    let regex = Regex::new(r"^(?:a|b)*$").unwrap();
    assert!(regex.find(&text, 0).is_ok_and(|found| found.is_some()));
}
