//! What brings a lost lab back: its lesson, and the requests that changed it, with their times.
//!
//! The lab is a fold of what came from outside, so a new worker that is asked the same at the same
//! virtual times holds the same lab. Only what the old worker acknowledged is kept: the request
//! that it died of is not tried again.

use headwater_view::{Request, SavedLab};

/// Virtual time before the first look: lanes are populated and there is a past to step into.
pub const AGE_MILLIS: i64 = 20_000;

/// The requests since the lesson was opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Journal {
    lesson: String,
    /// What the lab began as, where that is not the lesson.
    saved: Option<Box<SavedLab>>,
    entries: Vec<(i64, Request)>,
}

impl Journal {
    /// A lab that was just opened with `lesson`.
    pub fn new(lesson: &str) -> Journal {
        Journal {
            lesson: lesson.to_owned(),
            ..Journal::default()
        }
    }

    /// A lab that was brought back from a file or a link, or another line of time of one.
    pub fn of_saved(saved: &SavedLab) -> Journal {
        Journal {
            lesson: saved.lesson.clone(),
            saved: Some(Box::new(saved.clone())),
            entries: Vec::new(),
        }
    }

    /// The lesson's Markdown.
    pub fn lesson(&self) -> &str {
        &self.lesson
    }

    /// Whether there is a lesson.
    pub fn is_open(&self) -> bool {
        !self.lesson.is_empty()
    }

    /// The worker did `request` at `time_ms` since the lab's start.
    ///
    /// ```
    /// use headwater_web::client::journal::Journal;
    /// use headwater_view::Request;
    /// let mut journal = Journal::new("# Lesson");
    /// journal.note(30_000, &Request::Execute { text: "SHOW TOPICS;".into() });
    /// journal.note(40_000, &Request::Reset);
    /// assert_eq!(journal.replay(41_000).len(), 2);
    /// ```
    pub fn note(&mut self, time_ms: i64, request: &Request) {
        match request {
            Request::Reset => {
                // A seed that was chosen outlives it.
                let is_seed = |text: &str| text.starts_with("seed ");
                self.saved = None;
                self.entries
                    .retain(|(_, it)| matches!(it, Request::Command { text } if is_seed(text)));
            }
            // The script begins the lab again, so nothing before it counts any more.
            Request::Restart { .. } => self.entries = vec![(time_ms, request.clone())],
            Request::Execute { .. } | Request::Command { .. } | Request::Close { .. } => {
                // A request in the past begins a branch: what came later is not on it.
                self.entries.retain(|(at, _)| *at <= time_ms);
                self.entries.push((time_ms, request.clone()));
            }
            _ => {}
        }
    }

    /// Forgets all but the lesson.
    pub fn clear(&mut self) {
        self.saved = None;
        self.entries.clear();
    }

    /// The last request, in words: what a replay can leave out.
    pub fn last(&self) -> Option<&str> {
        self.entries.last().map(|(_, request)| match request {
            Request::Execute { text } | Request::Restart { text } | Request::Command { text } => {
                text.as_str()
            }
            Request::Close { query } => query.as_str(),
            _ => "",
        })
    }

    /// Forgets the last request; the moment at which it was made, since the lab's start.
    pub fn forget_last(&mut self) -> Option<i64> {
        self.entries.pop().map(|(at, _)| at)
    }

    /// What to ask of a new worker to have the lab as it was at `time_ms`, standing still.
    pub fn replay(&self, time_ms: i64) -> Vec<Request> {
        let mut requests = vec![match &self.saved {
            Some(saved) => Request::Load(saved.clone()),
            None => Request::Open {
                lesson: self.lesson.clone(),
                seed: None,
                age_ms: AGE_MILLIS,
            },
        }];
        for (at, request) in &self.entries {
            requests.push(Request::Seek { time_ms: *at });
            requests.push(request.clone());
        }
        requests.push(Request::Seek { time_ms });
        requests
    }
}
