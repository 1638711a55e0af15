//! What the picture says of each state: a value that changed, rates too high to follow, a query
//! that stopped, a source without data, two streams that meet.

mod common;
mod orderly;

use headwater_base::{PartitionId, QueryId, TopicId};
use headwater_scene::{Densities, DisplayList, Options, Target, layout};
use headwater_view::*;
use orderly::{SIZES, at_size, check};

#[test]
fn the_cup_that_changed_shows_what_it_held_before_struck_out() {
    let list = layout(
        &common::opening(),
        &Options::default(),
        &Densities::default(),
    );
    let cup = |it: &&headwater_scene::Words| matches!(&it.target, Target::Cup(..));
    let words = || list.cards.iter().flat_map(|card| &card.words).filter(cup);
    let old = words().find(|it| it.lines == ["6"] && it.style.size < 10.0);
    let old = old.expect("the old value is written");
    let new = words()
        .find(|it| it.lines == ["7"])
        .expect("the new value is written");
    assert_eq!(old.target, new.target);
    assert!(old.rect.x < new.rect.x && old.style.size < new.style.size);
}

#[test]
fn at_high_rates_arrows_are_channels_with_their_rate_on_them() {
    let view = common::opening();
    let mut densities = Densities::default();
    let still = layout(&view, &Options::default(), &densities);
    densities.update(&view, 300.0);
    let fast = layout(&view, &Options::default(), &densities);
    check(&fast);
    let rates = |list: &DisplayList| {
        let written = list.items.iter().filter(|it| {
            matches!(&it.shape, headwater_scene::Shape::Text { text, .. } if text.ends_with("/s"))
                && it.layer == headwater_scene::Layer::Flags
        });
        written.count()
    };
    assert_eq!(rates(&still), 0);
    assert!(rates(&fast) > 2, "{} rates on arrows", rates(&fast));
}

#[test]
fn one_density_fades_into_the_next() {
    let view = common::opening();
    let mut densities = Densities::default();
    let still = layout(&view, &Options::default(), &densities);
    let before = densities.clone();
    densities.update(&view, 300.0);
    let fast = layout(&view, &Options::default(), &densities);
    let changed = densities.changed_since(&before);
    assert!(!changed.is_empty());
    let blend = |part: f64| headwater_scene::blend(&still, &fast, &changed, part);
    let ink = |list: &DisplayList| list.items.iter().map(|it| it.alpha).sum::<f64>();
    assert!(blend(0.5).items.len() > fast.items.len());
    assert!((ink(&blend(1.0)) - ink(&fast)).abs() < 1e-9);
    assert!(ink(&blend(0.0)) > 0.0);
}

#[test]
fn a_query_that_an_error_stopped_says_why_and_leads_to_the_record() {
    let mut view = common::opening();
    view.queries[0].state = QueryState::Error;
    view.queries[0].failure = Some(QueryFailure {
        message: "Offset 7 of ratings has a timestamp before 1970, which no window can hold".into(),
        record: Some(headwater_base::RecordId {
            partition: PartitionId(0),
            offset: 7,
        }),
        place: "ratings/0@7".into(),
    });
    for size in SIZES {
        let list = layout(&view, &at_size(size), &Densities::default());
        check(&list);
        let note = Target::Failure(QueryId(0));
        let rect = list.rect_of(&note).expect("the note is drawn");
        assert_eq!(list.hit(rect.centre().x, rect.centre().y), Some(&note));
        let mut words = list.cards.iter().flat_map(|it| &it.words);
        assert!(words.any(|it| it.lines == ["stopped by ratings/0@7"]));
    }
}

#[test]
fn a_source_without_data_offers_the_command_that_fills_it() {
    let mut view = common::opening();
    let offers = |view: &LabView| -> Vec<(Target, String)> {
        let list = layout(view, &Options::default(), &Densities::default());
        let cards = list.cards.iter();
        let offers = cards.filter_map(|it| Some((it.target.clone(), it.offer.clone()?.0)));
        offers.collect()
    };
    assert_eq!(offers(&view), []);
    let command = "producer create ratings topic=ratings generator=auto rate=2/s";
    view.offers = vec![OfferView {
        source: "RATINGS".into(),
        topic: "ratings".into(),
        command: command.into(),
    }];
    assert_eq!(
        offers(&view),
        [(Target::Topic(TopicId(0)), command.to_owned())]
    );
}

#[test]
fn the_other_stream_of_a_join_enters_at_its_clause() {
    let mut view = common::opening();
    let (left, right) = (view.topics[2].id, view.topics[3].id);
    view.topics[3].declared = vec!["POOR".into()];
    let join = &mut view.queries[2];
    join.sources = vec![left, right];
    join.stations[1].table = Some("POOR".into());
    let clause = Target::Station(join.id, join.stations[1].id);
    let query = Target::Query(join.id);
    let list = layout(&view, &Options::default(), &Densities::default());
    check(&list);
    assert!(list.edge(&Target::Topic(left), &query).is_some());
    assert!(list.edge(&Target::Topic(right), &clause).is_some());
    assert!(list.edge(&Target::Topic(right), &query).is_none());
}
