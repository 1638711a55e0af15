//! The projection: stars expanded, every item with its name in the result.
//!
//! The rules are ksqlDB's: an alias wins; a column keeps its name, in a join only if no other
//! source has one of that name; a struct's field gives its own name; all else is `KSQL_COL_n`.

use super::relation::{Relation, Role, column_expression};
use crate::types::SqlType;
use headwater_base::{Diagnostic, Fault, Span};
use headwater_syntax::ast::{self, ExpressionKind as Kind, Query, SelectItemKind};

/// One column of the projection.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name in the result.
    pub name: String,
    /// What it is, as written.
    pub expression: ast::Expression,
    /// What it is, canonical.
    pub canonical: ast::Expression,
    /// Where.
    pub span: Span,
    /// Whether its name was said with AS.
    pub aliased: bool,
    /// Whether a star brought it because PARTITION BY makes it the key.
    pub implied: bool,
}

/// How stars are expanded.
#[derive(Clone, Copy, Debug)]
pub struct StarRules<'r> {
    /// Whether several sources are joined.
    pub joined: bool,
    /// Whether the query is persistent: window bounds are not columns then.
    pub persistent: bool,
    /// Whether the key moves behind the values, since PARTITION BY displaces it.
    pub keys_last: bool,
    /// The name of the key that the join made, ROWKEY, if it made one.
    pub synthetic_key: Option<&'r str>,
}

/// The items of a query over `relation`.
pub fn expand(
    query: &Query,
    relation: &Relation,
    rules: StarRules<'_>,
    partition_by: &[ast::Expression],
    field_names: &dyn Fn(&ast::Expression) -> Result<Vec<String>, Diagnostic>,
) -> Result<Vec<Item>, Diagnostic> {
    let mut items: Vec<Item> = Vec::new();
    let mut namer = Namer::new(relation, rules.joined);
    for item in &query.select.body {
        match &item.kind {
            SelectItemKind::Expression { expression, alias } => {
                let canonical = relation.canonical(expression);
                let name = match alias {
                    Some(alias) => alias.text.clone(),
                    None => namer.name(expression, relation, &items),
                };
                let aliased = alias.is_some();
                let expression = expression.clone();
                items.push(Item {
                    name,
                    expression,
                    canonical,
                    span: item.span,
                    aliased,
                    implied: false,
                });
            }
            SelectItemKind::All { source } => {
                let only = source.as_ref().map(|source| source.text.as_str());
                if let Some(source) = source
                    && !relation.sources().contains(&source.text.as_str())
                {
                    return Err(unknown_source(source, relation));
                }
                implied_keys(
                    relation,
                    partition_by,
                    rules,
                    item.span,
                    &mut namer,
                    &mut items,
                );
                star(relation, only, rules, item.span, &mut items);
            }
            SelectItemKind::AllFields { base } => {
                for field in field_names(base)? {
                    items.push(field_item(relation, base, field, item.span));
                }
            }
        }
    }
    Ok(items)
}

/// What PARTITION BY makes the key comes with a star, unless the star has it as a column.
fn implied_keys(
    relation: &Relation,
    partition_by: &[ast::Expression],
    rules: StarRules<'_>,
    span: Span,
    namer: &mut Namer,
    items: &mut Vec<Item>,
) {
    for key in partition_by {
        let slot = relation.slot_of(key);
        let column = slot.and_then(|slot| relation.column_at(slot));
        if column.is_some_and(|column| column.role != Role::Pseudo || rules.joined) {
            continue;
        }
        items.push(Item {
            name: namer.name(key, relation, items),
            expression: key.clone(),
            canonical: relation.canonical(key),
            span,
            aliased: false,
            implied: true,
        });
    }
}

/// One field of `base->*`.
fn field_item(relation: &Relation, base: &ast::Expression, field: String, span: Span) -> Item {
    let name = ast::Identifier {
        text: field.clone(),
        quoted: true,
        span,
    };
    let kind = Kind::Field {
        base: Box::new(base.clone()),
        field: name,
    };
    let expression = ast::Expression { kind, span };
    Item {
        name: field,
        canonical: relation.canonical(&expression),
        expression,
        span,
        aliased: false,
        implied: false,
    }
}

fn unknown_source(source: &ast::Identifier, relation: &Relation) -> Diagnostic {
    let message = format!(
        "'{}' is not a valid stream/table name or alias.",
        source.text
    );
    let wrong = Diagnostic::error(Fault::Yours, "unknown-source", message).at(source.span);
    let names = relation.sources().join(", ");
    wrong.hint(format!("The sources of this query are {names}."))
}

fn star(
    relation: &Relation,
    only: Option<&str>,
    rules: StarRules<'_>,
    span: Span,
    items: &mut Vec<Item>,
) {
    let synthetic = rules.synthetic_key.filter(|_| only.is_none());
    if let (Some(name), false) = (synthetic, rules.keys_last) {
        push(items, column_expression("", name), name.to_owned(), span);
    }
    for source in relation.sources() {
        if only.is_some_and(|only| only != source) {
            continue;
        }
        let columns = |wanted: &'static [Role]| {
            let of_source = move |column: &super::relation::RelationColumn| {
                column.source == source && wanted.contains(&column.role)
            };
            relation
                .named()
                .map(|(_, column)| column)
                .filter(move |column| of_source(column))
        };
        // Behind a join the bounds are columns like others, with their source in their name.
        let bounds: &'static [Role] = match rules.persistent && !rules.joined {
            true => &[],
            false => &[Role::Bound],
        };
        // ksqlDB shows these beside a join whose key PARTITION BY displaces, and nowhere else.
        let pseudo: &'static [Role] = if rules.keys_last && rules.joined {
            &[Role::Pseudo]
        } else {
            &[]
        };
        let values: &'static [Role] = &[Role::Value, Role::Header];
        let groups = match rules.keys_last {
            true => [values, pseudo, &[Role::Key], bounds],
            false => [&[Role::Key], bounds, values, pseudo],
        };
        for column in groups.into_iter().flat_map(columns) {
            let name = match rules.joined {
                true => format!("{}_{}", column.source, column.name),
                false => column.name.clone(),
            };
            push(
                items,
                column_expression(&column.source, &column.name),
                name,
                span,
            );
        }
    }
    if let (Some(name), true) = (synthetic, rules.keys_last) {
        push(items, column_expression("", name), name.to_owned(), span);
    }
}

fn push(items: &mut Vec<Item>, canonical: ast::Expression, name: String, span: Span) {
    let expression = ast::Expression {
        span,
        ..canonical.clone()
    };
    items.push(Item {
        name,
        expression,
        canonical,
        span,
        aliased: false,
        implied: false,
    });
}

/// Makes names for what has none.
pub struct Namer {
    joined: bool,
    taken: Vec<u32>,
    next_generated: u32,
}

impl Namer {
    /// A namer whose generated names are not those of any source's column.
    pub fn new(relation: &Relation, joined: bool) -> Namer {
        let numbers = relation
            .named()
            .filter_map(|(_, column)| column.name.strip_prefix("KSQL_COL_")?.parse::<u32>().ok());
        Namer {
            joined,
            taken: numbers.collect(),
            next_generated: 0,
        }
    }

    fn name(
        &mut self,
        expression: &ast::Expression,
        relation: &Relation,
        so_far: &[Item],
    ) -> String {
        match &expression.kind {
            Kind::Column { source, name } => {
                let source = source.as_ref().map(|source| source.text.as_str());
                self.column_name(source, &name.text, relation)
            }
            Kind::Field { field, .. } => {
                let taken = |name: &str| {
                    so_far.iter().any(|item| item.name == name)
                        || relation.named().any(|(_, column)| column.name == name)
                };
                if !taken(&field.text) {
                    return field.text.clone();
                }
                let numbered = |n: u32| format!("{}_{n}", field.text);
                (1..)
                    .map(numbered)
                    .find(|name| !taken(name))
                    .unwrap_or_default()
            }
            _ => self.generated(),
        }
    }

    fn column_name(&self, source: Option<&str>, name: &str, relation: &Relation) -> String {
        let same = relation
            .named()
            .filter(|(_, column)| column.name == name)
            .count();
        match source {
            Some(source) if self.joined && same > 1 => format!("{source}_{name}"),
            _ => name.to_owned(),
        }
    }

    /// The next `KSQL_COL_n`.
    pub fn generated(&mut self) -> String {
        while self.taken.contains(&self.next_generated) {
            self.next_generated += 1;
        }
        self.next_generated += 1;
        format!("KSQL_COL_{}", self.next_generated - 1)
    }
}

/// Whether a name may not be that of a column, since every source has such a column.
pub fn is_reserved(name: &str) -> bool {
    matches!(
        name,
        "ROWTIME" | "ROWPARTITION" | "ROWOFFSET" | "WINDOWSTART" | "WINDOWEND"
    )
}

/// The fields of a STRUCT type, by name.
pub fn struct_fields(ty: Option<&SqlType>) -> Option<Vec<String>> {
    match ty? {
        SqlType::Struct(fields) => Some(fields.iter().map(|field| field.name.clone()).collect()),
        _ => None,
    }
}
