//! Round trips: what a format writes, it reads as the same row.

use super::{Codec, ColumnSet, Decoded, Encoded, Format, FormatSpec, Part, check_columns};
use crate::arena::Arena;
use crate::decimal::Decimal;
use crate::types::{Column, SqlType};
use crate::value::{OwnedValue, Value};
use proptest::prelude::*;
use std::sync::Arc;

/// Values of a type, null among them.
fn values(ty: &SqlType) -> BoxedStrategy<OwnedValue> {
    let some = match ty {
        SqlType::Boolean => any::<bool>().prop_map(OwnedValue::Boolean).boxed(),
        SqlType::Int => any::<i32>().prop_map(OwnedValue::Int).boxed(),
        SqlType::BigInt => any::<i64>().prop_map(OwnedValue::BigInt).boxed(),
        SqlType::Double => proptest::num::f64::NORMAL
            .prop_map(OwnedValue::Double)
            .boxed(),
        SqlType::Decimal { scale, .. } => {
            let scale = *scale as i32;
            (-99_999i64..=99_999)
                .prop_map(move |x| Decimal::new(x, scale).into())
                .boxed()
        }
        SqlType::String => "[ -~é\n\t\"\\\\]{1,8}"
            .prop_map(|x| x.as_str().into())
            .boxed(),
        SqlType::Bytes => proptest::collection::vec(any::<u8>(), 1..8)
            .prop_map(|x| OwnedValue::Bytes(x.into()))
            .boxed(),
        SqlType::Time => (0..86_400_000).prop_map(OwnedValue::Time).boxed(),
        SqlType::Date => (-100_000..100_000).prop_map(OwnedValue::Date).boxed(),
        SqlType::Timestamp => any::<i64>().prop_map(OwnedValue::Timestamp).boxed(),
        SqlType::Array(element) => proptest::collection::vec(values(element), 0..3)
            .prop_map(OwnedValue::array)
            .boxed(),
        SqlType::Map(_, value) => {
            proptest::collection::btree_map("[a-z]{1,3}", values(value), 0..3)
                .prop_map(|map| {
                    let entries = map
                        .into_iter()
                        .map(|(k, v)| (OwnedValue::from(k.as_str()), v));
                    OwnedValue::Map(Arc::new(entries.collect()))
                })
                .boxed()
        }
        SqlType::Struct(fields) => {
            let fields: Vec<_> = fields.iter().map(|field| values(&field.ty)).collect();
            fields.prop_map(OwnedValue::structure).boxed()
        }
    };
    prop_oneof![1 => Just(OwnedValue::Null), 4 => some].boxed()
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
    columns.push(Column::new(
        "A",
        SqlType::array(SqlType::array(SqlType::Int)),
    ));
    columns.push(Column::new(
        "O",
        SqlType::map(SqlType::String, SqlType::Double),
    ));
    columns.push(Column::new("R", SqlType::Struct(scalars())));
    columns
}

fn rows(columns: Vec<Column>) -> BoxedStrategy<Vec<OwnedValue>> {
    columns
        .iter()
        .map(|column| values(&column.ty))
        .collect::<Vec<_>>()
        .boxed()
}

fn round_trip(format: Format, columns: &[Column], row: &[OwnedValue]) {
    let spec = FormatSpec::new(format);
    check_columns(&spec, Part::Value, columns).unwrap();
    let codec = Codec::new(&spec, Part::Value, columns);
    let arena = Arena::new();
    let slots: Vec<Value<'_>> = row.iter().map(|value| value.borrow(&arena)).collect();
    let mut bytes = Vec::new();
    let encoded = codec.encode(&slots, &mut bytes).unwrap();
    let side = (encoded == Encoded::Bytes).then_some(bytes.as_slice());
    let mut back = vec![Value::Null; columns.len()];
    let all = ColumnSet::all(columns.len());
    let decoded = codec.decode(side, &arena, &all, &mut back).unwrap();
    let expected = if encoded == Encoded::Bytes {
        Decoded::Row
    } else {
        Decoded::Null
    };
    assert_eq!(decoded, expected);
    assert_eq!(back, slots, "{}", String::from_utf8_lossy(&bytes));
}

proptest! {
    #[test]
    fn json_comes_back(row in rows(nested())) {
        round_trip(Format::Json, &nested(), &row);
    }

    #[test]
    fn delimited_comes_back(row in rows(scalars())) {
        round_trip(Format::Delimited, &scalars(), &row);
    }

    #[test]
    fn kafka_comes_back(int in values(&SqlType::Int), text in values(&SqlType::String)) {
        round_trip(Format::Kafka, &[Column::new("K", SqlType::Int)], &[int]);
        round_trip(Format::Kafka, &[Column::new("K", SqlType::String)], &[text]);
    }

    #[test]
    fn no_bytes_make_a_format_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let arena = Arena::new();
        for format in [Format::Json, Format::Delimited] {
            let columns = scalars();
            let codec = Codec::new(&FormatSpec::new(format), Part::Value, &columns);
            let mut slots = vec![Value::Null; columns.len()];
            let all = ColumnSet::all(columns.len());
            let _ = codec.decode(Some(&bytes), &arena, &all, &mut slots);
        }
    }

    #[test]
    fn no_json_like_text_makes_reading_panic(text in "[\\[\\]{}\",:0-9a-enrtuls\\\\. -]{0,40}") {
        let arena = Arena::new();
        let columns = nested();
        let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Value, &columns);
        let mut slots = vec![Value::Null; columns.len()];
        let all = ColumnSet::all(columns.len());
        let _ = codec.decode(Some(text.as_bytes()), &arena, &all, &mut slots);
    }
}

#[test]
fn refusals_are_ksqldbs() {
    let spec = FormatSpec::new(Format::Kafka);
    let list = [Column::new("K", SqlType::array(SqlType::Int))];
    let found = check_columns(&spec, Part::Key, &list).unwrap_err();
    assert_eq!(
        found.message,
        "Key format does not support schema.\nformat: KAFKA\nschema: Persistence{columns=[`K` \
         ARRAY<INTEGER> KEY], features=[]}\nreason: The 'KAFKA' format does not support type \
         'ARRAY'"
    );
    let odd = [Column::new("V", SqlType::map(SqlType::Int, SqlType::Int))];
    let found = check_columns(&FormatSpec::new(Format::Json), Part::Value, &odd).unwrap_err();
    assert!(
        found
            .message
            .ends_with("JSON only supports MAP types with STRING keys")
    );
    let found = check_columns(&FormatSpec::new(Format::Avro), Part::Value, &odd).unwrap_err();
    assert!(
        found
            .message
            .ends_with("Avro only supports MAPs with STRING keys")
    );
    let digit = [Column::new("1Name", SqlType::Int)];
    let found = check_columns(&FormatSpec::new(Format::Avro), Part::Value, &digit).unwrap_err();
    assert!(
        found
            .message
            .ends_with("not compatible with Avro: Illegal initial character: 1Name")
    );
}
