//! Draws that begin with a word: `sequence`, `normal`, `one of`, kinds.

use super::super::draw::{Draw, Drawn, ITEMS_MAX, Range, Spelling};
use super::super::kinds::{KINDS, kind};
use super::{FORMS, Read, Reader, scaled};
use headwater_base::Diagnostic;
use headwater_base::diagnostic::nearest;

/// Most numbers of a `zipf`.
const ZIPF_MAX: i64 = 10_000;

impl Reader<'_> {
    pub(super) fn named(&mut self) -> Read<Draw> {
        self.skip_blanks();
        let start = self.at;
        match self.word() {
            "sequence" => self.sequence(),
            "normal" => self.normal(),
            "exponential" => {
                let mean = self.number()?;
                let (range, [mean]) = self.bounded([mean])?;
                Ok(Draw::Exponential { mean, range })
            }
            "zipf" => self.zipf(),
            "walk" => self.walk(),
            "one" => self.one_of(),
            "true" => Ok(Draw::Truth {
                per_mille: self.percent()?,
            }),
            "null" => Ok(Draw::Constant(Drawn::Null)),
            "now" => {
                let iso = self.eat_word("iso");
                let seconds = !iso && self.eat_word("seconds");
                let spelling = match (iso, seconds) {
                    (true, _) => Spelling::Iso,
                    (_, true) => Spelling::Seconds,
                    _ => Spelling::Millis,
                };
                let (low, high) = (0, 0);
                Ok(Draw::Moment {
                    low,
                    high,
                    spelling,
                })
            }
            "list" => self.list(),
            word => match kind(word) {
                Some(kind) => Ok(Draw::Kind(kind)),
                None => Err(self.unknown(start, word)),
            },
        }
    }

    fn unknown(&mut self, start: usize, word: &str) -> Diagnostic {
        if word.is_empty() {
            return self.expected("how the field is drawn").hint(possible());
        }
        let words = [
            "sequence",
            "normal",
            "exponential",
            "zipf",
            "walk",
            "one",
            "true",
            "null",
            "now",
            "list",
        ];
        let known = words.into_iter().chain(KINDS.iter().map(|it| it.name));
        let found = self.wrong(start, format!("There is no draw {word}."));
        let found = match nearest(word, known).first() {
            Some(near) => found.hint(format!("Did you mean {near}?")),
            None => found,
        };
        found.hint(possible())
    }

    fn sequence(&mut self) -> Read<Draw> {
        let first = match self.peek() {
            Some(it) if it.is_ascii_digit() || it == '-' => self.whole()?,
            _ => 1,
        };
        let step = match self.eat_word("step") {
            true => self.whole()?,
            false => 1,
        };
        Ok(Draw::Sequence { first, step })
    }

    fn whole(&mut self) -> Read<i64> {
        let start = self.at;
        match self.number()? {
            (whole, 0) => Ok(whole),
            _ => Err(self.wrong(start, "This has to be a whole number.")),
        }
    }

    fn normal(&mut self) -> Read<Draw> {
        let mean = self.number()?;
        if !self.eat("+-") && !self.eat("±") {
            return Err(self
                .expected("+- and the deviation")
                .hint("Such as: normal 21.5 +- 2"));
        }
        let deviation = self.number()?;
        let (range, [mean, deviation]) = self.bounded([mean, deviation])?;
        Ok(Draw::Normal {
            mean,
            deviation: deviation.abs(),
            range,
        })
    }

    /// Numbers of one scale, and the range behind `in`, if it is there.
    fn bounded<const N: usize>(&mut self, numbers: [(i64, u32); N]) -> Read<(Range, [i64; N])> {
        let start = self.at;
        let range = match self.eat_word("in") {
            true => Some(self.range()?),
            false => None,
        };
        let own = numbers.iter().map(|it| it.1).max().unwrap_or(0);
        let scale = own.max(range.map_or(0, |it| it.scale));
        let wide = || self.wrong(start, "These numbers have too many digits.");
        let mut all = [0; N];
        for (at, number) in numbers.into_iter().enumerate() {
            all[at] = scaled(number, scale).ok_or_else(wide)?;
        }
        let range = match range {
            None => Range::any(scale),
            Some(range) => Range {
                low: scaled((range.low, range.scale), scale).ok_or_else(wide)?,
                high: scaled((range.high, range.scale), scale).ok_or_else(wide)?,
                scale,
            },
        };
        Ok((range, all))
    }

    fn zipf(&mut self) -> Read<Draw> {
        let start = self.at;
        let range = self.range()?;
        let count = range.high.saturating_sub(range.low).saturating_add(1);
        if range.scale != 0 || count > ZIPF_MAX {
            let message = format!("zipf takes at most {ZIPF_MAX} whole numbers.");
            return Err(self.wrong(start, message));
        }
        let mut sum = 0;
        let sums = (1..=count as u64).map(|rank| {
            sum += (1 << 40) / rank;
            sum
        });
        Ok(Draw::Zipf {
            low: range.low,
            sums: sums.collect(),
        })
    }

    fn walk(&mut self) -> Read<Draw> {
        let first = self.number()?;
        if !self.eat_word("step") {
            return Err(self
                .expected("step")
                .hint("Such as: walk 20.0 step 0.5 in 0..40"));
        }
        let step = self.number()?;
        let (range, [first, step]) = self.bounded([first, step])?;
        self.walks += 1;
        Ok(Draw::Walk {
            slot: self.walks - 1,
            first,
            step: step.abs(),
            range,
        })
    }

    fn one_of(&mut self) -> Read<Draw> {
        if !self.eat_word("of") {
            return Err(self.expected("of").hint("Such as: one of web*3, store"));
        }
        let mut options = Vec::new();
        loop {
            let option = match self.peek() {
                Some('"') => Drawn::Text(self.quoted()?),
                Some(it) if it.is_ascii_digit() || it == '-' && self.is_number_ahead() => {
                    let (unscaled, scale) = self.number()?;
                    Drawn::Number { unscaled, scale }
                }
                _ => Drawn::Text(self.bare_text()?),
            };
            let weight = match self.eat("*") {
                true => self.whole()?.clamp(0, 1_000_000) as u32,
                false => 1,
            };
            options.push((option, weight));
            if !self.eat(",") {
                break;
            }
        }
        match options.iter().any(|(_, weight)| *weight > 0) {
            true => Ok(Draw::Choice(options)),
            false => Err(self.wrong(self.at, "One of the weights has to be above 0.")),
        }
    }

    fn is_number_ahead(&self) -> bool {
        self.rest()
            .as_bytes()
            .get(1)
            .is_some_and(u8::is_ascii_digit)
    }

    /// A text without quotes: up to a comma, a star, or the end of the field.
    fn bare_text(&mut self) -> Read<String> {
        self.skip_blanks();
        let rest = self.rest();
        let end = rest
            .find([',', '*', ';', '?', '}', '{', '"'])
            .unwrap_or(rest.len());
        let text = rest[..end].trim_end();
        if text.is_empty() {
            return Err(self.expected("a text"));
        }
        self.at += text.len();
        Ok(text.to_owned())
    }

    fn list(&mut self) -> Read<Draw> {
        let start = self.at;
        let range = self.range()?;
        if range.scale != 0 || range.low < 0 || range.high > ITEMS_MAX {
            let message = format!("A list has between 0 and {ITEMS_MAX} items.");
            return Err(self.wrong(start, message));
        }
        if !self.eat_word("of") {
            return Err(self.expected("of").hint("Such as: list 1..3 of city"));
        }
        let item = Box::new(self.draw()?);
        Ok(Draw::List {
            low: range.low,
            high: range.high,
            item,
        })
    }
}

fn possible() -> String {
    let forms: Vec<&str> = FORMS.iter().map(|(form, ..)| *form).collect();
    format!("Possible: {}.", forms.join(" | "))
}
