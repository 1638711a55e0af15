//! Inputs that once were findings, with what was wrong. They are tried again in every test run.

/// Each finding's target and input.
pub const FINDINGS: &[(&str, &[u8])] = &[
    // An exponent that has no absolute value in its type.
    ("json", b"1e-2147483648"),
    ("expressions", b"CAST('1e-2147483648' AS DECIMAL(3, 1))"),
    // A wrong escape was found in a column that is wanted, and overlooked in one that is not.
    ("formats", b"\x19\x00{\"S\": \"\\$\"}"),
    ("formats", b"\x00\x00{\"z\": {\"\\$\": 1}}"),
    // A sign among the digits of an escape.
    ("json", br#""\u+01e""#),
    // The place of an unknown key that stands in quotes.
    ("commands", b"produce colours 'ea'\xf1=x"),
    // What fills up base64, with nothing in front of it.
    ("formats", b"\x12\xffa||6|6|3.5|5|=|5|6|7"),
    // Rows that are all kept and all compared.
    ("expressions", b"CUBE_EXPLODE(GENERATE_SERIES(2, 21))"),
];
