//! Sizes and distances of the settled picture, in pixels, each said once.

/// Around the picture.
pub(crate) const MARGIN: f64 = 12.0;
/// Between the upper edge and the first card: arrows may pass here.
pub(crate) const TOP: f64 = 14.0;
/// Between columns: arrows turn here.
pub(crate) const GAP: f64 = 40.0;
/// The right margin of the narrow picture: arrows run here.
pub(crate) const GUTTER: f64 = 30.0;
/// Between groups of one column: arrows may pass here.
pub(crate) const GROUP_GAP: f64 = 22.0;
/// Between blocks of one group that an arrow joins.
pub(crate) const BLOCK_GAP: f64 = 14.0;
/// Between a topic and the readers docked at it.
pub(crate) const DOCK_GAP: f64 = 4.0;
/// A column is never narrower.
pub(crate) const COLUMN_MIN: f64 = 154.0;
/// The first column gets this share more than the others: its lanes stand beside numbers.
pub(crate) const FIRST_COLUMN: f64 = 1.14;
/// A card's header.
pub(crate) const HEADER: f64 = 22.0;
/// Inside a card.
pub(crate) const PAD: f64 = 8.0;
/// A lane's channel.
pub(crate) const LANE: f64 = 26.0;
/// Under a lane: offsets.
pub(crate) const OFFSETS: f64 = 13.0;
/// Above a lane without readers.
pub(crate) const ABOVE_LANE: f64 = 4.0;
/// One row of flags above a lane.
pub(crate) const FLAG_ROW: f64 = 14.0;
/// At the right end of a lane: the nib.
pub(crate) const NIB: f64 = 15.0;
/// From one record to the next.
pub(crate) const PITCH: f64 = 20.0;
/// Right of a lane: where records enter and leave.
pub(crate) const BUS: f64 = 15.0;
/// From a card's right edge to the line beside its lanes.
pub(crate) const BUS_X: f64 = 10.0;
/// Left of a lane: its number.
pub(crate) const LANE_NAME: f64 = 20.0;
/// Lanes drawn of one topic.
pub(crate) const LANES_MAX: usize = 16;
/// Lines of a clause while its query is folded, and while it is open.
pub(crate) const CLAUSE_LINES: [usize; 2] = [3, 12];
/// Left of a clause: what kind of station it is.
pub(crate) const ICON: f64 = 22.0;
/// Right of a clause that rejects: its tray.
pub(crate) const TRAY: f64 = 37.0;
/// A row of cups.
pub(crate) const CUPS: f64 = 36.0;
/// One cup at least.
pub(crate) const CUP: f64 = 45.0;
/// A row of a ledger.
pub(crate) const ROW: f64 = 17.0;
/// A line of a dock or of producers.
pub(crate) const LINE: f64 = 19.0;
/// Readers drawn in a dock.
pub(crate) const READERS_MAX: usize = 10;
/// The rows of a push query: header excluded.
pub(crate) const RESULT_ROWS: usize = 3;
