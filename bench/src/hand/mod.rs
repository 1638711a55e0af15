//! The same four queries by hand, each a loop for this one purpose: typed structs of serde_json,
//! hash maps of std, JSON in and out.
//!
//! A program is written once and run with two kinds of output: [`Plain`] keeps the result alone,
//! as bytes; [`Fair`] writes to topics of a log, and also what the query's topology has to leave
//! there: its repartition topic and its changelog.

mod output;
mod programs;
mod rows;

pub use output::{Fair, Lane, Output, Plain};

use crate::engine::{QueryCase, topic};
use crate::measure::{Sample, Sampler};
use crate::{Failed, memory};
use headwater_log::{Partition, RecordRef};
use headwater_sql::runtime::immediate::Immediate;

/// What a program looks at: its records, and the memory from time to time.
pub(crate) struct Input<'l, 'c> {
    /// What it reads.
    pub(crate) records: &'l Partition,
    /// The customers, for those who look them up.
    pub(crate) customers: &'l Partition,
    sampler: &'c mut Sampler,
}

impl<'l> Input<'l, '_> {
    /// Calls `each` with the records in order.
    pub(crate) fn for_each(
        &mut self,
        mut each: impl FnMut(&RecordRef<'l>) -> Result<(), Failed>,
    ) -> Result<(), Failed> {
        for record in self.records {
            each(&record)?;
            if record.offset % crate::engine::POLL_RECORDS as u64 == 0 {
                self.sampler.observe(memory::now());
            }
        }
        Ok(())
    }
}

/// Runs the program of a query over what the engine's query reads.
pub fn run_by_hand<O: Output>(
    lab: &Immediate,
    case: &QueryCase,
    mut output: O,
    clock: &dyn Fn() -> f64,
) -> Result<(O, Sample), Failed> {
    let records = topic(lab, case.input)?;
    let customers = topic(lab, "customers")?;
    let mut sampler = Sampler::start(clock);
    let mut input = Input {
        records,
        customers,
        sampler: &mut sampler,
    };
    match case.name {
        "Q1" => programs::filter(&mut input, &mut output)?,
        "Q2" => programs::join(&mut input, &mut output)?,
        "Q3" => programs::count_windows(&mut input, &mut output)?,
        _ => programs::average(&mut input, &mut output)?,
    }
    output.finish()?;
    let sample = sampler.finish(clock, records.end_offset());
    Ok((output, sample))
}
