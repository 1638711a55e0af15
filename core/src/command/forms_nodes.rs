//! The forms of commands about ksqlDB nodes; [`super::forms`] puts them in their place.

use super::forms::NAME;
use super::table::{Form, FormId, Key, Kind, Need};

const CLUSTER: Key = Key {
    name: "cluster",
    kind: Kind::Name,
    need: Need::Default("default"),
    about: "the cluster of nodes that it belongs to",
};

pub(super) const CREATE: Form = Form {
    id: FormId::NodeCreate,
    noun: "node",
    verb: "create",
    subject: NAME,
    keys: &[
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
    takes_topic_config: false,
    about: "A ksqlDB node joins and takes its share of all queries' tasks.",
    example: "node create 2",
};
pub(super) const KILL: Form = simple(
    FormId::NodeKill,
    "kill",
    "A ksqlDB node is gone without a word, and its disk with it.",
    "node kill 2",
);
pub(super) const START: Form = simple(
    FormId::NodeStart,
    "start",
    "A ksqlDB node that was stopped or killed comes back.",
    "node start 2",
);
pub(super) const STOP: Form = simple(
    FormId::NodeStop,
    "stop",
    "A ksqlDB node commits and leaves; what it keeps stays on its disk.",
    "node stop 2",
);

const fn simple(
    id: FormId,
    verb: &'static str,
    about: &'static str,
    example: &'static str,
) -> Form {
    Form {
        id,
        noun: "node",
        verb,
        subject: NAME,
        keys: &[CLUSTER],
        takes_topic_config: false,
        about,
        example,
    }
}
