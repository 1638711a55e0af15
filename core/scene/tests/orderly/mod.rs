//! What every picture keeps to: nothing overlaps, nothing sticks out, arrows cross no lane.

use headwater_scene::{DisplayList, Options, Rect, Target};

pub(crate) const SIZES: [(f64, f64); 5] = [
    (1000.0, 600.0),
    (1600.0, 900.0),
    (700.0, 500.0),
    (390.0, 700.0),
    (0.0, 0.0),
];

pub(crate) fn at_size((width, height): (f64, f64)) -> Options {
    Options {
        width,
        height,
        ..Options::default()
    }
}

/// The part of an arrow between two corners, as a thin rectangle.
fn stretch(a: headwater_scene::Point, b: headwater_scene::Point) -> Rect {
    let (x, y) = (a.x.min(b.x), a.y.min(b.y));
    Rect::new(x, y, (a.x - b.x).abs().max(0.1), (a.y - b.y).abs().max(0.1))
}

pub(crate) fn check(list: &DisplayList) {
    let page = Rect::new(0.0, 0.0, list.width, list.height);
    let inside = |it: &Rect| {
        it.x >= -0.5
            && it.y >= -0.5
            && it.right() <= page.right() + 0.5
            && it.bottom() <= page.bottom() + 0.5
    };
    for (place, card) in list.cards.iter().enumerate() {
        assert!(inside(&card.rect), "{:?} sticks out", card.target);
        for other in &list.cards[..place] {
            assert!(
                !card.rect.overlaps(&other.rect),
                "{:?} on {:?}",
                card.target,
                other.target
            );
        }
        for words in &card.words {
            let roomy = card.rect.inset(-3.0);
            let (words, lines) = (&words.rect, &words.lines);
            let fits = words.y >= roomy.y
                && words.bottom() <= roomy.bottom()
                && words.right() <= roomy.right();
            assert!(fits, "{lines:?} sticks out of {:?}", card.target);
        }
    }
    let lanes: Vec<&Rect> = list
        .zones
        .iter()
        .filter(|it| matches!(it.target, Target::Lane(_)))
        .map(|it| &it.rect)
        .collect();
    for edge in &list.edges {
        for pair in edge.points.windows(2) {
            let line = stretch(pair[0], pair[1]);
            assert!(
                inside(&line),
                "{:?} to {:?} leaves the page",
                edge.from,
                edge.to
            );
            let crossed = lanes.iter().any(|it| it.overlaps(&line));
            assert!(!crossed, "{:?} to {:?} crosses a lane", edge.from, edge.to);
        }
    }
    for zone in &list.zones {
        assert!(inside(&zone.rect), "{:?} sticks out", zone.target);
    }
}
