//! The laboratory is a fold of its commands: how time is cut cannot be observed, and a replay from
//! any moment comes to the same trace.

use headwater_base::{Millis, TraceEvent, VirtualTime};
use headwater_core::command::Command;
use headwater_core::lab::Lab;
use headwater_tests::{FIRST_LIGHT, opened};
use proptest::prelude::*;

fn lab() -> Lab {
    opened(FIRST_LIGHT, Some(11), Millis::ZERO).lab().clone()
}

fn run_whole(until: Millis) -> (Lab, Vec<TraceEvent>) {
    let mut lab = lab();
    let mut trace = Vec::new();
    lab.advance_to(VirtualTime::START + until, u64::MAX, &mut trace);
    (lab, trace)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_cut_of_advancing_cannot_be_observed(
        cuts in proptest::collection::vec((1i64..4_000, 1u64..400), 1..40),
    ) {
        let end = Millis::seconds(20);
        let (whole, trace) = run_whole(end);
        let mut cut = lab();
        let mut seen = Vec::new();
        for (length, budget) in cuts {
            let until = (cut.world().now() + Millis(length)).min(VirtualTime::START + end);
            cut.advance_to(until, budget, &mut seen);
        }
        cut.advance_to(VirtualTime::START + end, u64::MAX, &mut seen);
        prop_assert_eq!(cut.hash(), whole.hash());
        prop_assert_eq!(seen, trace);
    }

    #[test]
    fn a_replay_from_any_moment_equals_the_run(
        moments in proptest::collection::vec(0u64..6_000, 1..12),
        commands in proptest::collection::vec(0usize..COMMANDS.len(), 0..4),
    ) {
        let mut lab = lab();
        for command in commands {
            lab.advance(Millis(2_345));
            lab.execute(&command_of(COMMANDS[command]));
        }
        lab.advance_to(lab.world().now() + Millis::seconds(15), u64::MAX, &mut Vec::new());
        let (end, hash) = (lab.world().now(), lab.hash());
        for moment in moments {
            lab.seek_step(moment % (lab.world().step() + 1));
            lab.seek_time(end);
            prop_assert_eq!(lab.hash(), hash.clone());
        }
    }
}

/// Commands that a visitor might give; each is possible in the opening lesson.
const COMMANDS: [&str; 5] = [
    "produce customers key=4 value={\"id\": 4, \"club_status\": \"bronze\"}",
    "consumer create newcomer topic=ratings group=dashboard",
    "topic create elsewhere partitions=2",
    "sql SELECT * FROM RATINGS EMIT CHANGES LIMIT 20;",
    "sql CREATE STREAM HAPPY AS SELECT * FROM RATINGS WHERE STARS = 4 EMIT CHANGES;",
];

fn command_of(text: &str) -> Command {
    match text.strip_prefix("sql ") {
        Some(sql) => Command::Sql(sql.to_owned()),
        None => Command::parse(text).unwrap_or_else(|found| panic!("{text}: {found:?}")),
    }
}

#[test]
fn steps_back_undo_steps_exactly() {
    let mut lab = lab();
    lab.advance(Millis(7_777));
    let mut before = Vec::new();
    for _ in 0..40 {
        before.push((lab.hash(), lab.world().step(), lab.world().now()));
        assert!(lab.step(&mut Vec::new()));
    }
    while let Some(expected) = before.pop() {
        assert!(lab.step_back());
        assert_eq!(
            (lab.hash(), lab.world().step(), lab.world().now()),
            expected
        );
    }
    // Before the first step of the trail, a step back goes to the step before.
    let step = lab.world().step();
    assert!(lab.step_back());
    assert_eq!(lab.world().step(), step - 1);
}

#[test]
fn a_command_in_the_past_starts_a_branch_and_keeps_the_old_future() {
    let mut lab = lab();
    lab.advance(Millis::seconds(10));
    let old = lab.hash();
    lab.seek_time(VirtualTime::START + Millis::seconds(4));
    assert!(lab.history().left().is_empty());
    let outcomes = lab.execute(&command_of("topic create elsewhere"));
    assert!(outcomes[0].ok, "{outcomes:?}");
    assert_eq!(lab.history().left().len(), 1);
    lab.advance_to(
        VirtualTime::START + Millis::seconds(10),
        u64::MAX,
        &mut Vec::new(),
    );
    assert_ne!(lab.hash(), old);
    assert!(lab.world().cluster().find("elsewhere").is_some());
}

#[test]
fn equal_seeds_give_equal_runs_and_others_differ() {
    let hash = |seed| {
        opened(FIRST_LIGHT, Some(seed), Millis::seconds(5))
            .lab()
            .hash()
    };
    assert_eq!(hash(3), hash(3));
    assert_ne!(hash(3), hash(4));
}
