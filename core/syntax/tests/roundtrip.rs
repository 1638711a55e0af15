//! Random expressions and types print to a text that reads back to the same tree.

use headwater_base::Chance;
use headwater_syntax::ast::without_spans;
use headwater_syntax::printer::{self, Quoting};
use headwater_syntax::{parse, parse_expression};

#[test]
fn expressions_read_back() {
    let mut chance = Chance::new(7, "expressions");
    for _ in 0..3_000 {
        let text = expression(&mut chance, 4);
        let tree = parse_expression(&text).unwrap_or_else(|found| panic!("{text}\n{found:?}"));
        let printed = printer::expression(&tree, Quoting::Needed);
        let again = parse_expression(&printed).unwrap_or_else(|_| panic!("{text}\n{printed}"));
        assert_eq!(
            printer::expression(&again, Quoting::Needed),
            printed,
            "{text}"
        );
        assert_eq!(
            without_spans(again),
            without_spans(tree),
            "{text}\n{printed}"
        );
    }
}

#[test]
fn types_read_back() {
    let mut chance = Chance::new(7, "types");
    for _ in 0..500 {
        let text = format!("CREATE TYPE t AS {};", sql_type(&mut chance, 4));
        let parsed = parse(&text);
        assert_eq!(parsed.diagnostics, [], "{text}");
        let printed = printer::statement(&parsed.statements[0]);
        let again = parse(&printed);
        let trees = |statements: Vec<_>| statements.into_iter().map(without_spans).collect();
        let (again, first): (Vec<_>, Vec<_>) = (trees(again.statements), trees(parsed.statements));
        assert_eq!(again, first, "{text}\n{printed}");
    }
}

fn pick(chance: &mut Chance, choices: &[&'static str]) -> &'static str {
    chance.pick(choices).copied().unwrap_or("")
}

fn leaf(chance: &mut Chance) -> String {
    const LEAVES: &[&str] = &[
        "a",
        "`b c`",
        "s.a",
        "`s`.`select`",
        "day",
        "1",
        "-1",
        "3000000000",
        "1.50",
        "-.5",
        "1e3",
        "-2.5E-7",
        "'it''s'",
        "''",
        "null",
        "TRUE",
        "false",
        "COUNT(*)",
        "NOW()",
        "1abc",
    ];
    pick(chance, LEAVES).to_owned()
}

/// A value is always put in brackets where an operator stands before or behind it.
fn expression(chance: &mut Chance, depth: u32) -> String {
    if depth == 0 {
        return leaf(chance);
    }
    let kind = chance.range(0, 17);
    let mut next = || expression(chance, depth - 1);
    match kind {
        0 => {
            let (left, right) = (next(), next());
            let operator = pick(chance, &["+", "-", "*", "/", "%", "||"]);
            format!("({left}) {operator} ({right})")
        }
        1 => {
            let (left, right) = (next(), next());
            let operators = ["=", "<>", "!=", "<", "<=", ">", ">=", "IS DISTINCT FROM"];
            format!("({left}) {} ({right})", pick(chance, &operators))
        }
        2 => {
            let (left, right) = (next(), next());
            format!("({left}) {} ({right})", pick(chance, &["AND", "OR"]))
        }
        3 => format!("NOT ({})", next()),
        4 => format!("({}) BETWEEN ({}) AND ({})", next(), next(), next()),
        5 => format!("({}) NOT IN ({}, {})", next(), next(), next()),
        6 => format!("({}) LIKE ({}) ESCAPE ''''", next(), next()),
        7 => format!("({}) IS NOT NULL", next()),
        8 => format!("CASE WHEN {} THEN {} ELSE {} END", next(), next(), next()),
        9 => format!("CASE ({}) WHEN {} THEN {} END", next(), next(), next()),
        10 => {
            let value = next();
            format!("CAST({value} AS {})", sql_type(chance, 2))
        }
        11 => format!("f({}, DAYS, {})", next(), next()),
        12 => format!(
            "TRANSFORM({}, x => {}, (x, `y`) => {})",
            next(),
            next(),
            next()
        ),
        13 => format!("ARRAY[{}, {}]", next(), next()),
        14 => format!("MAP({} := {})", next(), next()),
        15 => format!("STRUCT(a := {}, `b` := {})", next(), next()),
        16 => format!("- + - f({})[({})]->g", next(), next()),
        _ => leaf(chance),
    }
}

fn sql_type(chance: &mut Chance, depth: u32) -> String {
    const NAMES: &[&str] = &[
        "INT",
        "integer",
        "BIGINT",
        "DOUBLE",
        "STRING",
        "VARCHAR(5)",
        "BYTES",
        "DECIMAL(4, 2)",
        "TIME",
        "DATE",
        "TIMESTAMP",
        "BOOLEAN",
        "my_type",
        "`My Type`",
    ];
    let kind = if depth == 0 { 4 } else { chance.range(0, 6) };
    match kind {
        0 => format!("ARRAY<{}>", sql_type(chance, depth - 1)),
        1 => format!("{} ARRAY", sql_type(chance, depth - 1)),
        2 => format!("MAP<STRING, {}>", sql_type(chance, depth - 1)),
        3 => format!("STRUCT<a {}, `b` INT>", sql_type(chance, depth - 1)),
        _ => pick(chance, NAMES).to_owned(),
    }
}
