//! Which sides of the joins go through internal topics, and how their keys are written there.
//!
//! A side that is not keyed by what is compared has to. The join's key format is that of the first
//! side that need not, else the left side's; the other side goes through a topic too where its
//! format differs. Equal keys of formats with a registry may be written with different schema ids,
//! so these always go.

use super::super::build::Request;
use super::numbers::numbers;
use crate::analyze::relation::column_expression;
use crate::analyze::{Bound, BoundJoin, JoinShape, wrong};
use crate::catalog::WindowType;
use crate::format::{Format, FormatSpec, Part, check_columns};
use crate::types::Column;
use headwater_base::Diagnostic;
use headwater_syntax::ast;

/// What is decided of one join.
#[derive(Clone, Debug)]
pub(in crate::plan) struct Decision {
    /// Whether the left side goes through an internal topic.
    pub(super) left_moves: bool,
    /// Whether the right side does.
    pub(super) right_moves: bool,
    /// Whether the left side is keyed by what is compared, whatever the format.
    pub(super) left_keyed: bool,
    /// Whether the right side is.
    pub(super) right_keyed: bool,
    /// How the key that is compared is written.
    pub(super) key_format: FormatSpec,
    /// Kafka Streams' running number of the join's first node.
    pub(super) number: u32,
}

/// What comes to a join from the left or from the right.
struct Comer {
    /// The columns that are its key, each alone; canonical.
    names: Vec<ast::Expression>,
    format: FormatSpec,
    window: Option<WindowType>,
    /// Whether it comes out of a join.
    internal: bool,
}

impl Comer {
    fn of_source(bound: &Bound) -> Comer {
        let names = match bound.source.schema.key.as_slice() {
            [only] => vec![column_expression(&bound.alias, &only.name)],
            _ => Vec::new(),
        };
        Comer {
            names,
            format: bound.source.key_format.clone(),
            window: bound.source.window,
            internal: false,
        }
    }
}

/// Decides it for all joins of a query.
pub(in crate::plan) fn decide(request: Request<'_>) -> Result<Vec<Decision>, Diagnostic> {
    let analysis = request.analysis;
    let Some(first) = analysis.sources.first() else {
        return Ok(Vec::new());
    };
    let mut left = Comer::of_source(first);
    let mut decisions: Vec<Decision> = Vec::new();
    for (join, bound) in analysis.joins.iter().zip(analysis.sources.iter().skip(1)) {
        let right = Comer::of_source(bound);
        let decision = decide_one(request, join, &left, &right)?;
        let names = match (join.shape, join.key.viable.as_slice()) {
            (JoinShape::ForeignKey, [_, _, ..]) => Vec::new(),
            _ if join.key.synthetic.is_some() => Vec::new(),
            (_, viable) => viable.to_vec(),
        };
        left = Comer {
            names,
            format: decision.key_format.clone(),
            window: left.window,
            internal: true,
        };
        decisions.push(decision);
    }
    let numbers = numbers(analysis, &decisions);
    for (decision, number) in decisions.iter_mut().zip(numbers) {
        decision.number = number;
    }
    Ok(decisions)
}

fn decide_one(
    request: Request<'_>,
    join: &BoundJoin,
    left: &Comer,
    right: &Comer,
) -> Result<Decision, Diagnostic> {
    let relation = &request.analysis.relation;
    let left_keyed = left.names.contains(&relation.canonical(&join.left));
    let right_keyed = right.names.contains(&relation.canonical(&join.right));
    if join.shape == JoinShape::ForeignKey {
        return Ok(Decision {
            left_moves: false,
            right_moves: false,
            left_keyed,
            right_keyed,
            key_format: left.format.clone(),
            number: 0,
        });
    }
    let preferred = match (left_keyed, right_keyed) {
        (false, true) => right,
        _ => left,
    };
    let key_format = key_format(request, join, &preferred.format)?;
    let forced = key_format.format.can_infer();
    let differs = |side: &Comer| side.format != key_format || side.window != preferred.window;
    let must = |side: &Comer, keyed: bool| !keyed || (differs(side) && !forced);
    for (side, keyed) in [(left, left_keyed), (right, right_keyed)] {
        if side.window.is_some() && must(side, keyed) {
            let message = "Implicit repartitioning of windowed sources is not supported. See \
                           https://github.com/confluentinc/ksql/issues/4385.";
            return Err(wrong("windowed-repartition", message, join.span));
        }
    }
    let moves = |side: &Comer, keyed: bool| !keyed || differs(side) || (forced && !side.internal);
    Ok(Decision {
        left_moves: moves(left, left_keyed),
        right_moves: moves(right, right_keyed),
        left_keyed,
        right_keyed,
        key_format,
        number: 0,
    })
}

/// The preferred format, if it can write the key; else JSON. A stream without a key has none.
fn key_format(
    request: Request<'_>,
    join: &BoundJoin,
    preferred: &FormatSpec,
) -> Result<FormatSpec, Diagnostic> {
    let session = request.world.session;
    let format = match preferred.format {
        Format::None => {
            let default = session.get("ksql.persistence.default.format.key");
            FormatSpec::new(Format::named(default.unwrap_or("KAFKA"))?)
        }
        _ => preferred.clone(),
    };
    let columns = [Column::new("KEY", join.ty.clone())];
    Ok(match check_columns(&format, Part::Key, &columns) {
        Ok(()) => format,
        Err(_) => FormatSpec::new(Format::Json),
    })
}
