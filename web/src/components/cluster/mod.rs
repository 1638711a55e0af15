//! What lies below the topics, one panel at a time: brokers with their replicas, ksqlDB nodes with
//! their tasks, groups with their members. What is told of them comes from [`crate::queries`];
//! here it becomes elements, and what has just changed is lit up for a moment.

mod brokers;
mod groups;
mod news;
mod nodes;
mod pen;

use crate::lab::Lab;
use crate::platform::PtrEq;
use crate::ui::Tab;
use headwater_view::{BrokerView, GroupView, NodeView, ReaderView, ReplicationView, TopicView};
use news::Memory;
use pen::Pen;
use yew::prelude::*;

/// Most rows that a list in these panels has.
const ROWS_MAX: usize = 64;

/// What the panels show.
#[derive(PartialEq, Properties)]
#[allow(missing_docs, reason = "each is the list of its name")]
pub struct ClusterProps {
    pub lab: Lab,
    /// Which of them is shown.
    pub pane: Tab,
    pub brokers: PtrEq<Vec<BrokerView>>,
    pub replication: PtrEq<Vec<ReplicationView>>,
    pub nodes: PtrEq<Vec<NodeView>>,
    pub groups: PtrEq<Vec<GroupView>>,
    pub readers: PtrEq<Vec<ReaderView>>,
    pub topics: PtrEq<Vec<TopicView>>,
}

/// The panel of brokers, of nodes or of groups.
#[component]
pub fn Cluster(props: &ClusterProps) -> Html {
    let memory = use_mut_ref(Memory::default);
    let mut memory = memory.borrow_mut();
    memory.begin(props.pane);
    let mut pen = Pen::new(&props.lab);
    match props.pane {
        Tab::Brokers => brokers::panel(props, &mut pen, &mut memory),
        Tab::Nodes => nodes::panel(props, &mut pen, &mut memory),
        _ => groups::panel(props, &mut pen, &mut memory),
    }
    memory.end();
    let name = props.pane.name();
    html! {
        <section class="cluster panel" aria-label={name}>
            <div class="panel-body" tabindex="0" data-keys="own" role="group"
                aria-label={match props.pane {
                    Tab::Brokers => "Brokers and replicas",
                    Tab::Nodes => "ksqlDB nodes and tasks",
                    _ => "Consumer groups and lag",
                }}>
                { pen.done() }
            </div>
        </section>
    }
}
