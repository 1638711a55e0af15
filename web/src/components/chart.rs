//! The chart: counts of a topic's records by a field, stacked in buckets of virtual time.

use crate::charts;
use crate::platform::PtrEq;
use crate::queries::time;
use crate::ui::{Tab, ThemeChoice};
use headwater_view::ChartView;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlCanvasElement, ResizeObserver};
use yew::prelude::*;

/// What the panel shows.
#[derive(PartialEq, Properties)]
pub struct ChartProps {
    /// The lesson's charts; the first is drawn.
    pub charts: PtrEq<Vec<ChartView>>,
    /// Light or dark: another theme draws anew.
    pub theme: ThemeChoice,
    /// The tab that is shown: a panel that comes to light draws anew.
    pub tab: Tab,
}

/// The chart with its legend.
#[component]
pub fn ChartPanel(props: &ChartProps) -> Html {
    let canvas = use_node_ref();
    let width = use_width(&canvas);
    {
        let canvas = canvas.clone();
        let parts = (props.charts.clone(), props.theme, props.tab, width);
        use_effect_with(parts, move |(charts, ..)| {
            if let (Some(canvas), Some(chart)) =
                (canvas.cast::<HtmlCanvasElement>(), charts.first())
            {
                charts::draw(&canvas, chart);
            }
        });
    }
    let chart = props.charts.first();
    let title = chart.map_or("Chart", |chart| chart.title.as_str());
    html! {
        <section class="chart panel" aria-label="Chart">
            <header class="panel-head"><h2>{ title }</h2></header>
            <div class="chart-body">
                <canvas ref={canvas} hidden={chart.is_none()} role="img"
                    aria-label={chart.map(summary).unwrap_or_default()} />
                if let Some(chart) = chart {
                    { legend(chart) }
                } else {
                    <p class="ghost">
                        { "No chart yet. " }
                        <code>{ "page chart topic=NAME by=FIELD" }</code>
                        { " counts a topic's records by a field, and draws it here." }
                    </p>
                }
            </div>
        </section>
    }
}

/// Each series with its letter, its colour and what it counts in the newest bucket.
fn legend(chart: &ChartView) -> Html {
    let last = chart.buckets.last();
    html! {
        <ul class="legend" aria-label="Series, with their counts in the newest bucket">
            { for chart.series.iter().enumerate().map(|(place, name)| {
                let count = last.and_then(|bucket| bucket.counts.get(place)).copied().unwrap_or(0);
                html! {
                    <li>
                        <span class={format!("swatch swatch-{}", place % 6)} aria-hidden="true">
                            { charts::letter(place) }
                        </span>
                        <span class="series-name">{ name }</span>
                        <span class="series-count">{ count }</span>
                    </li>
                }
            }) }
        </ul>
    }
}

/// The newest bucket in words.
fn summary(chart: &ChartView) -> String {
    let Some(bucket) = chart.buckets.last() else {
        return format!("{}: nothing yet", chart.title);
    };
    let counts = chart.series.iter().zip(&bucket.counts);
    let counts: Vec<String> = counts
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    format!(
        "{}, from {}: {}",
        chart.title,
        time::of_day(bucket.start_ms),
        counts.join(", ")
    )
}

/// The width of the canvas' place, so that a change of it draws anew.
#[hook]
fn use_width(canvas: &NodeRef) -> i32 {
    let width = use_state(|| 0);
    let (canvas, setter) = (canvas.clone(), width.setter());
    use_effect_with((), move |()| {
        let element = canvas.cast::<Element>();
        let observed = element.and_then(|element| {
            let measured = element.clone();
            let resized = Closure::<dyn Fn()>::new(move || {
                setter.set(measured.client_width() * 10_000 + measured.client_height());
            });
            let observer = ResizeObserver::new(resized.as_ref().unchecked_ref()).ok()?;
            observer.observe(&element);
            Some((observer, resized))
        });
        move || {
            if let Some((observer, _resized)) = observed {
                observer.disconnect();
            }
        }
    });
    *width
}
