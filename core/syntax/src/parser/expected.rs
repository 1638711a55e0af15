//! What may come next behind a text that breaks off: for completion.
//!
//! The parser reads the text as far as it goes; what it asked for at the end is what would fit.

use super::cursor::Parser;
use super::failure::{Failure, Reason, Terminal};
use super::statement::FIRST_WORDS;
use crate::lexer::tokenize;
use crate::token::{Keyword, TokenKind};
use headwater_base::order;

/// What may come next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// The words of the language that fit, in the order of their declaration.
    pub keywords: Vec<Keyword>,
    /// What else fits.
    pub place: ExpectedPlace,
}

/// What fits besides words of the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExpectedPlace {
    /// Nothing else, such as behind a whole clause.
    #[default]
    Nothing,
    /// A statement begins here.
    Statement,
    /// An expression begins here.
    Expression,
    /// A name.
    Name,
    /// A type.
    Type,
    /// A text in single quotes.
    String,
    /// The text is broken before its end, so nobody knows.
    Unknown,
}

/// Words that an expression may begin with.
const EXPRESSION_WORDS: [Keyword; 8] = [
    Keyword::CASE,
    Keyword::CAST,
    Keyword::FALSE,
    Keyword::NOT,
    Keyword::NULL,
    Keyword::TRUE,
    Keyword::ARRAY,
    Keyword::STRUCT,
];

/// Words that may be names, so that the parser takes them for such when the text breaks off behind
/// them: the words before and what follows.
const FOLLOWING: [(&[Keyword], &[Keyword], ExpectedPlace); 6] = {
    use Keyword::*;
    [
        (&[EMIT], &[CHANGES, FINAL], ExpectedPlace::Nothing),
        (&[PARTITION], &[BY], ExpectedPlace::Nothing),
        (&[CREATE, OR], &[REPLACE], ExpectedPlace::Nothing),
        (&[IF], &[EXISTS, NOT], ExpectedPlace::Nothing),
        (&[IF, NOT], &[EXISTS], ExpectedPlace::Nothing),
        (&[DESCRIBE, FUNCTION], &[], ExpectedPlace::Name),
    ]
};

/// What may come next behind `text`, which is the beginning of one statement and ends with a
/// whole token.
///
/// ```
/// use headwater_syntax::{ExpectedPlace, expected, token::Keyword};
/// let next = expected("SELECT STARS FROM RATINGS EMIT ");
/// assert_eq!(next.keywords, [Keyword::CHANGES, Keyword::FINAL]);
/// assert_eq!(expected("SELECT STARS + ").place, ExpectedPlace::Expression);
/// ```
pub fn expected(text: &str) -> Expected {
    if let Some(found) = following(text) {
        return found;
    }
    let mut parser = Parser::new(text);
    parser.begin_statement();
    let read = parser.statement_kind();
    let read = read.and_then(|_| parser.expect_statement_end());
    match (read, parser.take_failure()) {
        (Ok(()), _) => Expected::default(),
        (Err(_), Some(failure)) if failure.token.kind == TokenKind::End => of(&failure),
        (Err(_), _) => Expected {
            keywords: Vec::new(),
            place: ExpectedPlace::Unknown,
        },
    }
}

/// Whether statements begin with this word.
///
/// ```
/// use headwater_syntax::{begins_statement, token::Keyword};
/// assert!(begins_statement(Keyword::SELECT) && !begins_statement(Keyword::FROM));
/// ```
pub fn begins_statement(keyword: Keyword) -> bool {
    FIRST_WORDS.contains(&keyword)
}

fn following(text: &str) -> Option<Expected> {
    let mut kinds = tokenize(text)
        .into_iter()
        .rev()
        .map(|token| token.kind)
        .filter(|kind| !kind.is_trivia() && *kind != TokenKind::End);
    let last: Vec<TokenKind> = kinds.by_ref().take(2).collect();
    // Behind AS, or a comma, such a word is a name.
    let is_word = |at: usize| matches!(last.get(at), Some(TokenKind::Keyword(_)));
    if last.get(1) == Some(&TokenKind::Keyword(Keyword::AS)) {
        return None;
    }
    let fits = |words: &[Keyword]| {
        let reversed = words.iter().rev().enumerate();
        let mut fits = reversed.map(|(at, word)| last.get(at) == Some(&TokenKind::Keyword(*word)));
        fits.all(|fits| fits) && (words.len() == 1 || is_word(1))
    };
    let rows = FOLLOWING.iter().rev();
    let mut found = rows.filter(|(words, ..)| fits(words));
    found.next().map(|(_, keywords, place)| Expected {
        keywords: keywords.to_vec(),
        place: *place,
    })
}

fn of(failure: &Failure) -> Expected {
    let mut wanted = failure.tried.clone();
    match &failure.reason {
        Reason::One(terminal) => wanted.push(*terminal),
        Reason::Few(terminals) => wanted.extend_from_slice(terminals),
        _ => {}
    }
    let place = place_of(&failure.reason, &wanted);
    let keyword = |terminal: &Terminal| match terminal {
        Terminal::Keyword(keyword) => Some(*keyword),
        _ => None,
    };
    let mut keywords: Vec<Keyword> = wanted.iter().filter_map(keyword).collect();
    match place {
        ExpectedPlace::Statement => keywords.extend_from_slice(FIRST_WORDS),
        ExpectedPlace::Expression => keywords.extend_from_slice(&EXPRESSION_WORDS),
        _ => {}
    }
    order::sort(&mut keywords);
    keywords.dedup();
    Expected { keywords, place }
}

fn place_of(reason: &Reason, wanted: &[Terminal]) -> ExpectedPlace {
    match reason {
        Reason::Near("a statement") => ExpectedPlace::Statement,
        Reason::Near("an expression") => ExpectedPlace::Expression,
        Reason::Near("a type") => ExpectedPlace::Type,
        Reason::Name => ExpectedPlace::Name,
        _ if wanted.contains(&Terminal::Identifier) => ExpectedPlace::Name,
        _ if wanted.contains(&Terminal::String) => ExpectedPlace::String,
        _ => ExpectedPlace::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let found = expected(text);
        let mut words: Vec<&str> = found.keywords.iter().map(|it| it.text()).collect();
        words.sort_unstable();
        format!("{:?}: {}", found.place, words.join(" "))
    }

    #[test]
    fn what_fits_follows_the_grammar() {
        let cases = [
            ("CREATE ", "Nothing: OR SINK SOURCE STREAM TABLE TYPE"),
            ("CREATE OR ", "Nothing: REPLACE"),
            ("CREATE STREAM ", "Name: IF"),
            ("CREATE STREAM S (", "Name: "),
            ("CREATE STREAM S (A ", "Type: "),
            (
                "CREATE STREAM S (A INT ",
                "Nothing: ARRAY HEADER HEADERS KEY PRIMARY",
            ),
            ("CREATE STREAM S WITH (", "Name: "),
            ("DROP TABLE IF ", "Nothing: EXISTS NOT"),
            ("DESCRIBE FUNCTION ", "Name: "),
            ("SELECT A FROM ", "Name: "),
            ("SELECT A FROM S PARTITION ", "Nothing: BY"),
            (
                "SELECT A FROM S WINDOW ",
                "Nothing: HOPPING SESSION TUMBLING",
            ),
            ("SELECT A FROM S WINDOW TUMBLING (", "Nothing: SIZE"),
            ("SELECT A FROM S LEFT ", "Nothing: JOIN OUTER"),
            ("SET ", "String: "),
            ("SELEC A ", "Unknown: "),
        ];
        for (text, wanted) in cases {
            assert_eq!(words(text), wanted, "{text}");
        }
        let clauses = words("SELECT A FROM S ");
        for word in [
            "AS", "EMIT", "GROUP", "HAVING", "INNER", "LIMIT", "WHERE", "WINDOW",
        ] {
            assert!(clauses.contains(word), "{word}: {clauses}");
        }
        let later = words("SELECT A FROM S GROUP BY A ");
        assert!(
            later.contains("HAVING") && !later.contains("WHERE"),
            "{later}"
        );
        assert!(words("SELECT ").starts_with("Expression: "));
        assert!(words("").starts_with("Statement: ALTER ASSERT CREATE"));
        assert_eq!(expected("LIST TOPICS;"), Expected::default());
    }
}
