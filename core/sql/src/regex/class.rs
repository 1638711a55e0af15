//! Classes of characters: `[a-z&&[^b]]` and `\p{…}`.

use super::PatternError;
use super::escape::word;
use super::parse::Parser;
use super::ranges::Ranges;
use super::unicode;

impl Parser {
    /// A class behind its opening bracket.
    pub(super) fn class(&mut self) -> Result<Ranges, PatternError> {
        let negated = self.eat('^');
        let mut whole: Option<Ranges> = None;
        let mut part = Ranges::default();
        let mut begun = false;
        loop {
            self.skip_comments();
            match self.peek() {
                None => return Err(self.error("Unclosed character class")),
                Some(']') if begun || whole.is_some() => {
                    self.at += 1;
                    break;
                }
                Some('&') if self.eat_all("&&") => {
                    // What stands between two of these is one part.
                    if begun {
                        whole = Some(intersected(whole, &part));
                    }
                    (part, begun) = (Ranges::default(), false);
                    continue;
                }
                Some('[') => {
                    self.at += 1;
                    part = part.union(&self.deeper(Parser::class)?);
                }
                Some(_) => part = part.union(&self.class_item()?),
            }
            begun = true;
        }
        let found = match begun {
            true => intersected(whole, &part),
            false => whole.unwrap_or_default(),
        };
        Ok(if negated { found.negated() } else { found })
    }

    /// A character, a range of them, or a class by its name.
    fn class_item(&mut self) -> Result<Ranges, PatternError> {
        let low = match self.next() {
            Some('\\') => match self.escaped_class()? {
                Some(class) => return Ok(class),
                None => self.escaped_character()?,
            },
            Some(character) => character,
            None => return Err(self.error("Unclosed character class")),
        };
        let high = match (self.peek(), self.chars.get(self.at + 1).copied()) {
            (Some('-'), Some(after)) if !matches!(after, ']' | '[') => {
                self.at += 1;
                match self.next() {
                    Some('\\') => self.escaped_character()?,
                    next => next.unwrap_or(low),
                }
            }
            _ => low,
        };
        if high < low {
            return Err(self.error("Illegal character range"));
        }
        let range = Ranges::of(&[(u32::from(low), u32::from(high))]);
        Ok(match self.flags.fold() {
            Some(unicode) => range.folded(unicode),
            None => range,
        })
    }

    /// What stands behind `\p`: a letter, or a name in braces.
    pub(super) fn property(&mut self) -> Result<Ranges, PatternError> {
        let mut name = String::new();
        if self.eat('{') {
            loop {
                match self.next() {
                    Some('}') => break,
                    Some(next) => name.push(next),
                    None => return Err(self.error("Unclosed character family")),
                }
            }
        } else {
            name.extend(self.next());
        }
        let any_case = self.flags.ignore_case;
        let found = match name.split_once('=') {
            Some((key, value)) => keyed(key, value),
            None => self.posix(&name).or_else(|| plain(&name)),
        };
        let found = found
            .ok_or_else(|| self.error(&format!("Unknown character property name {{{name}}}")))?;
        let cased = ["Lower", "Upper", "Lu", "Ll", "Lt", "IsLu", "IsLl", "IsLt"];
        Ok(match any_case && cased.contains(&name.as_str()) {
            true => found.folded(self.flags.unicode_classes || name.len() < 5),
            false => found,
        })
    }

    /// POSIX classes, of ASCII or with a flag of Unicode.
    fn posix(&self, name: &str) -> Option<Ranges> {
        let by_unicode = self.flags.unicode_classes;
        Some(match (name, by_unicode) {
            ("ASCII", _) => Ranges::of(&[(0, 0x7F)]),
            ("Lower", true) => Ranges::holding(char::is_lowercase),
            ("Upper", true) => Ranges::holding(char::is_uppercase),
            ("Alpha", true) => Ranges::holding(char::is_alphabetic),
            ("Digit", true) => unicode::categories("Nd"),
            ("Alnum", true) => {
                unicode::categories("Nd").union(&Ranges::holding(char::is_alphabetic))
            }
            ("Punct", true) => unicode::category("P")?,
            ("Graph", true) => unicode::categories("CnCcCsZsZlZp").negated(),
            ("Print", true) => unicode::categories("CnCcCsZlZp").negated(),
            ("Blank", true) => unicode::categories("Zs").union(&Ranges::one('\t')),
            ("Cntrl", true) => unicode::categories("Cc"),
            ("XDigit", true) => unicode::property("Hex_Digit")?,
            ("Space", true) => Ranges::holding(char::is_whitespace),
            ("Lower", _) => Ranges::of_ascii("az"),
            ("Upper", _) => Ranges::of_ascii("AZ"),
            ("Alpha", _) => Ranges::of_ascii("azAZ"),
            ("Digit", _) => Ranges::of_ascii("09"),
            ("Alnum", _) => Ranges::of_ascii("azAZ09"),
            ("Punct", _) => Ranges::of_ascii("!/:@[`{~"),
            ("Graph", _) => Ranges::of_ascii("!~"),
            ("Print", _) => Ranges::of_ascii(" ~"),
            ("Blank", _) => Ranges::of_ascii("  \t\t"),
            ("Cntrl", _) => Ranges::of(&[(0, 0x1F), (0x7F, 0x7F)]),
            ("XDigit", _) => Ranges::of_ascii("09afAF"),
            ("Space", _) => Ranges::of(&[(0x09, 0x0D), (0x20, 0x20)]),
            _ => return None,
        })
    }
}

fn intersected(whole: Option<Ranges>, part: &Ranges) -> Ranges {
    match whole {
        Some(whole) => whole.intersection(part),
        None => part.clone(),
    }
}

/// `script=Latin`, `general_category=Lu`.
fn keyed(key: &str, value: &str) -> Option<Ranges> {
    match key.to_ascii_lowercase().as_str() {
        "sc" | "script" => unicode::script(value),
        "gc" | "general_category" => unicode::category(value),
        _ => None,
    }
}

/// Categories, `Is` with a category, property or script, and Java's own classes.
fn plain(name: &str) -> Option<Ranges> {
    if let Some(rest) = name.strip_prefix("Is") {
        let property = unicode::property(rest).or_else(|| unicode::category(rest));
        return property.or_else(|| unicode::script(rest));
    }
    Some(match name {
        "L1" => Ranges::of(&[(0, 0xFF)]),
        "all" => Ranges::default().negated(),
        "javaLowerCase" => Ranges::holding(char::is_lowercase),
        "javaUpperCase" => Ranges::holding(char::is_uppercase),
        "javaAlphabetic" => Ranges::holding(char::is_alphabetic),
        "javaIdeographic" => unicode::property("Ideographic")?,
        "javaTitleCase" => unicode::category("Lt")?,
        "javaDigit" => unicode::category("Nd")?,
        "javaDefined" => unicode::category("Cn")?.negated(),
        "javaLetter" => unicode::category("L")?,
        "javaLetterOrDigit" => unicode::category("LD")?,
        "javaSpaceChar" => unicode::category("Z")?,
        "javaISOControl" => unicode::category("Cc")?,
        "javaWhitespace" => {
            let odd = Ranges::of(&[(0xA0, 0xA0), (0x2007, 0x2007), (0x202F, 0x202F)]);
            let controls = Ranges::of(&[(0x09, 0x0D), (0x1C, 0x1F)]);
            let spaces = unicode::category("Z")?.intersection(&odd.negated());
            spaces.union(&controls)
        }
        "javaJavaIdentifierStart" | "javaUnicodeIdentifierStart" => {
            unicode::category("L")?.union(&unicode::categories("NlScPc"))
        }
        "javaJavaIdentifierPart" | "javaUnicodeIdentifierPart" => {
            word(true).union(&unicode::categories("NlScCf"))
        }
        _ => return unicode::category(name),
    })
}
