//! The forms of commands about ksqlDB nodes; [`super::forms`] puts them in their place.

use super::forms::NAME;
use super::table::{Form, FormId, Key, Kind, Need};

pub(super) const SQL_CLUSTER: Key = Key {
    need: Need::Default("the one in use"),
    about: "the ksqlDB cluster that it goes to",
    ..CLUSTER
};
const CLUSTER: Key = Key {
    name: "cluster",
    kind: Kind::Name,
    need: Need::Default("default"),
    about: "the cluster of nodes that it belongs to",
};

pub(super) const CREATE: Form = Form::new(
    FormId::NodeCreate,
    ["node", "create"],
    NAME,
    &[
        CLUSTER,
        Key {
            name: "session.timeout.ms",
            kind: Kind::Count {
                low: 6_000,
                high: 1_800_000,
            },
            need: Need::Default("45000"),
            about: "how long nobody notices when it is killed",
        },
    ],
    "A ksqlDB node joins its cluster, a new one perhaps, and takes its share of the tasks.",
    "node create 2",
);
pub(super) const USE: Form = Form::new(
    FormId::ClusterUse,
    ["cluster", "use"],
    NAME,
    &[],
    "Statements of SQL go to this ksqlDB cluster from now on.",
    "cluster use default",
);
pub(super) const KILL: Form = Form::new(
    FormId::NodeKill,
    ["node", "kill"],
    NAME,
    &[CLUSTER],
    "A ksqlDB node is gone without a word, and its disk with it.",
    "node kill 2",
);
pub(super) const START: Form = Form::new(
    FormId::NodeStart,
    ["node", "start"],
    NAME,
    &[CLUSTER],
    "A ksqlDB node that was stopped or killed comes back.",
    "node start 2",
);
pub(super) const STOP: Form = Form::new(
    FormId::NodeStop,
    ["node", "stop"],
    NAME,
    &[CLUSTER],
    "A ksqlDB node commits and leaves; what it keeps stays on its disk.",
    "node stop 2",
);
