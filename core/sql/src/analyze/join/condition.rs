//! ON: one equality, each side about one source, both of one type.

use crate::analyze::relation::Relation;
use crate::analyze::sources::Bound;
use crate::analyze::walk::each_node;
use crate::analyze::{World, wrong};
use crate::expression::{Clause, Expression};
use crate::types::SqlType;
use headwater_base::Diagnostic;
use headwater_syntax::ast::{self, ComparisonOperator, ExpressionKind as Kind, Join};
use headwater_syntax::printer::{self, Quoting};

/// A condition taken apart.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// What of the sources before is compared; as written.
    pub(super) left: ast::Expression,
    /// What of the joined source is compared; as written.
    pub(super) right: ast::Expression,
    /// The type of both.
    pub(super) ty: SqlType,
    /// The condition in its own order, as messages say it: `L.A = R.A`.
    pub(super) text: String,
}

pub(super) fn spelled(expression: &ast::Expression) -> String {
    printer::expression(expression, Quoting::Never)
}

/// Takes the condition of a join apart.
pub(super) fn take_apart(
    join: &Join,
    joined: &Bound,
    relation: &Relation,
    world: World<'_>,
) -> Result<Condition, Diagnostic> {
    let condition = relation.canonical(&join.on);
    let Kind::Comparison {
        operator: ComparisonOperator::Equal,
        left,
        right,
    } = &join.on.kind
    else {
        return Err(no_equality(join, &condition));
    };
    // Names are checked first, so that an unknown one is not taken for "no source".
    let left_type = world.compile(left, relation, Clause::JoinOn)?;
    let right_type = world.compile(right, relation, Clause::JoinOn)?;
    let left_source = only_source(left, &condition, relation)?;
    let right_source = only_source(right, &condition, relation)?;
    check_side_sources(join, &left_source, &right_source, joined)?;
    let canonical = [relation.canonical(left), relation.canonical(right)];
    let texts = canonical.each_ref().map(spelled);
    let ty = match (left_type.ty(), right_type.ty()) {
        (Some(a), Some(b)) if a == b => a.clone(),
        _ => return Err(types_differ(join, &texts, [&left_type, &right_type])),
    };
    let (left, right) = match left_source == joined.alias {
        true => (right, left),
        false => (left, right),
    };
    Ok(Condition {
        left: (**left).clone(),
        right: (**right).clone(),
        ty,
        text: texts.join(" = "),
    })
}

fn no_equality(join: &Join, condition: &ast::Expression) -> Diagnostic {
    let several = matches!(&join.on.kind, Kind::Logical { .. });
    let why = match several {
        true => "joins on multiple conditions are not yet supported",
        false => "Joins must be on one equality",
    };
    let message = format!("Invalid join condition: {why}. Got {}.", spelled(condition));
    wrong("join-condition", message, join.on.span)
}

fn types_differ(join: &Join, texts: &[String; 2], sides: [&Expression; 2]) -> Diagnostic {
    let name = |side: &Expression| side.ty().map_or("null".to_owned(), SqlType::to_string);
    let message = format!(
        "Invalid join condition: types don't match. Got {}{{{}}} = {}{{{}}}.",
        texts[0],
        name(sides[0]),
        texts[1],
        name(sides[1]),
    );
    wrong("join-types", message, join.on.span).hint("Cast one side to the type of the other.")
}

/// Both sides of a join condition are about different sources, one of them the joined one.
fn check_side_sources(
    join: &Join,
    left_source: &str,
    right_source: &str,
    joined: &Bound,
) -> Result<(), Diagnostic> {
    if left_source == right_source {
        let message = format!(
            "Each side of the join must reference exactly one source and not the same source. \
             Left side references `{left_source}` and right references `{right_source}`"
        );
        return Err(wrong("join-sides", message, join.on.span));
    }
    if left_source != joined.alias && right_source != joined.alias {
        let message = format!(
            "A join criteria is expected to reference the source (`{}`) in the FROM clause, \
             instead the right source references `{right_source}` and the left source references \
             `{left_source}`",
            joined.alias
        );
        return Err(wrong("join-sides", message, join.on.span));
    }
    Ok(())
}

/// The one source that a side of a join condition refers to.
fn only_source(
    side: &ast::Expression,
    condition: &ast::Expression,
    relation: &Relation,
) -> Result<String, Diagnostic> {
    let mut sources: Vec<String> = Vec::new();
    each_node(side, &mut |node| {
        let column = relation
            .slot_of(node)
            .and_then(|slot| relation.column_at(slot));
        if let Some(column) = column
            && !sources.contains(&column.source)
        {
            sources.push(column.source.clone());
        }
    });
    match sources.as_slice() {
        [one] => Ok(one.clone()),
        _ => {
            let message = format!(
                "Invalid comparison expression '{}' in join '{}'. Each side of the join \
                 comparision must contain references from exactly one source.",
                spelled(&relation.canonical(side)),
                spelled(condition),
            );
            Err(wrong("join-sides", message, side.span))
        }
    }
}
