//! No argument makes a function panic, and equal arguments give equal results: every overload is
//! called many times with values at the ends of their types, drawn from a fixed seed.

use headwater_sql::arena::Arena;
use headwater_sql::decimal::Decimal;
use headwater_sql::expression::{
    Clause, ColumnScope, ErrorLog, EvalContext, Options, compile, compile_aggregate,
    compile_table_function,
};
use headwater_sql::function::{
    CollectLimits, Function, Kind, Overload, Parameter, ParameterType, registry,
};
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::{OwnedValue, Value, write_text};
use headwater_syntax::ast::{self, ExpressionKind};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many rows each overload sees.
const ROWS: usize = 100;

/// Xorshift, so that a failure comes back.
struct Luck(u64);

impl Luck {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

const INTS: &[i64] = &[
    0,
    1,
    2,
    3,
    7,
    10,
    -1,
    -2,
    -7,
    400,
    2_147_483_647,
    -2_147_483_648,
    i64::MAX,
    i64::MIN,
    1_600_000_000_123,
    -62_135_596_800_001,
    253_402_300_800_000,
];
const DOUBLES: &[f64] = &[
    0.0,
    -0.0,
    1.0,
    -1.5,
    0.5,
    90.0,
    180.5,
    1e-320,
    1e300,
    -1e300,
    f64::MAX,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
];
const TEXTS: &[&str] = &[
    "",
    " ",
    "a",
    "oak",
    "Sk\u{ff}",
    "a𝄞b",
    "é,ß",
    "%",
    "%zz",
    "$",
    "$1",
    "\\",
    "(",
    "[a",
    ".*",
    "(a|b)*c",
    "\\p{",
    "\\",
    "\\Q",
    "'",
    "yyyy-MM-dd",
    "HH:mm",
    "''",
    "yyyyyyyyyyyyyyyyyyyyyyyyy",
    "2020-02-30",
    "12:61",
    "UTC",
    "Europe/Berlin",
    "+99:99",
    "hex",
    "utf8",
    "base64",
    "ascii",
    "0x1",
    "zz",
    "{",
    "[",
    "{\"a\":",
    "{\"a\": {\"b\": [1, null, \"x\"]}}",
    "[1, 2.5, \"x\", {}, []]",
    "$.a.b[0]",
    "$[",
    "$..",
    "null",
    "1e999",
    "http://me@[::1]:99999999999/%41?a=b&c#d",
    "a:",
    "//",
    "http://\u{7f}/",
    "\\uD834",
    "\u{0}",
    "km",
    "DESC",
    "BIG_ENDIAN",
];

fn value(ty: &SqlType, luck: &mut Luck) -> OwnedValue {
    if luck.below(8) == 0 {
        return OwnedValue::Null;
    }
    let whole = luck.pick(INTS);
    let count = luck.below(4);
    match ty {
        SqlType::Boolean => OwnedValue::Boolean(luck.below(2) == 0),
        SqlType::Int => OwnedValue::Int(whole as i32),
        SqlType::BigInt => OwnedValue::BigInt(whole),
        SqlType::Double => OwnedValue::Double(luck.pick(DOUBLES)),
        SqlType::Decimal { .. } => {
            let texts = [
                "0.00",
                "0.01",
                "-0.05",
                "99999999.99",
                "-99999999.99",
                "12345.67",
            ];
            Decimal::parse(luck.pick(&texts)).map_or(OwnedValue::Null, OwnedValue::from)
        }
        SqlType::String if luck.below(3) == 0 => {
            let mut text = String::new();
            (0..=luck.below(4)).for_each(|_| text.push_str(luck.pick(TEXTS)));
            OwnedValue::from(text.as_str())
        }
        SqlType::String => OwnedValue::from(luck.pick(TEXTS)),
        SqlType::Bytes => {
            let bytes = vec![luck.below(256) as u8; luck.pick(&[0, 1, 3, 4, 8, 16])];
            OwnedValue::Bytes(bytes.into())
        }
        SqlType::Time => OwnedValue::Time(whole.rem_euclid(86_400_000) as i32),
        SqlType::Date => OwnedValue::Date(whole as i32),
        SqlType::Timestamp => OwnedValue::Timestamp(whole),
        SqlType::Array(inner) => {
            let items = (0..count).map(|_| value(inner, luck));
            OwnedValue::array(items.collect())
        }
        SqlType::Map(_, inner) => {
            let keys = ["a", "", "oak"];
            let entry = |at: usize| (OwnedValue::from(keys[at]), value(inner, luck));
            OwnedValue::Map(std::sync::Arc::new((0..count.min(3)).map(entry).collect()))
        }
        SqlType::Struct(fields) => {
            let fields = fields.iter().map(|field| value(&field.ty, luck));
            OwnedValue::structure(fields.collect())
        }
    }
}

/// A type that a parameter takes; a type variable is `variable` wherever it stands.
fn type_for(parameter: &ParameterType, variable: &SqlType) -> Option<SqlType> {
    Some(match parameter {
        ParameterType::Type(ty) => ty.clone(),
        ParameterType::Decimal => SqlType::decimal(10, 2),
        ParameterType::Variable(_) | ParameterType::Any => variable.clone(),
        ParameterType::Array(inner) => SqlType::array(type_for(inner, variable)?),
        ParameterType::Map(key, inner) => {
            let key = match **key {
                ParameterType::Variable(_) => SqlType::String,
                _ => type_for(key, variable)?,
            };
            SqlType::map(key, type_for(inner, variable)?)
        }
        ParameterType::Struct(_) | ParameterType::Lambda(..) | ParameterType::Unit => return None,
    })
}

/// A call of an overload with a column for each argument that a record can bring.
struct Trial {
    text: String,
    scope: ColumnScope,
    types: Vec<SqlType>,
}

fn trial(
    function: &Function,
    overload: &Overload,
    variable: &SqlType,
    luck: &mut Luck,
) -> Option<Trial> {
    let (mut arguments, mut types) = (Vec::new(), Vec::new());
    let mut scope = ColumnScope::default();
    for parameter in &overload.parameters {
        let times = if parameter.variadic { luck.below(4) } else { 1 };
        for _ in 0..times {
            let literal = match &parameter.ty {
                ParameterType::Unit => {
                    Some(luck.pick(&["DAYS", "MONTHS", "YEARS", "SECONDS", "MILLISECONDS"]))
                }
                ParameterType::Type(SqlType::Boolean) if parameter.literal => Some("false"),
                _ if parameter.literal => Some("2"),
                _ => None,
            };
            if let Some(literal) = literal {
                arguments.push(literal.to_owned());
                continue;
            }
            let ty = type_for(&parameter.ty, variable)?;
            let name = format!("C{}", types.len());
            scope.push(None, &name, ty.clone());
            arguments.push(name);
            types.push(ty);
        }
    }
    let text = format!("{}({})", function.name, arguments.join(", "));
    Some(Trial { text, scope, types })
}

fn spelled(value: Value<'_>, ty: &SqlType) -> String {
    let mut text = String::new();
    write_text(&mut text, value, Some(ty)).expect("memory can be written");
    text
}

fn parsed(text: &str) -> ast::Expression {
    headwater_syntax::parse_expression(text)
        .map_err(|found| found.message)
        .expect(text)
}

fn call_of(text: &str) -> ast::FunctionCall {
    match parsed(text).kind {
        ExpressionKind::Call(call) => call,
        other => panic!("{text} is no call: {other:?}"),
    }
}

/// Runs one trial over its rows; what it gives for them, one after the other.
fn run(function: &Function, trial: &Trial, rows: &[Vec<OwnedValue>]) -> Vec<String> {
    let aliases = Default::default();
    let options = Options {
        clause: Clause::Select,
        aliases: &aliases,
    };
    let (arena, errors) = (Arena::new(), ErrorLog::default());
    let mut given = Vec::new();
    match function.kind {
        Kind::Scalar => {
            let Ok(compiled) = compile(&parsed(&trial.text), &trial.scope, options) else {
                return given;
            };
            let ty = compiled.ty().cloned().unwrap_or(SqlType::String);
            for row in rows {
                let slots: Vec<Value<'_>> = row.iter().map(|v| v.borrow(&arena)).collect();
                let cx = EvalContext::new(&arena, &errors, 1_700_000_000_000, 1);
                given.push(spelled(compiled.value(&slots, &cx), &ty));
            }
        }
        Kind::Table => {
            let call = call_of(&trial.text);
            let Ok(compiled) = compile_table_function(&call, &trial.scope, options) else {
                return given;
            };
            for row in rows {
                let slots: Vec<Value<'_>> = row.iter().map(|v| v.borrow(&arena)).collect();
                let cx = EvalContext::new(&arena, &errors, 0, 1);
                given.push(compiled.rows(&slots, &cx).len().to_string());
            }
        }
        Kind::Aggregate => {
            let call = call_of(&trial.text);
            let limits = CollectLimits::default();
            let Ok(compiled) = compile_aggregate(&call, &trial.scope, options, limits) else {
                return given;
            };
            let aggregate = compiled.aggregate;
            let (mut state, mut other) = (aggregate.initial(), aggregate.initial());
            for row in rows {
                let slots: Vec<Value<'_>> = row.iter().map(|v| v.borrow(&arena)).collect();
                // A sum that does not fit stops a query, and is no panic.
                let _ = aggregate.add(&mut state, &slots);
                if aggregate.can_undo() && row.first().is_some_and(OwnedValue::is_null) {
                    let _ = aggregate.undo(&mut state, &slots);
                }
                let _ = aggregate.add(&mut other, &slots);
                let shown = state.clone();
                let arena = Arena::new();
                given.push(spelled(
                    aggregate.result(&shown, &arena),
                    &aggregate.result_type(),
                ));
            }
            let _ = aggregate.merge(&mut state, &other);
        }
    }
    given
}

#[test]
fn no_argument_makes_a_function_panic() {
    let point = SqlType::Struct(vec![Column::new("X", SqlType::Double)]);
    let variables = [
        SqlType::Int,
        SqlType::String,
        SqlType::array(SqlType::BigInt),
        point,
    ];
    let mut luck = Luck(0x005E_ED0F_F00D);
    let (mut wrong, mut called) = (Vec::new(), 0);
    for function in registry().all() {
        for overload in &function.overloads {
            let before = called;
            for variable in &variables {
                let Some(trial) = trial(function, overload, variable, &mut luck) else {
                    continue;
                };
                let mut row = || trial.types.iter().map(|ty| value(ty, &mut luck)).collect();
                let rows: Vec<Vec<OwnedValue>> = (0..ROWS).map(|_| row()).collect();
                let both = catch_unwind(AssertUnwindSafe(|| {
                    (run(function, &trial, &rows), run(function, &trial, &rows))
                }));
                match both {
                    Ok((first, second)) if first == second => called += first.len(),
                    Ok(_) => wrong.push(format!("{} gives two results", trial.text)),
                    Err(_) => wrong.push(format!("{} panics", trial.text)),
                }
            }
            let lambda = |parameter: &Parameter| matches!(parameter.ty, ParameterType::Lambda(..));
            if called == before && !overload.parameters.iter().any(lambda) {
                let parameters = overload.spelled_parameters();
                wrong.push(format!("{}({parameters}) is never called", function.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
