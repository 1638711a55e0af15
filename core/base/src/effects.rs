//! The event queue, and what an active part may ask for: messages with a delay, and trace.
//!
//! Every producer, coordinator, replica and task is a state machine
//! `on(input, now, &mut Effects)`. The simulation only turns the crank.

use crate::time::{Millis, VirtualTime};
use crate::trace::TraceDetail;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a state machine asks for while it handles one input.
///
/// ```
/// use headwater_base::{Effects, Millis};
/// let mut effects = Effects::default();
/// effects.send(Millis(5), "wake");
/// assert_eq!(effects.messages, [(Millis(5), "wake")]);
/// ```
#[derive(Clone, Debug)]
pub struct Effects<M> {
    /// Messages, each with the delay after which it arrives. A timer is a message to oneself.
    pub messages: Vec<(Millis, M)>,
    /// What happened, in order.
    pub trace: Vec<TraceDetail>,
}

impl<M> Default for Effects<M> {
    fn default() -> Self {
        Effects {
            messages: Vec::new(),
            trace: Vec::new(),
        }
    }
}

impl<M> Effects<M> {
    /// Asks that `message` arrives after `delay`.
    pub fn send(&mut self, delay: Millis, message: M) {
        self.messages.push((delay, message));
    }

    /// Notes that something happened.
    pub fn note(&mut self, detail: TraceDetail) {
        self.trace.push(detail);
    }
}

/// Messages in the order of (time, sequence): first come, first served within a millisecond.
///
/// ```
/// use headwater_base::{EventQueue, Millis, VirtualTime};
/// let mut queue = EventQueue::default();
/// queue.push(VirtualTime::START + Millis(2), "second");
/// queue.push(VirtualTime::START, "first");
/// assert_eq!(queue.pop_due(VirtualTime::START).map(|due| due.1), Some("first"));
/// assert_eq!(queue.pop_due(VirtualTime::START), None);
/// ```
#[derive(Clone, Debug)]
pub struct EventQueue<M> {
    heap: BinaryHeap<Reverse<Entry<M>>>,
    next_sequence: u64,
}

impl<M> Default for EventQueue<M> {
    fn default() -> Self {
        EventQueue {
            heap: BinaryHeap::new(),
            next_sequence: 0,
        }
    }
}

impl<M> EventQueue<M> {
    /// Adds a message that is due at `time`.
    pub fn push(&mut self, time: VirtualTime, message: M) {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.heap.push(Reverse(Entry {
            time,
            sequence,
            message,
        }));
    }

    /// When the next message is due.
    pub fn next_time(&self) -> Option<VirtualTime> {
        self.heap.peek().map(|Reverse(entry)| entry.time)
    }

    /// Takes the next message if it is due at `until` or before.
    pub fn pop_due(&mut self, until: VirtualTime) -> Option<(VirtualTime, M)> {
        if self.next_time()? > until {
            return None;
        }
        self.heap
            .pop()
            .map(|Reverse(entry)| (entry.time, entry.message))
    }

    /// How many messages wait.
    pub fn len(&self) -> usize {
        self.heap.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }

    /// Whether any waiting message satisfies `test`; in no particular order.
    pub fn any(&self, mut test: impl FnMut(VirtualTime, &M) -> bool) -> bool {
        self.heap
            .iter()
            .any(|Reverse(entry)| test(entry.time, &entry.message))
    }
}

#[derive(Clone, Debug)]
struct Entry<M> {
    time: VirtualTime,
    sequence: u64,
    message: M,
}

impl<M> Entry<M> {
    fn rank(&self) -> (VirtualTime, u64) {
        (self.time, self.sequence)
    }
}

impl<M> PartialEq for Entry<M> {
    fn eq(&self, other: &Self) -> bool {
        self.rank() == other.rank()
    }
}

impl<M> Eq for Entry<M> {}

impl<M> PartialOrd for Entry<M> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<M> Ord for Entry<M> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.rank().cmp(&other.rank())
    }
}
