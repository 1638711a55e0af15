//! URLs: their parts as `java.net.URI` sees them, and the encoding of parameters.
//!
//! How a URI is cut into parts is in `uri`.

use super::super::Call;
use super::super::definition::{Definition, strict};
use super::row;
use super::uri::{Uri, decoded};
use crate::expression::EvalError;
use crate::value::Value;

type Result<'a> = std::result::Result<Value<'a>, EvalError>;

/// The table of these functions.
pub(super) const FUNCTIONS: &[Definition] = &[
    row(
        "URL_EXTRACT_PROTOCOL",
        "url_extract_protocol",
        "The protocol of a URL.",
        ("URL_EXTRACT_PROTOCOL('https://sky.org/map')", "https"),
        &[strict("STRING input", "STRING", |call| {
            part(call, |uri| uri.scheme.map(str::to_owned))
        })],
    ),
    row(
        "URL_EXTRACT_HOST",
        "url_extract_host",
        "The host of a URL.",
        ("URL_EXTRACT_HOST('https://me@sky.org:80/map')", "sky.org"),
        &[strict("STRING input", "STRING", |call| {
            part(call, |uri| uri.host.map(str::to_owned))
        })],
    ),
    row(
        "URL_EXTRACT_PORT",
        "url_extract_port",
        "The port of a URL, null where it names none.",
        ("URL_EXTRACT_PORT('https://sky.org:8080/map')", "8080"),
        &[strict("STRING input", "INT", |call| {
            let port = parsed(call)?.port;
            Ok(port.map_or(Value::Null, Value::Int))
        })],
    ),
    row(
        "URL_EXTRACT_PATH",
        "url_extract_path",
        "The path of a URL, decoded.",
        ("URL_EXTRACT_PATH('https://sky.org/a%20map?x=1')", "/a map"),
        &[strict("STRING input", "STRING", |call| {
            part(call, |uri| uri.path.map(decoded))
        })],
    ),
    row(
        "URL_EXTRACT_QUERY",
        "url_extract_query",
        "The query of a URL, decoded.",
        (
            "URL_EXTRACT_QUERY('https://sky.org/map?x=1&y=2')",
            "x=1&y=2",
        ),
        &[strict("STRING input", "STRING", |call| {
            part(call, |uri| uri.query.map(decoded))
        })],
    ),
    row(
        "URL_EXTRACT_FRAGMENT",
        "url_extract_fragment",
        "What stands behind the # of a URL, decoded.",
        ("URL_EXTRACT_FRAGMENT('https://sky.org/map#north')", "north"),
        &[strict("STRING input", "STRING", |call| {
            part(call, |uri| uri.fragment.map(decoded))
        })],
    ),
    row(
        "URL_EXTRACT_PARAMETER",
        "url_extract_parameter",
        "A parameter of a URL's query; one without = is an empty text.",
        (
            "URL_EXTRACT_PARAMETER('https://sky.org/?x=1&y=2', 'y')",
            "2",
        ),
        &[strict(
            "STRING input, STRING paramToFind",
            "STRING",
            parameter,
        )],
    ),
    row(
        "URL_ENCODE_PARAM",
        "url_encode_param",
        "The text as a parameter of a URL.",
        ("URL_ENCODE_PARAM('north & south')", "north+%26+south"),
        &[strict("STRING input", "STRING", encode)],
    ),
    row(
        "URL_DECODE_PARAM",
        "url_decode_param",
        "The text that a parameter of a URL stands for.",
        ("URL_DECODE_PARAM('north+%26+south')", "north & south"),
        &[strict("STRING input", "STRING", decode)],
    ),
];

fn parsed<'a>(call: &Call<'_, 'a>) -> std::result::Result<Uri<'a>, EvalError> {
    let text = call.str(0);
    Uri::parse(text).map_err(|why| EvalError::new(format!("{why}: {text}")))
}

fn part<'a>(call: &Call<'_, 'a>, part: fn(Uri<'a>) -> Option<String>) -> Result<'a> {
    part(parsed(call)?).map_or(Ok(Value::Null), |text| call.text(&text))
}

fn parameter<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let Some(query) = parsed(call)?.query.map(decoded) else {
        return Ok(Value::Null);
    };
    let value = query.split('&').find_map(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        (name == call.str(1)).then_some(value)
    });
    value.map_or(Ok(Value::Null), |value| call.text(value))
}

fn encode<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let mut text = String::new();
    for byte in call.str(0).bytes() {
        match byte {
            b' ' => text.push('+'),
            b'*' | b'-' | b'.' | b'_' => text.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    call.text(&text)
}

fn decode<'a>(call: &Call<'_, 'a>) -> Result<'a> {
    let text = call.str(0);
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let hex = rest.get(at + 1..at + 3);
        if !hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            return Err(EvalError::new(format!(
                "An escape of the parameter is incomplete: {text}"
            )));
        }
        rest = &rest[at + 3..];
    }
    call.text(&decoded(&text.replace('+', " ")))
}
