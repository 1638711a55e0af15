//! Plain data that a front end draws: what the laboratory looks like at one moment ([`LabView`]),
//! what changed since the last frame ([`Frame`]), and details on request ([`detail`]).
//!
//! Only data lives here, owned and serialisable, so that the page, the painters and the command
//! line can read it without the engine. The engine's side is `headwater_core::observe`.

pub mod cell;
pub mod cluster;
pub mod completion;
pub mod detail;
pub mod form;
pub mod frame;
pub mod lab;
pub mod motion;
pub mod node;
pub mod outcome;
pub mod query;
pub mod request;
pub mod saved;
pub mod table;
pub mod wire;

pub use cell::Cell;
pub use cluster::{BrokerView, GroupLagView, LagPoint, ReplicaView, ReplicationView};
pub use completion::{Completion, CompletionKind, Help};
pub use detail::{
    BytesDetail, BytesPart, ChangeDetail, PartitionChoice, PassedStation, RecordDetail,
};
pub use form::{FieldView, FormView, Tried};
pub use frame::Frame;
pub use lab::{
    BranchView, Colour, Face, Glyph, GroupView, LabView, LaneView, Mark, Narration, OfferView,
    Position, ProducerView, ReaderPosition, ReaderState, ReaderView, Tile, TopicKind, TopicRole,
    TopicView,
};
pub use motion::{Motion, MotionKind};
pub use node::{KsqlClusterView, NodeState, NodeTaskState, NodeTaskView, NodeView};
pub use outcome::{AnswerSection, PlacedDiagnostic, StatementOutcome};
pub use query::{QueryFailure, QueryKind, QueryState, QueryView, StationKind, StationView};
pub use request::ViewRequest;
pub use saved::{SavedCommand, SavedLab};
pub use table::{
    Bucket, ChartView, ColumnView, DualityView, ResultRow, ResultView, TableRow, TableView,
    TapeEntry,
};
pub use wire::{LabState, LessonPart, OpenedLesson, Reply, Request};
