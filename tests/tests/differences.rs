//! `docs/differences.md` says what the errors say: its lists are those that the code reads.
//!
//! `UPDATE_EXPECT=1` writes them anew.

use headwater_log::config::NOT_SUPPORTED_YET;
use headwater_log::{ConsumerConfig, ProducerConfig};
use headwater_sql::analyze::gaps::GAPS;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/differences.md");

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "a developer asks for new lists by a variable"
)]
fn the_page_lists_what_is_refused() {
    let gaps: Vec<String> = GAPS
        .iter()
        .map(|gap| match gap.instead {
            "" => format!("- {}.", gap.title),
            instead => format!("- {}. {instead}", gap.title),
        })
        .collect();
    let listed = |names: &[&str]| -> Vec<String> {
        let lines = names.iter().map(|it| format!("- `{it}`"));
        lines.collect()
    };
    let settings = listed(&NOT_SUPPORTED_YET);
    let of_producers = listed(&ProducerConfig::NOT_SUPPORTED_YET);
    let of_consumers = listed(&ConsumerConfig::NOT_SUPPORTED_YET);
    let page = std::fs::read_to_string(PAGE).expect("docs/differences.md is there");
    let expected = with_list(&page, "sql gaps", &gaps);
    let expected = with_list(&expected, "topic configuration", &settings);
    let expected = with_list(&expected, "producer configuration", &of_producers);
    let expected = with_list(&expected, "consumer configuration", &of_consumers);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(PAGE, &expected).expect("docs/differences.md can be written");
    } else {
        assert_eq!(
            page, expected,
            "run with UPDATE_EXPECT=1 to write the lists anew"
        );
    }
}

/// The page with the lines between a list's marks replaced.
fn with_list(page: &str, name: &str, lines: &[String]) -> String {
    let mark = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&mark).expect("the list's mark is there");
    let (_, after) = rest
        .split_once("<!-- end -->")
        .expect("the list has an end");
    let list: String = lines.iter().map(|line| format!("{line}\n")).collect();
    format!("{before}{mark}{list}<!-- end -->{after}")
}
