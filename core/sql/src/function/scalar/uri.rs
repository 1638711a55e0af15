//! Cuts a URI into its parts as `java.net.URI` does: RFC 2396 with IPv6 hosts and any letters of
//! Unicode.
//!
//! An authority that names no server, such as `a_b`, is allowed and has no host.

/// The parts of a URI, not decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uri<'a> {
    pub(super) scheme: Option<&'a str>,
    pub(super) host: Option<&'a str>,
    pub(super) port: Option<i32>,
    /// Empty where there is none; absent in `mailto:me`.
    pub(super) path: Option<&'a str>,
    pub(super) query: Option<&'a str>,
    pub(super) fragment: Option<&'a str>,
}

const UNRESERVED: &str = "_-!.~'()*";
const PATH: &str = ":@&=+$,;/";
const ANY: &str = ";/?:@&=+$,[]";
const AUTHORITY: &str = "$,;:@&=+";
const USER: &str = ";:&=+$,";

impl<'a> Uri<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Uri<'a>, &'static str> {
        let mut uri = Uri::default();
        let (mut rest, fragment) = cut(text, '#');
        uri.fragment = fragment;
        legal(fragment.unwrap_or(""), ANY, "The fragment is wrong")?;
        if let Some(colon) = rest
            .find([':', '/', '?'])
            .filter(|at| rest[*at..].starts_with(':'))
        {
            let scheme = &rest[..colon];
            let first = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
            let other = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
            if !first || !scheme.chars().all(other) {
                return Err("The protocol is wrong");
            }
            uri.scheme = Some(scheme);
            rest = &rest[colon + 1..];
            if rest.is_empty() {
                return Err("Nothing stands behind the protocol");
            }
            if !rest.starts_with('/') {
                legal(rest, ANY, "A character behind the protocol is wrong")?;
                return Ok(uri);
            }
        }
        let (hierarchy, query) = cut(rest, '?');
        uri.query = query;
        legal(query.unwrap_or(""), ANY, "The query is wrong")?;
        let mut path = hierarchy;
        if let Some(after) = hierarchy.strip_prefix("//") {
            let end = after.find('/').unwrap_or(after.len());
            let (authority, behind) = after.split_at(end);
            if authority.is_empty() && behind.is_empty() && query.is_none() {
                return Err("The host is missing");
            }
            uri.authority(authority)?;
            path = behind;
        }
        legal(path, PATH, "The path is wrong")?;
        uri.path = Some(path);
        Ok(uri)
    }

    /// The host and port of `user@host:port`.
    fn authority(&mut self, authority: &'a str) -> Result<(), &'static str> {
        let (user, server) = match authority.rsplit_once('@') {
            Some((user, server)) => (user, server),
            None => ("", authority),
        };
        let (host, port) = match server.rfind(']') {
            Some(at) => server.split_at(at + 1),
            None => server.split_at(server.find(':').unwrap_or(server.len())),
        };
        let digits = port.strip_prefix(':').unwrap_or(port);
        let number = match digits {
            "" => Some(None),
            _ if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
            _ => None,
        };
        let user = legal(user, USER, "").is_ok();
        if let (true, Some(number), true) = (is_host(host), number, user) {
            self.host = Some(host);
            self.port = number;
            return Ok(());
        }
        legal(authority, AUTHORITY, "The host is wrong")
    }
}

/// What stands before a mark, and what stands behind it.
fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, behind)) => (before, Some(behind)),
        None => (text, None),
    }
}

/// Checks that a part has no characters but letters, digits, marks, escapes and `others`.
fn legal(part: &str, others: &str, wrong: &'static str) -> Result<(), &'static str> {
    let mut rest = part.chars();
    while let Some(character) = rest.next() {
        let fine = match character {
            '%' => (0..2).all(|_| rest.next().is_some_and(|c| c.is_ascii_hexdigit())),
            c if c.is_ascii() => {
                c.is_ascii_alphanumeric() || UNRESERVED.contains(c) || others.contains(c)
            }
            c => !c.is_control() && !c.is_whitespace(),
        };
        if !fine {
            return Err(wrong);
        }
    }
    Ok(())
}

/// Whether a text is an IPv6 address in brackets, an IPv4 address, or a name whose last label
/// begins with a letter.
fn is_host(host: &str) -> bool {
    if let Some(inner) = host.strip_prefix('[') {
        let inner = inner.strip_suffix(']').unwrap_or("");
        let address = inner.split('%').next().unwrap_or("");
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let labels: Vec<&str> = host.strip_suffix('.').unwrap_or(host).split('.').collect();
    let label = |label: &&str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let last = labels.last().and_then(|label| label.bytes().next());
    labels.iter().all(label) && last.is_some_and(|first| first.is_ascii_alphabetic())
}

/// The text with its escapes replaced; bytes that are no UTF-8 become replacement characters.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escape = (*first == b'%').then(|| text_of(after)).flatten();
        match escape {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte that two hex digits spell.
fn text_of(digits: &[u8]) -> Option<u8> {
    let digits = std::str::from_utf8(digits.get(..2)?).ok()?;
    u8::from_str_radix(digits, 16).ok()
}
