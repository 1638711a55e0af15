//! What a front end chooses about the picture; together with a view it determines every pixel.

use headwater_base::{QueryId, RecordId, SortedSet, TopicId};
use serde::{Deserialize, Serialize};

use crate::display::Target;

/// The viewer's choices.
///
/// ```
/// use headwater_scene::{Densities, Options, layout};
/// use headwater_view::LabView;
/// let options = Options { width: 390.0, height: 600.0, ..Options::default() };
/// let picture = layout(&LabView::default(), &options, &Densities::default());
/// assert_eq!(picture.width, 390.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Options {
    /// The viewport's width. Below [`NARROW_BELOW`] everything flows in one column.
    pub width: f64,
    /// The viewport's height; the picture may be higher.
    pub height: f64,
    /// Straight outlines, for `Plain` and forced colours.
    pub plain: bool,
    /// Derived topics that show a lane a partition.
    pub open_topics: SortedSet<TopicId>,
    /// Queries that show all their text and their internal topics.
    pub open_queries: SortedSet<QueryId>,
    /// Everything else steps back to a quarter of its ink.
    pub focus: Option<Focus>,
    /// What the pointer is over.
    pub hovered: Option<Target>,
    /// What is chosen.
    pub selected: Option<Target>,
    /// Rows drawn of each table.
    pub rows_per_table: u32,
    /// SELECT in one line, one table row less: as a wide picture is anyway when it does not fit
    /// into the viewport otherwise.
    pub short: bool,
}

/// Below this width the picture is one column.
pub const NARROW_BELOW: f64 = 640.0;

impl Default for Options {
    fn default() -> Self {
        Options {
            width: 1000.0,
            height: 600.0,
            plain: false,
            open_topics: SortedSet::new(),
            open_queries: SortedSet::new(),
            focus: None,
            hovered: None,
            selected: None,
            rows_per_table: 5,
            short: false,
        }
    }
}

/// One record and what it came from and became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Focus {
    /// The record.
    pub record: RecordId,
    /// Its way in order: what it came from, itself, what it became; numbered from 1.
    pub related: Vec<RecordId>,
    /// Queries that it passed.
    pub queries: Vec<QueryId>,
}
