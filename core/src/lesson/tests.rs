//! Lessons are read with the place of every block, and every malformed block is found.

use super::expect::{ErrorWanted, Reader, Wanted};
use super::*;
use headwater_base::Millis;

const LESSON: &str = "\
# A *small* lesson

Prose with <b>raw</b> HTML, [a link](https://example.com) and [another](javascript:alert).

```lab
seed 7
topic create ratings partitions=3   # three lanes
```

<!-- A comment for authors. -->

```sql
SELECT 1;
```

```sql run=visitor
SELECT 2;
```

| a | b |
|--:|---|
| 1 | 2 |

```text
only shown
```

```expect rows at=30s last=2
SELECT A FROM T;
| A |
|---|
| 1 |
```
";

fn lesson() -> Lesson {
    Lesson::parse(LESSON).unwrap_or_else(|found| panic!("{found:?}"))
}

fn wrong(text: &str) -> Vec<(String, u32, u32)> {
    let found = Lesson::parse(text).expect_err("it is malformed");
    let code = |it: &PlacedDiagnostic| it.diagnostic.code.clone();
    found
        .iter()
        .map(|it| (code(it), it.start.line, it.start.column))
        .collect()
}

#[test]
fn parts_come_in_order_with_their_places() {
    let lesson = lesson();
    assert_eq!(lesson.title, "A small lesson");
    assert_eq!(lesson.seed, Some(7));
    let [
        Part::Prose(_),
        Part::Lab(lab),
        Part::Sql(sql),
        Part::Sql(visitor),
        Part::Prose(_),
        rest,
    ] = lesson.parts.as_slice()
    else {
        panic!("{:#?}", lesson.parts);
    };
    assert_eq!(
        lesson.at(lab.lines[1].1),
        "topic create ratings partitions=3   # three lanes"
    );
    assert_eq!(lesson.at(sql.span), "SELECT 1;\n");
    assert_eq!(visitor.run, RunBy::Visitor);
    let Part::Expect(expectation) = rest else {
        panic!("{rest:?}");
    };
    assert_eq!(expectation.at, Some(Millis::seconds(30)));
    let Wanted::Rows(rows) = &expectation.wanted else {
        panic!("{expectation:?}");
    };
    assert_eq!(lesson.at(rows.query.unwrap()), "SELECT A FROM T;");
    assert_eq!(rows.last, Some(2));
    assert_eq!(rows.table.table.rows, [["1"]]);
    assert_eq!(lesson.script(), "SELECT 1;\n");
}

#[test]
fn prose_is_safe_html() {
    let lesson = lesson();
    let html: String = lesson
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Prose(html) => Some(html.as_str()),
            _ => None,
        })
        .collect();
    assert!(html.contains("&lt;b&gt;raw&lt;/b&gt; HTML"), "{html}");
    assert!(html.contains("href=\"https://example.com\""), "{html}");
    for banned in ["<b>", "javascript", "style", "comment for authors", "<h1"] {
        assert!(!html.contains(banned), "{banned} in {html}");
    }
    assert!(
        html.contains("<td>1</td>") && html.contains("only shown"),
        "{html}"
    );
}

#[test]
fn links_to_lessons_lead_to_their_addresses() {
    let lesson = Lesson::parse("# T\n\n[on](two-b.md) [out](../up.md)\n").unwrap();
    let html = "<p><a href=\"#/learn/two-b\">on</a> <a href=\"../up.md\">out</a></p>\n";
    assert_eq!(lesson.parts, [Part::Prose(html.to_owned())]);
}

#[test]
fn images_are_shown_by_their_words() {
    let lesson = Lesson::parse("# T\n\n![a lane](https://example.com/x.png)\n").unwrap();
    assert_eq!(lesson.parts, [Part::Prose("<p>a lane</p>\n".to_owned())]);
}

#[test]
fn a_page_gets_its_parts() {
    let opened = lesson().opened(Vec::new());
    assert_eq!(opened.parts.len(), 5);
    assert_eq!(
        opened.parts[2],
        LessonPart::Sql {
            text: "SELECT 1;".to_owned(),
            ran: true
        }
    );
    let page = "```lab\npage duality table=T\n```\n";
    assert_eq!(Lesson::parse(page).unwrap().duality(), Some("T"));
}

#[test]
fn every_malformed_block_is_found_at_its_place() {
    let text = "\
```lab
topic create a
topic creat b
```

```sql runs=visitor
SELECT 1;
```

```expect row
```

```sqll
SELECT 1;
```

- item

  ```sql
  SELECT 1;
  ```

```lab
seed 4
```

```sql
```
";
    let expected = [
        ("unknown-verb", 3, 1),
        ("unknown-option", 6, 8),
        ("unknown-expectation", 10, 11),
        ("unknown-block", 13, 4),
        ("nested-block", 19, 3),
        ("empty-block", 27, 1),
    ];
    let expected = expected.map(|(code, line, column)| (code.to_owned(), line, column));
    assert_eq!(wrong(text), expected);
    assert_eq!(
        wrong("text\n\n```sql\nSELECT 1;\n"),
        [("unclosed-block".to_owned(), 3, 1)]
    );
    assert_eq!(
        wrong("~~~sql\nSELECT 1;\n```\n"),
        [("unclosed-block".to_owned(), 1, 1)]
    );
    let late = "```lab\ntopic create a\nseed 4\n```\n";
    assert_eq!(wrong(late), [("late-seed".to_owned(), 3, 1)]);
}

#[test]
fn malformed_expectations_are_found() {
    let cases = [
        ("expect\n", "missing-part"),
        ("expect rows at=30\n| A |\n", "impossible-value"),
        ("expect rows\nSELECT 1;\n", "missing-part"),
        ("expect rows last=1 last=2\n| A |\n", "repeated-key"),
        ("expect rows topic=a\n| A |\n", "unknown-option"),
        ("expect records\n| KEY |\n", "missing-part"),
        ("expect records topic=a\n| KEYS |\n", "unknown-column"),
        ("expect lag\n| LAG |\n", "missing-part"),
        ("expect lag consumer=a group=b\n| LAG |\n", "missing-part"),
        ("expect error at=3s\nno\n", "missing-part"),
        ("expect error\n", "missing-part"),
        ("expect rows\n| A |\n| 1 | 2 |\n", "malformed-table"),
    ];
    for (block, code) in cases {
        let found = wrong(&format!("```{block}```\n"));
        assert_eq!(found[0].0, code, "{block}");
    }
}

#[test]
fn expectations_have_their_options() {
    let text = "```expect lag group=dashboard at=1m\n| topic | lag |\n```\n\n\
                ```expect error line=2 column=8\nno such thing\n```\n";
    let lesson = Lesson::parse(text).unwrap();
    let wanted = |at: usize| match &lesson.parts[at] {
        Part::Expect(expectation) => expectation.wanted.clone(),
        other => panic!("{other:?}"),
    };
    let Wanted::Lag(lag) = wanted(0) else {
        panic!("it is a lag");
    };
    assert_eq!(lag.of, Reader::Group("dashboard".to_owned()));
    let error = ErrorWanted {
        line: Some(2),
        column: Some(8),
        message: "no such thing".to_owned(),
    };
    assert_eq!(wanted(1), Wanted::Error(error));
}

#[test]
fn line_ends_of_another_system_do_not_matter() {
    let lesson = Lesson::parse(&LESSON.replace('\n', "\r\n")).unwrap();
    assert_eq!(lesson, self::lesson());
}

#[test]
fn line_numbers_of_expected_errors_are_whole_numbers() {
    assert_eq!(
        wrong("```expect error line=x\nno\n```\n")[0].0,
        "impossible-value"
    );
}

proptest::proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(
        text in "(```|~~~|sql|lab|expect| rows| lag|\\n|\\n\\n|- |> |    |# |<b>|<!--|-->|\\[a\\]|\
                  \\(b\\)|!|\\| A \\||seed 1|at=1s|'|é|;){0,24}",
    ) {
        if let Err(found) = Lesson::parse(&text) {
            for placed in found {
                let span = placed.diagnostic.span.expect("it has a place");
                proptest::prop_assert!(span.start <= span.end && span.end as usize <= text.len());
            }
        }
    }
}
