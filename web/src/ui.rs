//! What the visitor chose about the page itself: theme, tabs, drawers, what is open, chosen and
//! hovered. It is never part of the lab, and nothing here knows the engine.

use crate::platform::{PtrEq, storage};
use headwater_base::{QueryId, RecordId, SortedSet, TopicId};
use headwater_scene::Target;
use headwater_view::{
    Completion, FormView, OpenedLesson, PlacedDiagnostic, RecordDetail, StatementOutcome, Tried,
};

/// Light or dark, or as the system says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeChoice {
    /// As the system says.
    #[default]
    Auto,
    /// Light paper.
    Light,
    /// Dark paper.
    Dark,
}

impl ThemeChoice {
    /// The name that is kept and that the style sheets know.
    pub fn name(self) -> &'static str {
        match self {
            ThemeChoice::Auto => "auto",
            ThemeChoice::Light => "light",
            ThemeChoice::Dark => "dark",
        }
    }

    /// The choice of that name.
    pub fn named(name: &str) -> ThemeChoice {
        match name {
            "light" => ThemeChoice::Light,
            "dark" => ThemeChoice::Dark,
            _ => ThemeChoice::Auto,
        }
    }
}

/// The panels that a narrow page shows one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the region of its name")]
pub enum Tab {
    #[default]
    Stage,
    Guide,
    Editor,
    Results,
    Duality,
    Brokers,
    Nodes,
    Groups,
    Chart,
    Inspector,
    Catalog,
}

impl Tab {
    /// All tabs, in their order.
    pub const ALL: [Tab; 11] = [
        Tab::Stage,
        Tab::Guide,
        Tab::Editor,
        Tab::Results,
        Tab::Duality,
        Tab::Inspector,
        Tab::Catalog,
        Tab::Brokers,
        Tab::Nodes,
        Tab::Groups,
        Tab::Chart,
    ];

    /// The tabs of the strip under the stage of a wide page.
    pub const STRIP: [Tab; 4] = [Tab::Duality, Tab::Brokers, Tab::Nodes, Tab::Groups];

    /// Its name, which is also the region's.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Stage => "Stage",
            Tab::Guide => "Guide",
            Tab::Editor => "Editor",
            Tab::Results => "Results",
            Tab::Duality => "Duality",
            Tab::Brokers => "Brokers",
            Tab::Nodes => "Nodes",
            Tab::Groups => "Groups",
            Tab::Chart => "Chart",
            Tab::Inspector => "Inspector",
            Tab::Catalog => "Catalog",
        }
    }
}

/// What became of a text that was run.
#[derive(Clone, Debug, PartialEq)]
pub struct Ran {
    /// The text.
    pub text: String,
    /// Where it begins in the editor, in bytes; `None` if it is not from there.
    pub editor_offset: Option<u32>,
    /// Lines of the editor before the text, and characters before it in its first line.
    pub before: (u32, u32),
    /// One outcome a statement.
    pub outcomes: Vec<StatementOutcome>,
    /// Counts runs, so that equal ones differ.
    pub number: u32,
}

/// A note pinned to the page: whose fault, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of note.
    pub title: String,
    /// What happened.
    pub text: String,
    /// What to do.
    pub hints: Vec<String>,
    /// Ways to go on that the page offers.
    pub ways: Vec<Way>,
}

/// A way to go on after the engine stopped twice at one step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Without the last thing that was asked; its words.
    WithoutLast(String),
    /// With the lesson as it begins.
    FromStart,
}

/// A command's form, and what is in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filling {
    /// The form.
    pub view: PtrEq<FormView>,
    /// What is in its fields.
    pub values: Vec<String>,
    /// What that comes to.
    pub tried: Tried,
    /// Whether one tried to run it: then it is told what is missing.
    pub asked: bool,
    /// What became of it.
    pub said: String,
}

/// How far the lab has come up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// The lesson or the worker is on its way.
    #[default]
    Opening,
    /// The lab is there.
    Open,
}

/// All choices of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ui {
    /// How far the lab has come up.
    pub stage: Stage,
    /// Light or dark.
    pub theme: ThemeChoice,
    /// The panel shown on a narrow page.
    pub tab: Tab,
    /// The panel shown under the stage of a wide page; what suits the lab until one is chosen.
    pub strip: Option<Tab>,
    /// Whether the page is narrow.
    pub narrow: bool,
    /// Straight outlines.
    pub plain: bool,
    /// Everything larger, for a projector.
    pub presenter: bool,
    /// Whether the list of branches is shown.
    pub branches_open: bool,
    /// Whether the dialogue for links and files is shown.
    pub share_open: bool,
    /// The link to the lab as it is, or why there is none.
    pub link: PtrEq<Option<Result<String, String>>>,
    /// Whether the catalogue's drawer is open.
    pub catalog_open: bool,
    /// Whether the inspector's drawer is open.
    pub inspector_open: bool,
    /// Whether the guide is folded to its title.
    pub guide_folded: bool,
    /// The editor's whole text.
    pub script: PtrEq<String>,
    /// Whether single keys play, pause and step.
    pub keys: bool,
    /// Whether the help is shown.
    pub help_open: bool,
    /// Virtual seconds a wall second that were asked for.
    pub speed: f64,
    /// Topics that are open.
    pub open_topics: PtrEq<SortedSet<TopicId>>,
    /// Queries that are open.
    pub open_queries: PtrEq<SortedSet<QueryId>>,
    /// The record that was chosen.
    pub selected: Option<RecordId>,
    /// What the pointer is over.
    pub hovered: Option<Target>,
    /// The place in the stage's tree; the keyboard comes back to it.
    pub focused: Option<Target>,
    /// Whether the stage's tree has the keyboard's focus.
    pub tree_active: bool,
    /// The chosen record's details.
    pub detail: PtrEq<Option<RecordDetail>>,
    /// Records that were inspected before this one, the oldest first.
    pub trail: Vec<RecordId>,
    /// The lesson.
    pub lesson: PtrEq<Option<OpenedLesson>>,
    /// The last text that was run.
    pub ran: PtrEq<Option<Ran>>,
    /// The push query whose results are shown.
    pub result: Option<QueryId>,
    /// The form that is open.
    pub form: Option<PtrEq<Filling>>,
    /// All commands, while they are listed.
    pub commands: PtrEq<Option<Vec<Completion>>>,
    /// What is looked for among them.
    pub wanted: String,
    /// A note pinned to the page.
    pub note: PtrEq<Option<Note>>,
    /// The engine's findings about the editor's text, with the text's version.
    pub findings: PtrEq<(u64, Vec<PlacedDiagnostic>)>,
}

impl Ui {
    /// The choices at first, with those that were kept.
    pub fn kept() -> Ui {
        Ui {
            theme: ThemeChoice::named(&storage::kept("theme").unwrap_or_default()),
            plain: storage::kept("plain").is_some_and(|value| value == "yes"),
            presenter: storage::kept("presenter").is_some_and(|value| value == "yes"),
            keys: storage::kept("keys").is_none_or(|value| value == "yes"),
            speed: 1.0,
            ..Ui::default()
        }
    }
}
