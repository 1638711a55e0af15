//! A stream looks into a table, and two streams meet within a time.

use super::super::builder::{Builder, Stage, Tail};
use super::super::sources::needed;
use super::super::{Port, StoreKind, TopicLayout};
use super::{Joining, Side, key_expression};
use crate::analyze::JoinWindow;
use crate::analyze::relation::RelationColumn;
use crate::format::{Codec, Part};
use crate::operator::{HeldRows, JoinSide, Operator, StreamStreamJoin, StreamTableJoin};
use crate::types::Column;
use headwater_base::Diagnostic;
use headwater_syntax::ast::JoinKind;

/// A stream looks into a table.
pub(super) fn stream_table(
    builder: &mut Builder<'_>,
    joining: Joining<'_>,
    left: Stage,
) -> Result<Stage, Diagnostic> {
    let left_outer = joining.join.kind == JoinKind::Left;
    let step = joining.step();
    let mut left = match joining.decision.left_moves {
        true => joining.stream(builder, left, (Side::Left, &step), None, left_outer)?,
        false => left,
    };
    let right = joining.right_source(builder, left.sub)?;
    let moves = (joining.decision.right_moves, Some(left.sub));
    let (right, store) = joining.table(builder, right, Side::Right, moves, false)?;
    let probe = match (joining.decision.left_moves, left.keys.as_slice()) {
        (true, [moved]) => moved.expression.clone(),
        _ => joining.key(&left, Side::Left)?.1,
    };
    let operator = Operator::StreamTableJoin(StreamTableJoin {
        store,
        probe: probe.clone(),
        key: joining.key_codec(),
        right_slots: right.relation.columns.len(),
        left_outer,
    });
    builder.append(&mut left, operator, joining.station);
    if let Tail::Node(node) = left.tail {
        builder.connect(left.sub, right.tail, node, Port::Right);
    }
    Ok(Stage {
        relation: left.relation.joined(right.relation),
        keys: vec![joining.result_key(probe)],
        key_noun: "join expression",
        key_format: joining.decision.key_format.clone(),
        ..left
    })
}

/// Two streams meet within a time.
pub(super) fn stream_stream(
    builder: &mut Builder<'_>,
    joining: Joining<'_>,
    left: Stage,
    window: JoinWindow,
) -> Result<Stage, Diagnostic> {
    let (keeps_left, keeps_right) = match joining.join.kind {
        JoinKind::Inner => (false, false),
        JoinKind::Left => (true, false),
        JoinKind::Right => (false, true),
        JoinKind::Full => (true, true),
    };
    let step = joining.step();
    let mut left = match joining.decision.left_moves {
        true => {
            let step = format!("{step}-left");
            joining.stream(builder, left, (Side::Left, &step), None, keeps_left)?
        }
        false => left,
    };
    let mut right = joining.right_source(builder, left.sub)?;
    if joining.decision.right_moves {
        let step = format!("{step}-right");
        let into = Some(left.sub);
        right = joining.stream(builder, right, (Side::Right, &step), into, keeps_right)?;
    }
    let names = StoreNames::new(joining.join.kind, joining.decision.number);
    let stores = Stores {
        joining,
        window,
        sub: left.sub,
    };
    let left_side = stores.side(builder, &left, &names.left, keeps_left);
    let right_side = stores.side(builder, &right, &names.right, keeps_right);
    let outer = keeps_left || keeps_right;
    let held = (outer && window.grace_millis.is_some()).then(|| stores.held(builder, &names.held));
    builder.station_store(joining.station, &names.right);
    let operator = Operator::StreamStreamJoin(StreamStreamJoin {
        left: left_side,
        right: right_side,
        before_millis: window.before_millis,
        after_millis: window.after_millis,
        grace_millis: window.grace(),
        held,
        window: left.window,
    });
    builder.append(&mut left, operator, joining.station);
    if let Tail::Node(node) = left.tail {
        builder.connect(left.sub, right.tail, node, Port::Right);
    }
    Ok(joining.joined(left, right))
}

/// The names of a join's stores, as Kafka Streams makes them. A RIGHT join is a LEFT join of the
/// right stream there.
struct StoreNames {
    left: String,
    right: String,
    held: String,
}

impl StoreNames {
    fn new(kind: JoinKind, number: u32) -> StoreNames {
        let this = match kind {
            JoinKind::Full => "OUTERTHIS",
            _ => "JOINTHIS",
        };
        let other = match kind {
            JoinKind::Inner => "JOINOTHER",
            _ => "OUTEROTHER",
        };
        let name = |word: &str, number: u32| format!("KSTREAM-{word}-{number:010}-store");
        let (this, other) = (name(this, number), name(other, number + 1));
        let (left, right) = match kind {
            JoinKind::Right => (other, this),
            _ => (this, other),
        };
        StoreNames {
            left,
            right,
            held: name("OUTERSHARED", number),
        }
    }
}

/// How often the join looks for rows whose wait is over.
const OUTER_INTERVAL: &str =
    "ksql.streams.__emit.interval.ms.kstreams.outer.join.spurious.results.fix__";

/// The time of a record and its number, behind its key in the store.
const KEY_SUFFIX: usize = 12;

/// What the stores of one join have in common.
struct Stores<'j> {
    joining: Joining<'j>,
    window: JoinWindow,
    sub: usize,
}

impl Stores<'_> {
    /// A side with the store of its records.
    fn side(
        &self,
        builder: &mut Builder<'_>,
        stage: &Stage,
        name: &str,
        keeps_unmatched: bool,
    ) -> JoinSide {
        let wanted = needed(self.joining.request, self.joining.index + 1);
        let is_wanted = |column: &RelationColumn| {
            let same =
                |other: &RelationColumn| other.source == column.source && other.name == column.name;
            wanted.iter().any(same)
        };
        let kept = stage.relation.named();
        let kept: Vec<(usize, &RelationColumn)> = kept.filter(|(_, it)| is_wanted(it)).collect();
        let several = stage.relation.sources().len() > 1;
        let column = |(_, column): &(usize, &RelationColumn)| {
            let name = match several {
                true => format!("{}_{}", column.source, column.name),
                false => column.name.clone(),
            };
            Column::new(name, column.ty.clone())
        };
        let columns: Vec<Column> = kept.iter().map(column).collect();
        let layout = self.layout(stage, columns.clone());
        let value = Codec::new(&layout.value_format, Part::Value, &columns);
        let kind = StoreKind::Join(self.window.retention_millis());
        let (store, changelog) = builder.store_of(self.sub, name, kind, Some(layout));
        JoinSide {
            store,
            changelog,
            key: key_expression(stage),
            codec: self.joining.key_codec(),
            slots: stage.relation.columns.len(),
            stored: kept.into_iter().map(|(slot, _)| slot).collect(),
            value,
            keeps_unmatched,
        }
    }

    /// The store of the records that wait for a match.
    fn held(&self, builder: &mut Builder<'_>, name: &str) -> HeldRows {
        let (store, changelog) = builder.store_of(self.sub, name, StoreKind::Held, None);
        let session = self.joining.request.world.session;
        let interval_millis = session.number(OUTER_INTERVAL).unwrap_or(1000);
        HeldRows {
            store,
            changelog,
            interval_millis,
        }
    }

    fn layout(&self, stage: &Stage, value: Vec<Column>) -> TopicLayout {
        let mut value_format = stage.value_format.clone();
        value_format.wrap_single = true;
        TopicLayout {
            key: self.joining.key_codec().columns().to_vec(),
            value,
            key_format: self.joining.decision.key_format.clone(),
            value_format,
            window: stage.window,
            changes: false,
            key_suffix: KEY_SUFFIX,
        }
    }
}
