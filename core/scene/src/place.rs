//! Where groups stand: columns by rank from left to right, or one column from top to bottom.

use crate::display::Target;
use crate::geometry::Rect;
use crate::graph::{Block, Graph};
use crate::metrics::{
    BLOCK_GAP, COLUMN_MIN, DOCK_GAP, FIRST_COLUMN, GAP, GROUP_GAP, GUTTER, MARGIN, TOP,
};
use crate::options::{NARROW_BELOW, Options};
use crate::{ledger, people, query, topic};
use headwater_base::order;
use headwater_view::LabView;

/// A column: its extent, and what stands in it from top to bottom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Column {
    pub(crate) x: f64,
    pub(crate) width: f64,
    /// Upper and lower edges of its groups.
    pub(crate) taken: Vec<(f64, f64)>,
}

/// All blocks with their places.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) narrow: bool,
    pub(crate) columns: Vec<Column>,
    pub(crate) blocks: Vec<(Block, Rect)>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

struct Planner<'a> {
    view: &'a LabView,
    options: &'a Options,
    graph: &'a Graph,
    plan: Plan,
    /// Middles of groups that are placed.
    middles: Vec<Option<f64>>,
    /// Who feeds a group.
    feeders: Vec<Vec<usize>>,
}

pub(crate) fn plan(view: &LabView, options: &Options, graph: &Graph) -> Plan {
    let width = options.width.max(320.0);
    let mut planner = Planner {
        view,
        options,
        graph,
        plan: Plan {
            narrow: width < NARROW_BELOW,
            ..Plan::default()
        },
        middles: vec![None; graph.groups.len()],
        feeders: feeders(view, graph),
    };
    planner.make_columns(width);
    for column in 0..planner.plan.columns.len() {
        planner.fill(column);
    }
    let lowest = planner.plan.columns.iter().flat_map(|it| &it.taken);
    let lowest = lowest.map(|it| it.1).fold(0.0, f64::max);
    planner.plan.height = (lowest + TOP).max(options.height).ceil();
    planner.plan
}

/// The group of each thing that a link may name.
fn feeders(view: &LabView, graph: &Graph) -> Vec<Vec<usize>> {
    let has = |block: &Block, target: &Target| match (block, target) {
        (Block::Topic(at), Target::Topic(id)) => view.topics[*at].id == *id,
        (Block::Ledger(at), Target::Table(name)) => view.tables[*at].name == *name,
        (Block::Query(at), Target::Query(id) | Target::Station(id, _)) => {
            view.queries[*at].id == *id
        }
        _ => false,
    };
    let home = |target: &Target| {
        let mut groups = graph.groups.iter();
        groups.position(|it| it.blocks.iter().any(|block| has(block, target)))
    };
    let mut out = vec![Vec::new(); graph.groups.len()];
    for link in &graph.links {
        if let (Some(from), Some(to)) = (home(&link.from), home(&link.to))
            && from != to
        {
            out[to].push(from);
        }
    }
    out
}

impl Planner<'_> {
    fn make_columns(&mut self, width: f64) {
        if self.plan.narrow {
            self.plan.width = width;
            self.plan.columns.push(Column {
                x: MARGIN - 2.0,
                width: width - MARGIN + 2.0 - GUTTER,
                taken: Vec::new(),
            });
            return;
        }
        let ranks = self.graph.groups.iter().map(|it| it.rank + 1);
        let count = ranks.max().unwrap_or(0);
        if count == 0 {
            self.plan.width = width;
            return;
        }
        let gaps = 2.0 * MARGIN + (count - 1) as f64 * GAP;
        let share = (width - gaps) / (count as f64 - 1.0 + FIRST_COLUMN);
        let share = share.max(COLUMN_MIN).floor();
        let mut x = MARGIN;
        for place in 0..count {
            let factor = if place == 0 { FIRST_COLUMN } else { 1.0 };
            let width = (share * factor).floor();
            self.plan.columns.push(Column {
                x,
                width,
                taken: Vec::new(),
            });
            x += width + GAP;
        }
        self.plan.width = width.max(x - GAP + MARGIN);
    }

    fn block_height(&self, block: &Block, width: f64) -> f64 {
        let view = self.view;
        match block {
            Block::Producers(places) => people::producers_height(places.len()),
            Block::Topic(at) => topic::height(view, &view.topics[*at], self.options),
            Block::Readers(places) => people::readers_height(places.len()),
            Block::Query(at) => query::height(&view.queries[*at], self.options, width),
            Block::Ledger(_) => ledger::height(self.options),
            Block::Result(_) => people::result_height(),
        }
    }

    fn group_height(&self, group: usize, width: f64) -> f64 {
        let mut sum = 0.0;
        for (place, block) in self.graph.groups[group].blocks.iter().enumerate() {
            sum += gap_above(place, block) + self.block_height(block, width);
        }
        sum
    }

    /// Places the groups of a column near the middle of what feeds them, as far as there is room.
    fn fill(&mut self, column: usize) {
        let width = self.plan.columns[column].width;
        let mut order: Vec<(usize, f64)> = Vec::new();
        for group in 0..self.graph.groups.len() {
            let rank = self.graph.groups[group].rank;
            if self.plan.narrow || rank == column {
                order.push((group, self.wish(group)));
            }
        }
        match self.plan.narrow {
            true => order::sort_by(&mut order, |a, b| {
                self.narrow_order(a.0).cmp(&self.narrow_order(b.0))
            }),
            // Groups come by number, and equal ones stay as they were.
            false => order::sort_by(&mut order, |a, b| a.1.total_cmp(&b.1)),
        }
        let heights: Vec<f64> = order
            .iter()
            .map(|it| self.group_height(it.0, width))
            .collect();
        let sum: f64 = heights.iter().sum::<f64>() + GROUP_GAP * heights.len() as f64;
        let floor = (self.options.height - TOP).max(TOP + sum - GROUP_GAP);
        let mut tops = Vec::new();
        let mut free = TOP;
        for ((_, wish), height) in order.iter().zip(&heights) {
            let top = match self.plan.narrow || !wish.is_finite() {
                true => free,
                false => free.max((wish - height / 2.0).round()),
            };
            tops.push(top);
            free = top + height + GROUP_GAP;
        }
        let mut end = floor;
        for (top, height) in tops.iter_mut().zip(&heights).rev() {
            *top = top.min(end - height).max(TOP).round();
            end = *top - GROUP_GAP;
        }
        for (((group, _), top), height) in order.iter().zip(&tops).zip(&heights) {
            self.put(column, *group, *top);
            self.plan.columns[column].taken.push((*top, top + height));
            self.middles[*group] = Some(top + height / 2.0);
        }
    }

    /// The mean of the middles of what feeds a group; what nothing feeds comes first.
    fn wish(&self, group: usize) -> f64 {
        let middles = self.feeders[group]
            .iter()
            .filter_map(|it| self.middles[*it]);
        let (count, sum) = middles.fold((0.0, 0.0), |it, middle| (it.0 + 1.0, it.1 + middle));
        if count > 0.0 {
            sum / count
        } else {
            f64::NEG_INFINITY
        }
    }

    /// In one column a ledger follows its topic, everything else its rank.
    fn narrow_order(&self, group: usize) -> (usize, usize, usize) {
        let ledger = matches!(
            self.graph.groups[group].blocks.as_slice(),
            [Block::Ledger(_)]
        );
        match self.feeders[group].first() {
            Some(topic) if ledger => (self.graph.groups[*topic].rank, *topic, 1),
            _ => (self.graph.groups[group].rank, group, 0),
        }
    }

    fn put(&mut self, column: usize, group: usize, top: f64) {
        let (x, width) = (self.plan.columns[column].x, self.plan.columns[column].width);
        let mut y = top;
        for (place, block) in self.graph.groups[group].blocks.iter().enumerate() {
            y += gap_above(place, block);
            let height = self.block_height(block, width);
            let rect = Rect::new(x, y, width, height);
            self.plan.blocks.push((block.clone(), rect));
            y += height;
        }
    }
}

fn gap_above(place: usize, block: &Block) -> f64 {
    match (place, block) {
        (0, _) => 0.0,
        (_, Block::Readers(_)) => DOCK_GAP,
        _ => BLOCK_GAP,
    }
}
