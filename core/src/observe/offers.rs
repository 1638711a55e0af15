//! Sources without data, and the commands that would fill them.

use crate::command::{Command, Pace, ProducerCreate, Rate};
use crate::generator::GeneratorOptions;
use crate::world::World;
use headwater_base::Millis;
use headwater_log::Topic;
use headwater_view::OfferView;

/// The pace of a generator that is offered.
const PACE: Pace = Pace::Rate(Rate {
    milli_per_second: 2_000,
});

/// A command for every topic that a source is declared over, that holds nothing, and that nobody
/// writes to: neither a producer nor a query.
pub fn offers(world: &World) -> Vec<OfferView> {
    let mut offers: Vec<OfferView> = Vec::new();
    let clusters = world.ksql().iter();
    for source in clusters.flat_map(|it| it.engine.catalog().sources()) {
        let is_derived = source.query.is_some();
        let is_offered = offers.iter().any(|it| it.topic == source.topic);
        let Some(topic) = world.cluster().find(&source.topic) else {
            continue;
        };
        if is_derived || is_offered || !is_empty(world, topic) || is_written(world, topic) {
            continue;
        }
        offers.push(OfferView {
            source: source.name.clone(),
            topic: source.topic.clone(),
            command: command(world, &source.topic).to_string(),
        });
    }
    offers
}

fn is_empty(world: &World, topic: &Topic) -> bool {
    let numbers = 0..topic.partition_count();
    let mut partitions = numbers.filter_map(|number| topic.partition(number).ok());
    partitions.all(|id| {
        let partition = world.cluster().partition(id);
        partition.is_ok_and(|it| it.end_offset() == 0)
    })
}

fn is_written(world: &World, topic: &Topic) -> bool {
    let mut clusters = world.ksql().iter().map(|it| it.engine.catalog());
    let by_query = clusters.any(|it| it.over_topic(&topic.name).any(|it| it.query.is_some()));
    let mut producers = world.producers();
    by_query || producers.any(|it| it.running && it.topic == topic.id)
}

fn command(world: &World, topic: &str) -> Command {
    let is_taken = |name: &str| world.producers().any(|it| it.running && *it.name == *name);
    let numbered = (2_u32..).map(|number| format!("{topic}-{number}"));
    let mut names = std::iter::once(topic.to_owned()).chain(numbered);
    Command::ProducerCreate(ProducerCreate {
        name: names.find(|name| !is_taken(name)).unwrap_or_default(),
        topic: topic.to_owned(),
        generator: "auto".to_owned(),
        options: Box::new(GeneratorOptions::default()),
        pace: Some(PACE),
        start: Millis::ZERO,
        count: None,
        config: Default::default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::{Lab, LabConfig};

    #[test]
    fn only_what_nobody_fills_is_offered() {
        let mut lab = Lab::new(LabConfig::default());
        let sql = "CREATE STREAM A (K INT KEY, V INT) WITH (KAFKA_TOPIC='a-1', PARTITIONS=2,
              VALUE_FORMAT='JSON');
            CREATE STREAM B AS SELECT K, V FROM A;
            CREATE STREAM C (V INT) WITH (KAFKA_TOPIC='c', PARTITIONS=1, VALUE_FORMAT='JSON');
            INSERT INTO C VALUES (1);";
        assert!(
            lab.execute(&Command::Sql(sql.to_owned()))
                .iter()
                .all(|it| it.ok)
        );
        let found = offers(lab.world());
        let command = "producer create a-1 topic=a-1 generator=auto rate=2/s";
        let offer = OfferView {
            source: "A".to_owned(),
            topic: "a-1".to_owned(),
            command: command.to_owned(),
        };
        assert_eq!(found, [offer]);
        let command = Command::parse(command).expect("it is a command");
        assert!(lab.execute(&command)[0].ok);
        assert!(offers(lab.world()).is_empty());
    }
}
