//! From Markdown to a lesson: finds prose and blocks, and hands each block on with its place.

use super::block::{self, Block, Language};
use super::expect;
use super::{Lesson, Part, RunBy, prose};
use crate::command::Line;
use headwater_base::{Diagnostic, Fault, SortedMap, Span};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Reads a whole lesson; all findings, if there are any.
pub(super) fn read(text: &str) -> Result<Lesson, Vec<Diagnostic>> {
    let mut reader = Reader {
        text,
        title: String::new(),
        seed: None,
        has_run: false,
        parts: Vec::new(),
        prose: Vec::new(),
        found: Vec::new(),
        data: SortedMap::new(),
    };
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut depth = 0_u32;
    let mut events = Parser::new_ext(text, options).into_offset_iter();
    while let Some((event, range)) = events.next() {
        if let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) = &event
            && let Some(language) = reader.language(info, &range)
        {
            let contents = contents(&mut events);
            reader.block(language, &range, contents, depth);
            continue;
        }
        let is_title = matches!(&event, Event::Start(Tag::Heading { level, .. })
            if *level == HeadingLevel::H1 && reader.title.is_empty());
        if is_title && depth == 0 {
            reader.title = heading(&mut events);
            continue;
        }
        match &event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        reader.prose.push(event);
    }
    reader.end_prose();
    reader.attach();
    match reader.found.is_empty() {
        true => Ok(Lesson {
            title: reader.title,
            seed: reader.seed,
            parts: reader.parts,
            text: text.to_owned(),
        }),
        false => Err(reader.found),
    }
}

/// The lines of a fenced block and where they are.
fn contents<'a>(
    events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> Vec<(String, Range<usize>)> {
    let mut lines = Vec::new();
    for (event, range) in events {
        match event {
            Event::Text(text) => lines.push((text.to_string(), range)),
            _ => break,
        }
    }
    lines
}

fn heading<'a>(events: &mut impl Iterator<Item = (Event<'a>, Range<usize>)>) -> String {
    let mut title = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            Event::End(TagEnd::Heading(_)) => break,
            _ => {}
        }
    }
    title
}

struct Reader<'a> {
    text: &'a str,
    title: String,
    seed: Option<u64>,
    /// Whether anything before would run, so that it is too late for a seed.
    has_run: bool,
    parts: Vec<Part>,
    prose: Vec<Event<'a>>,
    found: Vec<Diagnostic>,
    /// The blocks of data, by name.
    data: SortedMap<String, String>,
}

impl Reader<'_> {
    /// The block's language, if it is one of ours; otherwise the block is prose.
    fn language(&mut self, info: &str, range: &Range<usize>) -> Option<Language> {
        let name = info.split_whitespace().next().unwrap_or("");
        match block::language(name) {
            Ok(language) => language,
            Err(found) => {
                let start = self.text[range.clone()].find(name).unwrap_or(0) + range.start;
                let span = Span::new(start as u32, (start + name.len()) as u32);
                self.found.push(found.at(span));
                None
            }
        }
    }

    fn end_prose(&mut self) {
        let events = std::mem::take(&mut self.prose);
        let html = prose::render(events);
        if !html.trim().is_empty() {
            self.parts.push(Part::Prose(html));
        }
    }

    fn block(
        &mut self,
        language: Language,
        range: &Range<usize>,
        contents: Vec<(String, Range<usize>)>,
        depth: u32,
    ) {
        let fence = self.fence(range);
        if depth > 0 {
            // The list or quote around it is still open, so its prose must not end here.
            let message = "A block that runs cannot stand in a list or a quote.";
            self.refuse(
                "nested-block",
                message,
                fence,
                "Move it to the left margin.",
            );
            return;
        }
        self.end_prose();
        if !is_closed(&self.text[range.clone()]) {
            let message = "This block is not closed.";
            self.refuse(
                "unclosed-block",
                message,
                fence,
                "End it with a line of ```.",
            );
            return;
        }
        let start = contents
            .first()
            .map_or(fence.end as usize, |(_, range)| range.start);
        let end = contents.last().map_or(start, |(_, range)| range.end);
        let text: String = contents.iter().map(|(text, _)| text.as_str()).collect();
        if self.text[start..end] != text {
            let message = "A block that runs cannot be indented.";
            self.refuse(
                "indented-block",
                message,
                fence,
                "Move it to the left margin.",
            );
            return;
        }
        let block = Block {
            text: self.text,
            fence,
            span: Span::new(start as u32, end as u32),
        };
        match language {
            Language::Sql => self.sql(&block),
            Language::Lab => self.lab(&block),
            Language::Data => self.data(&block),
            Language::Expect => match expect::parse(&block) {
                Ok(expectation) => self.parts.push(Part::Expect(expectation)),
                Err(found) => self.found.extend(found),
            },
        }
    }

    /// The line that opens a block.
    fn fence(&self, range: &Range<usize>) -> Span {
        let line = self.text[range.clone()].lines().next().unwrap_or("");
        Span::new(range.start as u32, (range.start + line.len()) as u32)
    }

    fn refuse(&mut self, code: &str, message: &str, span: Span, hint: &str) {
        let found = Diagnostic::error(Fault::Yours, code, message);
        self.found.push(found.at(span).hint(hint));
    }

    fn sql(&mut self, block: &Block<'_>) {
        match block::sql(block) {
            Ok(sql) => {
                self.has_run |= sql.run == RunBy::Opening;
                self.parts.push(Part::Sql(sql));
            }
            Err(found) => self.found.push(found),
        }
    }

    fn data(&mut self, block: &Block<'_>) {
        let name = match block::data(block) {
            Ok(name) => name,
            Err(found) => return self.found.push(found),
        };
        let shown = CodeBlockKind::Fenced("data".into());
        let text = block.body().to_owned();
        let events = vec![
            Event::Start(Tag::CodeBlock(shown)),
            Event::Text(text.clone().into()),
            Event::End(TagEnd::CodeBlock),
        ];
        self.parts.push(Part::Prose(prose::render(events)));
        if self.data.insert(name.clone(), text).is_some() {
            let message = format!("There is another block of data named {name}.");
            self.refuse(
                "repeated-data",
                &message,
                block.fence,
                "Give it another name.",
            );
        }
    }

    /// Gives the lesson's data to the commands that name it.
    fn attach(&mut self) {
        let data = &self.data;
        for part in &mut self.parts {
            let Part::Lab(block) = part else { continue };
            for (line, _) in &mut block.lines {
                let found = line.missing_file().and_then(|name| data.get(name)).cloned();
                if let Some(text) = found {
                    line.attach(text);
                }
            }
        }
    }

    fn lab(&mut self, block: &Block<'_>) {
        let lab = match block::lab(block) {
            Ok(lab) => lab,
            Err(found) => return self.found.extend(found),
        };
        for (line, span) in &lab.lines {
            let Line::Seed(seed) = line else {
                self.has_run = true;
                continue;
            };
            if self.seed.is_some() || self.has_run {
                let message = "The seed is drawn from since the first command.";
                let hint = "Write one seed line, before everything that runs.";
                self.refuse("late-seed", message, *span, hint);
            }
            self.seed = Some(*seed);
        }
        self.parts.push(Part::Lab(lab));
    }
}

/// Whether a fenced block ends with a fence of its own.
fn is_closed(block: &str) -> bool {
    let open = block.trim_start();
    let mark = open.chars().next().unwrap_or('`');
    let length = open.chars().take_while(|it| *it == mark).count();
    let last = block.trim_end().lines().skip(1).last().unwrap_or("").trim();
    last.chars().count() >= length && last.chars().all(|it| it == mark)
}
