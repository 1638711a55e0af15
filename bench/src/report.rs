//! The tables: everything is measured in turns, compared, and put into words.

use crate::Failed;
use crate::engine::{QUERIES, QueryCase, Ran, prepare, run_query, topic};
use crate::figures::Contents;
use crate::hand::{Fair, Lane, Output, Plain, run_by_hand};
use crate::log_figures::{self, LogFigures};
use crate::measure::{Sample, median};
use headwater_sql::runtime::immediate::Immediate;

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many ratings.
    pub events: u32,
    /// How often everything is run; the middle run counts.
    pub rounds: u32,
    /// What their seed is.
    pub seed: u64,
    /// Whether the engine runs alone, for a profiler; then nothing is compared.
    pub alone: bool,
    /// Names of the queries, or `log`; empty for all.
    pub only: Vec<String>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            events: 1_000_000,
            rounds: 5,
            seed: 1,
            alone: false,
            only: Vec::new(),
        }
    }
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only.eq_ignore_ascii_case(name))
    }
}

/// What one query reached.
#[derive(Clone, Copy, Debug)]
struct Row {
    case: &'static QueryCase,
    engine: Sample,
    fair: Sample,
    plain: Sample,
    rows: u64,
}

/// Measures what the options ask for, and says it line by line. The clock gives seconds.
pub fn run(options: &Options, clock: &dyn Fn() -> f64, say: &dyn Fn(&str)) -> Result<(), Failed> {
    let queries: Vec<&QueryCase> = QUERIES.iter().filter(|it| options.wants(it.name)).collect();
    if !queries.is_empty() {
        say(&format!(
            "{} ratings, {} rounds",
            options.events, options.rounds
        ));
        let mut lab = prepare(options.seed, options.events)?;
        let mut rows = Vec::new();
        for case in queries {
            if case.input == "Q2" {
                // The third query reads what the second one has written.
                lab = run_query(&lab, &QUERIES[1], clock)?.lab;
            }
            rows.push(measure(&lab, case, options, clock)?);
            say(&format!("measured {}: {}", case.name, case.about));
            if case.input == "Q2" {
                lab = prepare(options.seed, options.events)?;
            }
        }
        table(&rows).iter().for_each(|line| say(line));
        let rate = |row: &Row| format!("{} {:.1}", row.case.name, per_second(&row.engine) / 1e3);
        let rates: Vec<String> = rows.iter().map(rate).collect();
        say(&format!("engine, kev/s: {}", rates.join(", ")));
    }
    if options.wants("log") {
        let figures = log_figures::measure(options, clock)?;
        log_table(&figures).iter().for_each(|line| say(line));
    }
    Ok(())
}

fn measure(
    lab: &Immediate,
    case: &'static QueryCase,
    options: &Options,
    clock: &dyn Fn() -> f64,
) -> Result<Row, Failed> {
    let (mut engine, mut fair, mut plain) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = 0;
    for round in 0..options.rounds {
        // Results are dropped before the next program runs, so that none pays for another.
        let ran = run_query(lab, case, clock)?;
        let wanted = Contents::of(topic(&ran.lab, case.name)?);
        let Ran { sample, .. } = ran;
        engine.push(sample);
        rows = wanted.records;
        if options.alone {
            continue;
        }
        let (by_hand, sample) = run_by_hand(lab, case, Fair::new()?, clock)?;
        check(case, "fair", round, wanted, by_hand.contents(Lane::Sink))?;
        fair.push(sample);
        drop(by_hand);
        let (by_hand, sample) = run_by_hand(lab, case, Plain::default(), clock)?;
        check(case, "plain", round, wanted, by_hand.contents(Lane::Sink))?;
        plain.push(sample);
    }
    Ok(Row {
        case,
        engine: median(engine),
        fair: median(fair),
        plain: median(plain),
        rows,
    })
}

fn check(
    case: &QueryCase,
    program: &str,
    round: u32,
    wanted: Contents,
    found: Contents,
) -> Result<(), Failed> {
    if wanted == found {
        return Ok(());
    }
    Err(Failed(format!(
        "{}, round {round}: the engine wrote {wanted:?}, the {program} program {found:?}",
        case.name
    )))
}

fn per_second(sample: &Sample) -> f64 {
    sample.events as f64 / sample.seconds.max(1e-9)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.0}", bytes as f64 / 1e6)
}

/// The queries: thousand events a second, ratios, memory, allocations.
fn table(rows: &[Row]) -> Vec<String> {
    let mut lines = vec![
        String::new(),
        "| query | engine, kev/s | fair, kev/s | plain, kev/s | engine / fair | engine / plain \
         | rows out | MB engine | MB fair | MB plain | allocations an event |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for row in rows {
        let [engine, fair, plain] = [&row.engine, &row.fair, &row.plain].map(per_second);
        lines.push(format!(
            "| {} {} | {:.0} | {:.0} | {:.0} | {:.2} | {:.2} | {} | {} | {} | {} | {:.3} |",
            row.case.name,
            row.case.about,
            engine / 1e3,
            fair / 1e3,
            plain / 1e3,
            engine / fair,
            engine / plain,
            row.rows,
            megabytes(row.engine.peak_bytes),
            megabytes(row.fair.peak_bytes),
            megabytes(row.plain.peak_bytes),
            row.engine.allocations,
        ));
    }
    lines
}

/// The log beside a vector.
fn log_table(figures: &LogFigures) -> Vec<String> {
    let line = |what: &str, (vector, log): &(Sample, Sample)| {
        let [vector, log] = [vector, log].map(per_second);
        format!(
            "| {what} | {:.1} | {:.1} | {:.2} |",
            log / 1e6,
            vector / 1e6,
            log / vector
        )
    };
    vec![
        String::new(),
        "| the log | million records/s | a vector with an index | log / vector |".to_owned(),
        "|---|---|---|---|".to_owned(),
        line("append, batches of 100", &figures.append),
        line("read through", &figures.read),
        format!(
            "A retained record takes {:.1} bytes beyond its key and value.",
            figures.overhead_bytes
        ),
    ]
}
