//! Random cases: records, ways to run them, and the runner that draws both from a seed.

use crate::drive::Way;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseResult, TestError, TestRng, TestRunner};
use std::fmt::Debug;

/// A record of one of a case's topics.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rec {
    /// Which topic.
    pub(crate) source: usize,
    /// The key; few, so that they meet.
    pub(crate) key: Option<String>,
    /// The value's columns.
    pub(crate) value: Option<Val>,
    /// The time.
    pub(crate) time: i64,
}

/// The columns of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Val {
    /// What is grouped by, or points at a key.
    pub(crate) g: Option<String>,
    /// A number.
    pub(crate) v: Option<i64>,
}

/// How records are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    /// How many topics there are.
    pub(crate) sources: usize,
    /// How far times go back and forth around their slow growth.
    pub(crate) spread: i64,
    /// How much time grows from one record to the next.
    pub(crate) growth: i64,
    /// Whether keys and groups may be null.
    pub(crate) nulls: bool,
    /// From which topic on they are compacted, where each record needs a key.
    pub(crate) compacted_from: usize,
    /// Which topic has no deletes.
    pub(crate) undeleted: Option<usize>,
}

impl Shape {
    /// Records of so many streams and tables, with everything that can be wrong with them.
    pub(crate) fn of(streams: usize, tables: usize) -> Shape {
        Shape {
            sources: streams + tables,
            compacted_from: streams,
            spread: 40,
            growth: 4,
            nulls: true,
            undeleted: None,
        }
    }

    /// The records of a case.
    pub(crate) fn records(self) -> impl Strategy<Value = Vec<Rec>> {
        let name = |number: u8| format!("k{number}");
        let some = if self.nulls { 0.93 } else { 0.999_999_999 };
        let key = prop::option::weighted(some, (0..4u8).prop_map(name));
        let g = prop::option::weighted(some, (0..4u8).prop_map(name));
        let v = prop::option::weighted(0.9, -3..9i64);
        let value = prop::option::weighted(0.85, (g, v).prop_map(|(g, v)| Val { g, v }));
        let rec = (0..self.sources, key, value, 0..=self.spread);
        let records = prop::collection::vec(rec, 1..45);
        // Now and then stream time jumps.
        (
            records,
            prop::option::weighted(0.3, (0..45usize, 50..400i64)),
        )
            .prop_map(move |(records, jump)| {
                let mut all = Vec::new();
                for (at, (source, key, value, back)) in records.into_iter().enumerate() {
                    let jumped = jump.map_or(0, |(from, far)| if at >= from { far } else { 0 });
                    let time = at as i64 * self.growth + back + jumped;
                    let is_kept = self.undeleted != Some(source) || value.is_some();
                    if is_kept && (source < self.compacted_from || key.is_some()) {
                        all.push(Rec {
                            source,
                            key,
                            value,
                            time,
                        });
                    }
                }
                all
            })
    }
}

/// Any way to run a case.
pub(crate) fn ways() -> impl Strategy<Value = Way> {
    let cuts = prop_oneof![Just(Vec::new()), prop::collection::vec(1..12usize, 1..4)];
    (
        1..=4u32,
        prop::bool::weighted(0.4),
        any::<u64>(),
        cuts,
        1..6usize,
        any::<bool>(),
    )
        .prop_map(|(partitions, simulated, seed, cuts, poll, from_zero)| Way {
            partitions,
            simulated,
            seed,
            cuts,
            poll,
            from_zero: from_zero && !simulated,
            cache: None,
        })
}

/// Ways on which each record settles before the next.
pub(crate) fn settled() -> impl Strategy<Value = Way> {
    ways().prop_map(|way| Way {
        cuts: Vec::new(),
        ..way
    })
}

/// Ways with and without a record cache.
pub(crate) fn cached() -> impl Strategy<Value = Way> {
    let bytes = prop_oneof![1..600u64, Just(1_000_000)];
    (ways(), prop::option::weighted(0.6, (bytes, 1..4000i64)))
        .prop_map(|(way, cache)| Way { cache, ..way })
}

/// Tries a property on so many drawn cases.
#[allow(
    clippy::disallowed_methods,
    reason = "which cases are drawn may be said in the environment"
)]
pub(crate) fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    property: impl Fn(S::Value) -> TestCaseResult,
) where
    S::Value: Debug,
{
    let said = |name: &str, default: u64| {
        let text = std::env::var(name).ok();
        text.and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let (seed, times) = (said("ORACLE_SEED", 4), said("ORACLE_CASES", 1));
    let config = ProptestConfig {
        cases: cases * times as u32,
        failure_persistence: None,
        max_shrink_iters: 3000,
        ..ProptestConfig::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let chance = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    match TestRunner::new_with_rng(config, chance).run(&strategy, property) {
        Ok(()) => {}
        Err(TestError::Fail(why, case)) => {
            panic!("ORACLE_SEED={seed} ORACLE_CASES={times}\n{case:#?}\n{why}")
        }
        Err(TestError::Abort(why)) => panic!("ORACLE_SEED={seed}: {why}"),
    }
}
