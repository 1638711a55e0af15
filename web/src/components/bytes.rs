//! Bytes in hexadecimal with their meaning: sixteen a line, hover a meaning to see its bytes.

use headwater_view::BytesDetail;
use yew::prelude::*;

/// Bytes a line.
const LINE: usize = 16;
/// More bytes than this are cut.
const SHOWN_MAX: usize = 512;

/// What is shown.
#[derive(PartialEq, Properties)]
pub struct BytesProps {
    /// The bytes.
    pub detail: BytesDetail,
    /// What they are: `key`, `value` or a header's name.
    pub name: AttrValue,
}

/// Columns, text, and the bytes behind a fold.
#[component]
pub fn Bytes(props: &BytesProps) -> Html {
    let detail = &props.detail;
    let hovered = use_state(|| None::<usize>);
    let shown = &detail.bytes[..detail.bytes.len().min(SHOWN_MAX)];
    html! {
        <div class="bytes">
            if let Some(error) = &detail.error {
                <p class="bytes-error">{ error }</p>
            }
            if detail.columns.is_empty() {
                <pre tabindex="0" class="bytes-text">{ &detail.text }</pre>
            } else {
                <dl class="columns">
                    { for detail.columns.iter().map(|(name, cell)| html! {
                        <><dt>{ name }</dt><dd>{ cell.to_string() }</dd></>
                    }) }
                </dl>
            }
            <details>
                <summary>{ summary(detail, &props.name) }</summary>
                <div class="hex" role="group" tabindex="0"
                    aria-label={format!("Bytes of {}", props.name)}>
                    { for shown.chunks(LINE).enumerate().map(|(line, bytes)| {
                        hex_line(detail, line * LINE, bytes, *hovered)
                    }) }
                    if detail.bytes.len() > SHOWN_MAX {
                        <p class="quiet">
                            { format!("and {} more", detail.bytes.len() - SHOWN_MAX) }
                        </p>
                    }
                </div>
                <ul class="meanings">
                    { for detail.parts.iter().enumerate().map(|(place, part)| {
                        let setter = hovered.setter();
                        let leave = hovered.setter();
                        html! {
                            <li class={classes!((*hovered == Some(place)).then_some("lit"))}
                                onpointerenter={move |_: PointerEvent| setter.set(Some(place))}
                                onpointerleave={move |_: PointerEvent| leave.set(None)}>
                                <span class="range">
                                    { format!("{:02x}–{:02x}", part.start, part.end.max(1) - 1) }
                                </span>
                                { " " }{ &part.meaning }
                            </li>
                        }
                    }) }
                </ul>
            </details>
        </div>
    }
}

fn summary(detail: &BytesDetail, name: &str) -> String {
    let count = detail.bytes.len();
    let unit = if count == 1 { "byte" } else { "bytes" };
    format!("{count} {unit} of {name} · {}", detail.format)
}

fn hex_line(detail: &BytesDetail, start: usize, bytes: &[u8], hovered: Option<usize>) -> Html {
    let lit = |at: usize| {
        let part = hovered.and_then(|place| detail.parts.get(place));
        part.is_some_and(|part| (part.start as usize..part.end as usize).contains(&at))
    };
    let text: String = bytes.iter().map(|byte| printable(*byte)).collect();
    html! {
        <div class="hex-line">
            <span class="hex-place">{ format!("{start:04x}") }</span>
            <span class="hex-bytes">
                { for bytes.iter().enumerate().map(|(at, byte)| html! {
                    <span class={classes!(lit(start + at).then_some("lit"))}>
                        { format!("{byte:02x}") }
                    </span>
                }) }
            </span>
            <span class="hex-text">{ text }</span>
        </div>
    }
}

fn printable(byte: u8) -> char {
    match byte {
        0x20..0x7f => char::from(byte),
        _ => '·',
    }
}
