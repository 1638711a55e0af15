//! Prose as HTML that a page with a strict policy can show: no raw HTML, no scripts, no styles,
//! and nothing fetched from elsewhere.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd, html};

/// Schemes that a link may have. Without a scheme it stays on the page's own site.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Renders the events of a stretch of prose.
pub(super) fn render(events: Vec<Event<'_>>) -> String {
    let mut safe = Vec::with_capacity(events.len());
    let mut images = 0_u32;
    // A block of raw HTML comes line by line, and is judged as a whole.
    let mut raw: Option<String> = None;
    for event in events {
        match event {
            // An image is shown by its words, which stand between its start and its end.
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            _ if images > 0 && !matches!(event, Event::Text(_) | Event::Code(_)) => {}
            Event::Start(Tag::HtmlBlock) => raw = Some(String::new()),
            Event::End(TagEnd::HtmlBlock) => safe.extend(paragraph(raw.take())),
            Event::Html(text) => raw.get_or_insert_default().push_str(&text),
            Event::InlineHtml(text) if is_comment(&text) => {}
            Event::InlineHtml(text) => safe.push(Event::Text(text)),
            // Alignment would become a style attribute.
            Event::Start(Tag::Table(columns)) => {
                let none = vec![pulldown_cmark::Alignment::None; columns.len()];
                safe.push(Event::Start(Tag::Table(none)));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => safe.push(Event::Start(link(link_type, dest_url, title, id))),
            other => safe.push(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, safe.into_iter());
    out
}

/// Raw HTML as text that shows it; nothing where it is a comment.
fn paragraph<'a>(raw: Option<String>) -> Vec<Event<'a>> {
    match raw.filter(|raw| !is_comment(raw)) {
        Some(raw) => vec![
            Event::Start(Tag::Paragraph),
            Event::Text(raw.trim().to_owned().into()),
            Event::End(TagEnd::Paragraph),
        ],
        None => Vec::new(),
    }
}

fn link<'a>(
    link_type: LinkType,
    dest_url: CowStr<'a>,
    title: CowStr<'a>,
    id: CowStr<'a>,
) -> Tag<'a> {
    let dest_url = match lesson_of(&dest_url) {
        Some(lesson) => format!("#/learn/{lesson}").into(),
        None if is_safe(&dest_url) => dest_url,
        None => CowStr::Borrowed(""),
    };
    Tag::Link {
        link_type,
        dest_url,
        title,
        id,
    }
}

/// The lesson that a link to a file beside this one names: on the page it has an address of its
/// own.
fn lesson_of(url: &str) -> Option<&str> {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    let name = url.strip_suffix(".md")?;
    (!name.is_empty() && name.chars().all(plain)).then_some(name)
}

/// Whether a link leads to a page, and cannot run anything.
fn is_safe(url: &str) -> bool {
    let scheme = url.split(['/', '?', '#']).next().unwrap_or("");
    match scheme.split_once(':') {
        Some((scheme, _)) => SCHEMES.contains(&scheme.to_ascii_lowercase().as_str()),
        None => true,
    }
}

fn is_comment(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("<!--") && text.ends_with("-->")
}
