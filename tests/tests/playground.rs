//! A playground from its front end's side: frames, pausing, stepping, restarting, inspecting.

use headwater_base::Millis;
use headwater_core::playground::Playground;
use headwater_tests::{FIRST_LIGHT, opened};
use headwater_view::{Frame, LabView, Reply, Request};

fn frame(playground: &mut Playground, wall_ms: f64) -> Option<Frame> {
    match playground.handle(Request::Tick { wall_ms }) {
        Reply::Frame(frame) => Some(*frame),
        Reply::Nothing => None,
        other => panic!("{other:?}"),
    }
}

fn seen(playground: &mut Playground) -> LabView {
    playground.handle(Request::Resend);
    let mut view = LabView::default();
    let frame = frame(playground, 0.0).expect("a frame was asked for");
    frame.apply(&mut view);
    view
}

fn aged() -> Playground {
    opened(FIRST_LIGHT, None, Millis::seconds(20))
}

#[test]
fn frames_add_up_to_the_view() {
    let mut playground = aged();
    let mut view = LabView::default();
    frame(&mut playground, 0.0)
        .expect("the first frame")
        .apply(&mut view);
    playground.handle(Request::Play);
    for number in 0..200 {
        if let Some(frame) = frame(&mut playground, 16.0) {
            assert_eq!(frame.number, number + 2);
            frame.apply(&mut view);
        }
    }
    assert_eq!(view, seen(&mut playground));
}

#[test]
fn a_frame_never_holds_more_than_was_asked_for() {
    let mut playground = aged();
    frame(&mut playground, 0.0);
    playground.handle(Request::SetSpeed(1000.0));
    playground.handle(Request::Play);
    let mut left_out = 0;
    for _ in 0..20 {
        let frame = frame(&mut playground, 16.0).expect("time moves");
        assert!(frame.motions.len() <= 64);
        left_out += frame.motions_left_out;
    }
    assert!(left_out > 0);
}

#[test]
fn a_step_back_shows_what_was_shown() {
    let mut playground = aged();
    let before = seen(&mut playground);
    playground.handle(Request::Step(3));
    assert_ne!(seen(&mut playground), before);
    for _ in 0..3 {
        playground.handle(Request::StepBack);
    }
    assert_eq!(seen(&mut playground), before);
}

#[test]
fn the_same_moment_looks_the_same_however_it_was_reached() {
    let mut played = aged();
    played.handle(Request::Play);
    while played.lab().world().now().since_start() < Millis::seconds(27) {
        frame(&mut played, 10.0);
    }
    played.handle(Request::Pause);
    let moment = played.lab().world().now().since_start().0;
    let expected = seen(&mut played);
    let mut sought = aged();
    sought.handle(Request::Seek { time_ms: moment });
    assert_eq!(seen(&mut sought), expected);
    played.handle(Request::Seek { time_ms: 3_000 });
    played.handle(Request::Seek { time_ms: moment });
    assert_eq!(seen(&mut played), expected);
}

#[test]
fn a_restart_shows_the_edit_in_the_same_data() {
    let mut playground = aged();
    let count = |view: &LabView, name: &str| -> u64 {
        let topic = view
            .topics
            .iter()
            .find(|it| it.name == name)
            .expect("the topic");
        topic.partitions.iter().map(|it| it.end_offset).sum()
    };
    let before = seen(&mut playground);
    let script = opened_script();
    assert!(script.contains("< 3"));
    let text = script.replace("< 3", "< 2");
    let Reply::Outcomes(outcomes) = playground.handle(Request::Restart { text }) else {
        panic!()
    };
    assert!(outcomes.iter().all(|it| it.ok), "{outcomes:#?}");
    let after = seen(&mut playground);
    assert_eq!(after.position.time_ms, before.position.time_ms);
    assert_eq!(count(&after, "ratings"), count(&before, "ratings"));
    assert!(count(&after, "POOR_RATINGS") < count(&before, "POOR_RATINGS"));
}

fn opened_script() -> String {
    let mut playground = Playground::new();
    let lesson = FIRST_LIGHT.to_owned();
    let request = Request::Open {
        lesson,
        seed: None,
        age_ms: 0,
    };
    let Reply::Opened(opened) = playground.handle(request) else {
        panic!()
    };
    opened.script
}

#[test]
fn a_script_that_fails_leaves_the_laboratory_as_it_was() {
    let mut playground = aged();
    let before = seen(&mut playground);
    let text = "CREATE STREAM A AS SELECT * FROM NOWHERE EMIT CHANGES;".to_owned();
    let Reply::Outcomes(outcomes) = playground.handle(Request::Restart { text }) else {
        panic!()
    };
    assert!(!outcomes[0].ok);
    assert_eq!(seen(&mut playground), before);
}

#[test]
fn every_record_on_screen_can_be_inspected() {
    let mut playground = aged();
    let view = seen(&mut playground);
    let mut inspected = 0;
    for topic in &view.topics {
        for lane in &topic.partitions {
            for tile in lane.tiles.iter().rev().take(2) {
                let record = headwater_base::RecordId {
                    partition: lane.id,
                    offset: tile.offset,
                };
                let Reply::Record(Some(detail)) = playground.handle(Request::Inspect(record))
                else {
                    panic!("{record:?} is on screen and cannot be inspected");
                };
                assert_eq!(detail.topic_name, topic.name);
                let is_made = tile.cause.is_some() && !detail.topic_name.ends_with("-changelog");
                assert!(!is_made || !detail.came_from.is_empty(), "{detail:#?}");
                inspected += 1;
            }
        }
    }
    assert!(inspected > 20);
}

#[test]
fn names_are_checked_against_the_text_and_against_what_is_there() {
    let mut playground = aged();
    let mut codes = |text: &str| -> Vec<String> {
        let request = Request::Check {
            text: text.to_owned(),
            version: 1,
        };
        let Reply::Checked { diagnostics, .. } = playground.handle(request) else {
            panic!()
        };
        let codes = diagnostics.into_iter().map(|it| it.diagnostic.code);
        codes.collect()
    };
    assert_eq!(codes(&opened_script()), Vec::<String>::new());
    assert_eq!(
        codes("SELECT STARS FROM RATINGS EMIT CHANGES;"),
        Vec::<String>::new()
    );
    assert_eq!(
        codes("SELECT STAR FROM RATINGS EMIT CHANGES;"),
        ["unknown-column"]
    );
    assert_eq!(
        codes("SELECT STARS FROM RATNGS EMIT CHANGES;"),
        ["unknown-source"]
    );
    let broken = "CREATE STREAM A AS SELECT STAR FROM RATINGS; CREATE STREAM B AS SELECT * FROM A;";
    assert_eq!(codes(broken), ["unknown-column"]);
}

#[test]
fn forms_try_without_doing_and_a_seed_begins_again() {
    let mut playground = aged();
    let before = playground.lab().hash();
    let values = ["by_hand", "2"].map(str::to_owned).to_vec();
    let title = "topic create".to_owned();
    let Reply::Tried(tried) = playground.handle(Request::Try { title, values }) else {
        panic!("a form is tried");
    };
    assert_eq!(tried.text, "topic create by_hand partitions=2");
    assert_eq!((tried.problem, tried.field), (None, None));
    assert_eq!(playground.lab().hash(), before);
    let command = |text: &str| Request::Command {
        text: text.to_owned(),
    };
    let now = playground.lab().world().now();
    playground.handle(command("run 10s"));
    assert_eq!(playground.lab().world().now(), now + Millis::seconds(10));
    let opened = playground.handle(command("seed 123"));
    assert!(matches!(opened, Reply::Opened(lesson) if lesson.problems.is_empty()));
    assert_eq!(playground.lab().world().seed(), 123);
    assert_eq!(playground.lab().world().now(), now);
    playground.handle(Request::Reset);
    assert_eq!(playground.lab().world().seed(), 123);
}

#[test]
fn a_moment_that_is_too_far_away_is_approached() {
    let mut playground = Playground::new();
    playground.handle(Request::Open {
        lesson: "# T\n\n```lab\ntopic create t segment.bytes=16384 retention.bytes=65536\n\
                 producer create p topic=t generator=users rate=50000/s\n```\n"
            .to_owned(),
        seed: None,
        age_ms: 0,
    });
    let Reply::Refused(found) = playground.handle(Request::Seek {
        time_ms: 9_000_000_000_000,
    }) else {
        panic!("nothing can be so fast");
    };
    assert_eq!(found.diagnostic.code, "too-far");
    assert!(found.diagnostic.message.contains("after its start"));
}
