//! Plain data that a front end draws: what the laboratory looks like at one moment ([`LabView`]),
//! what changed since the last frame ([`Frame`]), and details on request ([`detail`]).
//!
//! Only data lives here, owned and serialisable, so that the page, the painters and the command
//! line can read it without the engine. The engine's side is `headwater_core::observe`.

pub mod cell;
pub mod detail;
pub mod frame;
pub mod lab;
pub mod motion;
pub mod outcome;
pub mod request;
pub mod wire;

pub use cell::Cell;
pub use detail::{
    BytesDetail, BytesPart, ChangeDetail, PartitionChoice, PassedStation, RecordDetail,
};
pub use frame::Frame;
pub use lab::{
    Bucket, ChartView, Colour, ColumnView, DualityView, Face, Glyph, GroupView, LabView, LaneView,
    Mark, Narration, Position, ProducerView, QueryKind, QueryState, QueryView, ReaderPosition,
    ReaderView, ResultRow, ResultView, StationKind, StationView, TableRow, TableView, TapeEntry,
    Tile, TopicKind, TopicRole, TopicView,
};
pub use motion::{Motion, MotionKind};
pub use outcome::{PlacedDiagnostic, StatementOutcome};
pub use request::ViewRequest;
pub use wire::{LabState, LessonPart, OpenedLesson, Reply, Request};
