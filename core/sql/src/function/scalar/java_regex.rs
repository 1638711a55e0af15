//! Java's regular expressions in the words of the engine that runs them here.
//!
//! The two agree on most of their language. Where they do not, a pattern is rewritten: Java's
//! classes such as `\d` and `\p{Alpha}` are ASCII, `.` and `$` know more line ends, and `\Q…\E`
//! quotes.

use fancy_regex::Regex;

/// Compiles a pattern of Java's; the error says what is wrong with it.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(&rewritten(pattern)).map_err(|error| error.to_string())
}

const LINE_END: &str = r"\n\r\x{85}\x{2028}\x{2029}";

fn rewritten(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let (all, lines) = (has_flag(pattern, 's'), has_flag(pattern, 'm'));
    let mut depth = 0u32;
    let mut rest = pattern;
    while let Some(character) = rest.chars().next() {
        let after = &rest[character.len_utf8()..];
        rest = match character {
            '\\' => escape(after, depth > 0, &mut out),
            '[' => {
                depth += 1;
                out.push('[');
                after
            }
            ']' if depth > 0 => {
                depth -= 1;
                out.push(']');
                after
            }
            '.' if depth == 0 && !all => {
                out.push_str(&format!("[^{LINE_END}]"));
                after
            }
            '$' if depth == 0 && !lines => {
                out.push_str(&format!(r"(?=(?:\r\n|[{LINE_END}])?\z)"));
                after
            }
            other => {
                out.push(other);
                after
            }
        };
    }
    out
}

/// Whether the pattern sets a flag, as `(?s)` does.
fn has_flag(pattern: &str, flag: char) -> bool {
    pattern.split("(?").skip(1).any(|behind| {
        let flags = behind.find(|c: char| !c.is_ascii_alphabetic());
        behind[..flags.unwrap_or(0)].contains(flag)
    })
}

/// Writes what a backslash and what follows it stand for; gives what is behind it.
fn escape<'p>(after: &'p str, in_class: bool, out: &mut String) -> &'p str {
    let Some(letter) = after.chars().next() else {
        out.push('\\');
        return after;
    };
    let behind = &after[letter.len_utf8()..];
    match letter {
        'd' => class("0-9", false, in_class, out),
        'D' => class("0-9", true, in_class, out),
        'w' => class("a-zA-Z0-9_", false, in_class, out),
        'W' => class("a-zA-Z0-9_", true, in_class, out),
        's' => class(r"\t\n\x0B\f\r\x20", false, in_class, out),
        'S' => class(r"\t\n\x0B\f\r\x20", true, in_class, out),
        'h' => class(HORIZONTAL, false, in_class, out),
        'H' => class(HORIZONTAL, true, in_class, out),
        'R' => out.push_str(&format!(r"(?:\r\n|[\x0B\f{LINE_END}])")),
        'Z' => out.push_str(&format!(r"(?=(?:\r\n|[{LINE_END}])?\z)")),
        'p' | 'P' if behind.starts_with('{') => {
            return property(&behind[1..], letter == 'P', in_class, out);
        }
        'u' => match behind.get(..4) {
            Some(hex) => {
                out.push_str(&format!(r"\x{{{hex}}}"));
                return &behind[4..];
            }
            None => out.push_str(r"\u"),
        },
        'Q' => {
            let (quoted, behind) = behind.split_once(r"\E").unwrap_or((behind, ""));
            out.push_str(&fancy_regex::escape(quoted));
            return behind;
        }
        other => {
            out.push('\\');
            out.push(other);
        }
    }
    behind
}

const HORIZONTAL: &str = r"\t\x20\x{A0}\x{1680}\x{180E}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}";

fn class(members: &str, negated: bool, in_class: bool, out: &mut String) {
    match (negated, in_class) {
        (false, true) => out.push_str(members),
        (false, false) => out.push_str(&format!("[{members}]")),
        (true, _) => out.push_str(&format!("[^{members}]")),
    }
}

/// `\p{…}`: Java's names of ASCII classes, and Unicode's with or without `Is`.
fn property<'p>(after: &'p str, negated: bool, in_class: bool, out: &mut String) -> &'p str {
    let (name, behind) = after.split_once('}').unwrap_or((after, ""));
    let members = match name {
        "Lower" => "a-z",
        "Upper" => "A-Z",
        "Alpha" => "a-zA-Z",
        "Digit" => "0-9",
        "Alnum" => "a-zA-Z0-9",
        "Punct" => r"!-/:-@\[-`{-~",
        "Graph" => "!-~",
        "Print" => r"\x20-~",
        "Blank" => r"\x20\t",
        "Cntrl" => r"\x00-\x1F\x7F",
        "XDigit" => "0-9a-fA-F",
        "Space" => r"\t\n\x0B\f\r\x20",
        "ASCII" => r"\x00-\x7F",
        _ => {
            let unicode = match name {
                "javaLowerCase" => "Lowercase",
                "javaUpperCase" => "Uppercase",
                "javaWhitespace" => "White_Space",
                "L1" => return latin1(negated, in_class, behind, out),
                other => other.strip_prefix("Is").unwrap_or(other),
            };
            let letter = if negated { 'P' } else { 'p' };
            out.push_str(&format!(r"\{letter}{{{unicode}}}"));
            return behind;
        }
    };
    class(members, negated, in_class, out);
    behind
}

fn latin1<'p>(negated: bool, in_class: bool, behind: &'p str, out: &mut String) -> &'p str {
    class(r"\x00-\x{FF}", negated, in_class, out);
    behind
}

#[cfg(test)]
mod tests {
    use super::compile;

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
        (r"\P{Digit}", "1x", Some("x")),
        (r"a.c", "a\rc abc", Some("abc")),
        (r"(?s)a.c", "a\nc", Some("a\nc")),
        (r"b$", "ab\n", Some("b")),
        (r"(?m)a$", "a\nb", Some("a")),
        (r"\Qa.b\E+", "axb a.bb", Some("a.bb")),
        (r"(?<=x)y", "y xy", Some("y")),
        (r"a++b", "aab", Some("aab")),
        (r"a++ab", "aab", None),
        (r"(a)\1", "aba aa", Some("aa")),
        ("\\u0041", "bA", Some("A")),
        (r"[a-z&&[^bc]]+", "bcad", Some("ad")),
        (r"\h+", "a \tb", Some(" \t")),
        (r"a\R", "a\r\n", Some("a\r\n")),
        (r"(?i)SKY", "the sky", Some("sky")),
        (r"\$\.", "$.", Some("$.")),
    ];

    #[test]
    fn patterns_mean_what_they_mean_in_java() {
        for (pattern, text, expected) in TABLE {
            let found = compile(pattern).unwrap().find(text).unwrap();
            assert_eq!(
                found.map(|found| found.as_str()),
                *expected,
                "{pattern} in {text:?}"
            );
        }
        assert!(compile("(").is_err() && compile("[a").is_err());
    }
}
