//! Texts as commands of the laboratory and as lessons: any text is read or refused with a place,
//! and a command prints to a line that reads back as the same command.

use headwater_core::command::{Command, Line};
use headwater_core::lesson::{Lesson, player};

/// Every line on its own.
pub(crate) fn commands(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    for line in text.lines() {
        match Line::parse(line) {
            Ok(Some(Line::Command(command))) => {
                let printed = command.to_string();
                let again = Command::parse(&printed);
                assert_eq!(again.as_ref(), Ok(&command), "{printed}");
            }
            Ok(_) => {}
            Err(found) => {
                let span = found.span.expect("every finding has a place");
                let place = line.get(span.start as usize..span.end as usize);
                assert!(place.is_some(), "{span:?}");
            }
        }
    }
}

/// The whole text is a lesson.
pub(crate) fn lessons(data: &[u8]) {
    let text = &*String::from_utf8_lossy(data);
    match Lesson::parse(text) {
        Ok(lesson) => {
            player::items(&lesson);
            let opened = lesson.opened(Vec::new());
            assert_eq!(opened.script, lesson.script());
        }
        Err(found) => {
            assert!(!found.is_empty());
            let lines = text.replace("\r\n", "\n").lines().count().max(1) as u32;
            for found in found {
                assert!(found.start.line <= lines + 1 && found.end.line <= lines + 1);
            }
        }
    }
}
