//! Reading and writing of records as JSON: a table of what is read, and round trips.

use crate::arena::Arena;
use crate::format::{Codec, ColumnSet, Decoded, Encoded, Format, FormatSpec, Part};
use crate::types::{Column, SqlType};
use crate::value::{Value, write_text};

fn decode(ty: SqlType, json: &str) -> String {
    let columns = [Column::new("A", ty.clone()), Column::new("b", SqlType::Int)];
    let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Value, &columns);
    let arena = Arena::new();
    let mut slots = [Value::Null; 2];
    match codec.decode(
        Some(json.as_bytes()),
        &arena,
        &ColumnSet::all(2),
        &mut slots,
    ) {
        Ok(Decoded::Null) => "no row".to_owned(),
        Err(found) => format!("bad: {found}"),
        Ok(Decoded::Row) => {
            let mut text = String::new();
            write_text(&mut text, slots[0], Some(&ty)).unwrap();
            text
        }
    }
}

#[test]
fn values_are_read_leniently() {
    let price = SqlType::decimal(4, 2);
    let list = SqlType::array(SqlType::BigInt);
    let table: &[(&SqlType, &str, &str)] = &[
        (&SqlType::Int, r#"{"A": 5, "x": {"y": [1, "]"]}}"#, "5"),
        (&SqlType::Int, r#"{"a": "5"}"#, "5"),
        (&SqlType::Int, r#"{"a": 1, "A": 2, "a": 3}"#, "2"),
        (&SqlType::Int, r#"{"A": 5.9}"#, "5"),
        (
            &SqlType::Int,
            r#"{"A": true}"#,
            "bad: Can't convert type. sourceType: boolean, requiredType: INTEGER, path: $.A",
        ),
        (&SqlType::Int, r#"{"A": null}"#, "null"),
        (&SqlType::Int, "null", "no row"),
        (&SqlType::Int, "", "no row"),
        (
            &SqlType::Int,
            r#"[1]"#,
            "bad: This is no JSON object, path: $",
        ),
        (
            &SqlType::Int,
            r#"{"A": 01}"#,
            "bad: This is no JSON value at byte 6, path: $.A",
        ),
        (&SqlType::Double, r#"{"A": 1e2}"#, "100.0"),
        (&price, r#"{"A": 10}"#, "10.00"),
        (
            &price,
            r#"{"A": 1.234}"#,
            "bad: Can't convert type. sourceType: number, requiredType: DECIMAL(4, 2), path: $.A",
        ),
        (&SqlType::String, r#"{"A": 1.50}"#, "1.50"),
        (
            &SqlType::String,
            r#"{"A": {"x" : [1, true]}}"#,
            r#"{"x":[1,true]}"#,
        ),
        (&SqlType::String, r#"{"A": [1, "b", null]}"#, "[1, b, null]"),
        (
            &SqlType::String,
            r#"{"A": "a\u00e9\n\ud83d\ude00"}"#,
            "a\u{e9}\n\u{1F600}",
        ),
        (&list, r#"{"A": [1, "2", null]}"#, "[1, 2, null]"),
        (
            &list,
            r#"{"A": {"x": 1}}"#,
            "bad: Can't convert type. sourceType: object, requiredType: ARRAY<BIGINT>, path: $.A",
        ),
        (&SqlType::Date, r#"{"A": 1}"#, "1970-01-02"),
    ];
    for (ty, json, expected) in table {
        assert_eq!(decode((*ty).clone(), json), *expected, "{ty} from {json}");
    }
}

#[test]
fn columns_that_are_not_wanted_are_still_checked() {
    let columns = [
        Column::new("A", SqlType::Int),
        Column::new("B", SqlType::String),
    ];
    let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Value, &columns);
    let arena = Arena::new();
    let mut slots = [Value::Null; 2];
    let none = ColumnSet::none(2);
    let bad = codec.decode(Some(br#"{"A":"x","B":1}"#), &arena, &none, &mut slots);
    assert!(bad.is_err());
    let good = codec.decode(Some(br#"{"A":"1","B":[1]}"#), &arena, &none, &mut slots);
    assert_eq!(good, Ok(Decoded::Row));
    assert_eq!(slots, [Value::Null, Value::Null]);
}

#[test]
fn a_bare_null_is_a_null_record() {
    let columns = [Column::new("A", SqlType::Int)];
    let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Key, &columns);
    let mut out = Vec::new();
    assert_eq!(codec.encode(&[Value::Null], &mut out), Ok(Encoded::Null));
    assert_eq!(
        codec.encode(&[Value::Int(-7)], &mut out),
        Ok(Encoded::Bytes)
    );
    assert_eq!(out, b"-7");
}

#[test]
fn fields_are_found_in_any_order_spelling_and_spacing() {
    let columns = ["A_1", "a_1", "B", "b c"].map(|name| Column::new(name, SqlType::Int));
    let codec = Codec::new(&FormatSpec::new(Format::Json), Part::Value, &columns);
    let table = [
        (r#"{"A_1":1,"a_1":2,"B":3,"b c":4}"#, "[1, 2, 3, 4]"),
        (r#"{"a_1":1,"B":2,"A_1":3}"#, "[3, 1, 2, null]"),
        (
            r#"{ "A_1" :1 , "b":-2 ,"x":"\"}" , "b c":018446744073709551615}"#,
            "bad",
        ),
        (
            r#"{"b":-0,"b c":4294967297,"A_1":9223372036854775807}"#,
            "[-1, null, 0, 1]",
        ),
        (
            r#"{"A_1":12345678901234567890,"b":1.9,"b c":1e3 }"#,
            "[-350287150, null, 1, 1000]",
        ),
        (r#"{"A_1":1"#, "bad"),
        (r#"{"A_1":1 "B":2}"#, "bad"),
        (r#"{"A_1":--1}"#, "bad"),
    ];
    for (text, wanted) in table {
        let arena = Arena::new();
        let mut slots = [Value::Null; 4];
        let all = ColumnSet::all(4);
        let found = match codec.decode(Some(text.as_bytes()), &arena, &all, &mut slots) {
            Ok(_) => {
                let mut found = String::new();
                write_text(&mut found, Value::Array(&slots), None).unwrap();
                found
            }
            Err(_) => "bad".to_owned(),
        };
        assert_eq!(found, wanted, "{text}");
    }
}
