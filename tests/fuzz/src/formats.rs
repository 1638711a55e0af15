//! Bytes as one side of a record: any bytes are a row or an error, a row that was read and
//! written reads back the same, and it does not matter which of the columns are wanted.

use headwater_sql::arena::Arena;
use headwater_sql::format::{
    Codec, ColumnSet, Decoded, Encoded, Format, FormatError, FormatSpec, Nullable, Part,
    check_columns,
};
use headwater_sql::types::{Column, SqlType};
use headwater_sql::value::{OwnedValue, Value};

/// How many different codecs [`formats`] tries; the first byte of an input says which.
pub(crate) const CODECS: u8 = 27;

type Row = Result<(Decoded, Vec<OwnedValue>), FormatError>;

/// The first byte says which codec, the second which columns are wanted, the rest is read.
pub(crate) fn formats(data: &[u8]) {
    let [choice, wanted, bytes @ ..] = data else {
        return;
    };
    let (spec, columns) = codec_of(*choice % CODECS);
    check_columns(&spec, Part::Value, &columns).expect("the format takes these columns");
    let codec = Codec::new(&spec, Part::Value, &columns);
    let all = decode(&codec, Some(bytes), &ColumnSet::all(columns.len()));
    some_columns(&codec, bytes, *wanted, &all);
    if matches!(spec.format, Format::Json | Format::Avro) {
        one_by_one(&spec, &columns, bytes, &all);
    }
    // A null side is not a row of nulls: PROTOBUF has defaults in their place.
    if let Ok((Decoded::Row, row)) = all {
        comes_back(&codec, &row);
    }
}

fn decode(codec: &Codec, bytes: Option<&[u8]>, wanted: &ColumnSet) -> Row {
    let arena = Arena::new();
    let mut slots = vec![Value::Null; codec.columns().len()];
    let decoded = codec.decode(bytes, &arena, wanted, &mut slots)?;
    Ok((decoded, slots.iter().map(Value::to_owned).collect()))
}

/// Columns that are not wanted are null, or as they are if they cost nothing; the others and the
/// errors are as if all were wanted.
fn some_columns(codec: &Codec, bytes: &[u8], wanted: u8, all: &Row) {
    let count = codec.columns().len();
    let mut set = ColumnSet::none(count);
    let chosen = |at: usize| wanted >> (at % 8) & 1 == 1;
    (0..count)
        .filter(|at| chosen(*at))
        .for_each(|at| set.insert(at));
    let some = decode(codec, Some(bytes), &set);
    match (all, &some) {
        (Ok((all_decoded, all)), Ok((some_decoded, some))) => {
            assert_eq!(all_decoded, some_decoded);
            for at in (0..count).filter(|at| chosen(*at)) {
                assert_eq!(some[at], all[at], "column {at}");
            }
        }
        (Err(_), Err(_)) => {}
        _ => panic!("all columns: {all:?}\nsome columns: {some:?}"),
    }
}

/// The slow way: each column is read on its own, so that no guess about the order of fields can
/// be made. Only where every column can be read, the record can.
fn one_by_one(spec: &FormatSpec, columns: &[Column], bytes: &[u8], all: &Row) {
    let one = |column: &Column| {
        let wrapped = FormatSpec {
            wrap_single: true,
            ..spec.clone()
        };
        let spec = if columns.len() == 1 { spec } else { &wrapped };
        let codec = Codec::new(spec, Part::Value, std::slice::from_ref(column));
        decode(&codec, Some(bytes), &ColumnSet::all(1))
    };
    let rows: Vec<Row> = columns.iter().map(one).collect();
    match all {
        Err(_) => assert!(rows.iter().any(Result::is_err), "{all:?}"),
        Ok((decoded, row)) => {
            for (value, alone) in row.iter().zip(rows) {
                let (alone_decoded, alone) = alone.expect("what is read with others is read alone");
                assert_eq!(
                    (decoded, [value.clone()].as_slice()),
                    (&alone_decoded, &*alone)
                );
            }
        }
    }
}

fn comes_back(codec: &Codec, row: &[OwnedValue]) {
    let arena = Arena::new();
    let slots: Vec<Value<'_>> = row.iter().map(|value| value.borrow(&arena)).collect();
    let mut bytes = Vec::new();
    let encoded = codec
        .encode(&slots, &mut bytes)
        .expect("what was read can be written");
    if bytes.is_empty() && codec.columns().len() == 1 {
        // One null field of DELIMITED is an empty line, which is no record; as in ksqlDB.
        return;
    }
    let side = (encoded == Encoded::Bytes).then_some(bytes.as_slice());
    let back = decode(codec, side, &ColumnSet::all(row.len()));
    let shown = || String::from_utf8_lossy(&bytes);
    let (_, back) = back.unwrap_or_else(|found| panic!("{found}: {}", shown()));
    assert_eq!(back, row, "{}", shown());
}

fn scalars() -> Vec<Column> {
    vec![
        Column::new("S", SqlType::String),
        Column::new("B", SqlType::Boolean),
        Column::new("I", SqlType::Int),
        Column::new("l", SqlType::BigInt),
        Column::new("D", SqlType::Double),
        Column::new("M", SqlType::decimal(5, 2)),
        Column::new("Y", SqlType::Bytes),
        Column::new("T", SqlType::Time),
        Column::new("E", SqlType::Date),
        Column::new("W", SqlType::Timestamp),
    ]
}

fn nested() -> Vec<Column> {
    let mut columns = scalars();
    let list = SqlType::array(SqlType::array(SqlType::Int));
    columns.push(Column::new("A", list));
    let map = SqlType::map(SqlType::String, SqlType::Double);
    columns.push(Column::new("O", map));
    columns.push(Column::new("R", SqlType::Struct(scalars())));
    columns
}

fn codec_of(choice: u8) -> (FormatSpec, Vec<Column>) {
    let delimited = |delimiter| FormatSpec {
        delimiter,
        ..FormatSpec::new(Format::Delimited)
    };
    let protobuf = |nullable| FormatSpec {
        nullable,
        ..FormatSpec::new(Format::Protobuf)
    };
    match choice {
        0..=3 => (FormatSpec::new(Format::Json), nested()),
        4..=16 => {
            let bare = FormatSpec {
                wrap_single: false,
                ..FormatSpec::new(Format::Json)
            };
            let columns = nested();
            (bare, vec![columns[usize::from(choice - 4)].clone()])
        }
        17 => (delimited(','), scalars()),
        18 => (delimited('|'), scalars()),
        19 => (delimited('\t'), vec![Column::new("S", SqlType::String)]),
        20..=24 => {
            let types = [
                SqlType::Int,
                SqlType::BigInt,
                SqlType::Double,
                SqlType::String,
                SqlType::Bytes,
            ];
            let column = Column::new("K", types[usize::from(choice - 20)].clone());
            (FormatSpec::new(Format::Kafka), vec![column])
        }
        25 => (protobuf(None), nested()),
        _ => (protobuf(Some(Nullable::Optional)), nested()),
    }
}
