//! Lines of time: a command in the past keeps the old future, one can go back to it, and a kept
//! laboratory comes back to the very same state.

use headwater_base::Millis;
use headwater_core::playground::Playground;
use headwater_tests::{FIRST_LIGHT, opened};
use headwater_view::{Frame, LabState, LabView, Reply, Request, SavedLab};

fn aged() -> Playground {
    opened(FIRST_LIGHT, None, Millis::seconds(20))
}

fn state(playground: &mut Playground) -> LabState {
    match playground.handle(Request::State) {
        Reply::State(state) => *state,
        other => panic!("{other:?}"),
    }
}

fn view(playground: &mut Playground) -> LabView {
    playground.handle(Request::Resend);
    let Reply::Frame(frame) = playground.handle(Request::Tick { wall_ms: 0.0 }) else {
        panic!("no frame")
    };
    let mut view = LabView::default();
    Frame::apply(&frame, &mut view);
    view
}

fn run(playground: &mut Playground, text: &str) {
    let request = Request::Command {
        text: text.to_owned(),
    };
    match playground.handle(request) {
        Reply::Outcomes(outcomes) => assert!(outcomes.iter().all(|it| it.ok), "{outcomes:?}"),
        other => panic!("{other:?}"),
    }
}

fn saved(playground: &mut Playground) -> SavedLab {
    match playground.handle(Request::Save) {
        Reply::Saved(saved) => *saved,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_future_that_was_left_can_be_gone_back_to() {
    let mut playground = aged();
    run(&mut playground, "topic create first");
    playground.handle(Request::Seek { time_ms: 30_000 });
    let first = state(&mut playground);
    playground.handle(Request::Seek { time_ms: 15_000 });
    run(&mut playground, "topic create second");
    playground.handle(Request::Seek { time_ms: 25_000 });
    let second = state(&mut playground);
    let branches = view(&mut playground).branches;
    assert_eq!(branches.len(), 1);
    assert_eq!(branches[0].first, "topic create first");
    assert_eq!(branches[0].commands, 1);
    assert!(branches[0].parted_ms < branches[0].head_ms);

    let reply = playground.handle(Request::TakeBranch(branches[0].id));
    assert_eq!(reply, Reply::Nothing);
    assert_eq!(state(&mut playground), first);
    let other = view(&mut playground).branches[0].clone();
    assert_eq!(other.first, "topic create second");
    playground.handle(Request::TakeBranch(other.id));
    assert_eq!(state(&mut playground), second);
    let gone = playground.handle(Request::TakeBranch(99));
    assert!(matches!(gone, Reply::Refused(_)));
}

#[test]
fn a_command_at_the_very_head_of_a_branch_comes_back_with_it() {
    let mut playground = aged();
    playground.handle(Request::Seek { time_ms: 22_000 });
    run(&mut playground, "topic create late");
    let late = state(&mut playground);
    playground.handle(Request::Seek { time_ms: 21_000 });
    run(&mut playground, "topic create early");
    let id = view(&mut playground).branches[0].id;
    playground.handle(Request::TakeBranch(id));
    assert_eq!(state(&mut playground), late);
}

#[test]
fn a_kept_laboratory_comes_back_to_the_same_state() {
    let mut playground = aged();
    run(
        &mut playground,
        "produce ratings key=9 value={\"stars\": 1}",
    );
    let text = "CREATE STREAM LOUD AS\n  SELECT * FROM RATINGS WHERE STARS = 1; -- it's quoted";
    playground.handle(Request::Execute {
        text: text.to_owned(),
    });
    playground.handle(Request::Seek { time_ms: 27_350 });
    playground.handle(Request::Step(3));
    let before = state(&mut playground);
    let mut kept = saved(&mut playground);
    kept.script = "SHOW TOPICS;".to_owned();

    let mut other = Playground::new();
    let Reply::Opened(lesson) = other.handle(Request::Load(Box::new(kept.clone()))) else {
        panic!("it was refused")
    };
    assert_eq!(lesson.problems, []);
    assert_eq!(lesson.script, "SHOW TOPICS;");
    assert_eq!(state(&mut other), before);
    other.handle(Request::StepBack);
    assert_eq!(state(&mut other).step, before.step - 1);

    let broken = SavedLab {
        hash: "0".repeat(16),
        ..kept.clone()
    };
    let Reply::Opened(lesson) = other.handle(Request::Load(Box::new(broken))) else {
        panic!("it was refused")
    };
    assert_eq!(lesson.problems[0].diagnostic.code, "replay-differs");
    kept.commands[0].text = "topic crate ratings".to_owned();
    let refused = other.handle(Request::Load(Box::new(kept)));
    assert!(matches!(refused, Reply::Refused(_)));
}
