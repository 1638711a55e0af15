//! What has just changed: the panels light it up for a moment. A settled panel does not depend on
//! this: classes that come from here only start animations that end where they began.

use crate::ui::Tab;

/// What a place showed, and how often that has changed.
#[derive(Debug)]
struct Seen {
    key: u64,
    now: u64,
    before: u64,
    changes: u32,
}

/// What the panel showed when it was drawn before.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pane: Tab,
    seen: Vec<Seen>,
    /// Whether the panel was drawn before: what is there at first is not new.
    is_awake: bool,
}

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct News {
    /// What it showed before its last change.
    pub(super) before: u64,
    /// Of two names of the same animation the one that starts it anew; empty for what has not
    /// changed since the panel was opened.
    pub(super) class: &'static str,
}

impl Memory {
    /// Before drawing; another panel begins with nothing new.
    pub(super) fn begin(&mut self, pane: Tab) {
        if self.pane != pane {
            *self = Memory {
                pane,
                ..Memory::default()
            };
        }
    }

    /// After drawing.
    pub(super) fn end(&mut self) {
        self.is_awake = true;
    }

    /// Notes what the place `key` shows now.
    pub(super) fn note(&mut self, key: u64, now: u64) -> News {
        let found = self.seen.iter().position(|it| it.key == key);
        let place = found.unwrap_or_else(|| {
            self.seen.push(Seen {
                key,
                now,
                before: 0,
                changes: u32::from(self.is_awake),
            });
            self.seen.len() - 1
        });
        let seen = &mut self.seen[place];
        if seen.now != now {
            seen.before = seen.now;
            seen.now = now;
            seen.changes += 1;
        }
        News {
            before: seen.before,
            class: match seen.changes {
                0 => "",
                odd if odd % 2 == 1 => " news",
                _ => " news again",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_while_it_is_shown_is_new() {
        let mut memory = Memory::default();
        memory.begin(Tab::Brokers);
        assert_eq!(memory.note(1, 7).class, "");
        memory.end();
        memory.begin(Tab::Brokers);
        assert_eq!(memory.note(1, 7).class, "");
        assert_eq!(memory.note(2, 7).class, " news");
        let changed = memory.note(1, 8);
        assert_eq!((changed.before, changed.class), (7, " news"));
        assert_eq!(memory.note(1, 9).class, " news again");
        memory.begin(Tab::Groups);
        assert_eq!(memory.note(1, 3).class, "");
    }
}
