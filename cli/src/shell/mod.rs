//! `headwater shell`: an interactive prompt on an empty laboratory, for SQL and lab commands.
//!
//! At a terminal it has a history, completion, and push queries whose rows come until Ctrl-C;
//! without one it takes what is piped in. What is typed is cut up by the core, and the table of a
//! query is drawn in [`grid`].

mod colours;
mod grid;
mod prompt;

use crate::{End, listing, report};
use grid::Grid;
use headwater_base::{Diagnostic, Millis, NoTrace};
use headwater_core::command::{Command, Line, help};
use headwater_core::lab::{Lab, LabConfig};
use headwater_core::lesson::player::{Item, Player, Told, What};
use headwater_core::observe::offers::offers;
use headwater_core::playground::complete;
use headwater_core::playground::prompt::{Entry, Typed};
use headwater_sql::runtime::{Query, QueryState};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Read, Write};
use std::path::Path;

/// Arguments of `headwater shell`.
#[derive(Debug, clap::Args)]
pub(crate) struct ShellArguments {
    /// The seed of all chance
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Virtual seconds that pass in a second while a push query shows its rows
    #[arg(long, value_name = "N", default_value_t = 1.0)]
    speed: f64,
}

/// What to do after an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Ask for another one.
    Ask,
    /// A push query runs: at a terminal, show its rows as they come.
    Stream,
    /// End.
    End,
}

/// Runs the prompt.
pub(crate) fn shell(arguments: &ShellArguments) -> End {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        return prompt::talk(arguments.seed, arguments.speed);
    }
    let mut shell = Shell::new(arguments.seed);
    let mut text = String::new();
    if let Err(error) = std::io::stdin().read_to_string(&mut text) {
        eprintln!("error: standard input cannot be read: {error}");
        return End::BadUsage;
    }
    let typed = Typed::read(&text);
    for (entry, span) in &typed.entries {
        if shell.take(entry, span.of(&text)) == Next::End {
            return shell.end();
        }
    }
    if !typed.is_whole(&text) {
        let rest = &text[typed.rest as usize..];
        let missing = unfinished(rest);
        shell.refuse(rest, &missing);
    }
    shell.end()
}

/// Why a text without its semicolon is no statement.
fn unfinished(text: &str) -> Diagnostic {
    let mut lab = Lab::new(LabConfig::default());
    let command = Command::Sql(text.to_owned());
    let outcomes = lab.execute(&command).into_iter();
    let mut found = outcomes.flat_map(|it| it.diagnostics);
    let first = found.next().map(|it| it.diagnostic);
    first.unwrap_or_else(|| {
        let message = "A statement ends with `;`.";
        Diagnostic::error(headwater_base::Fault::Yours, "missing-semicolon", message)
    })
}

/// A laboratory at a prompt.
#[derive(Debug)]
struct Shell {
    player: Player<NoTrace>,
    number: u64,
    /// The tables of queries whose rows still come, by the number of their statement.
    open: BTreeMap<u64, Grid>,
    /// The query whose rows were printed last: another one's need its headings again.
    shown: Option<u64>,
    has_failed: bool,
    width: usize,
    /// How a line ends; a terminal that reads keys one by one needs more.
    line_end: &'static str,
}

impl Shell {
    fn new(seed: u64) -> Shell {
        Shell {
            player: Player::new(Lab::new(LabConfig { seed }), NoTrace),
            number: 0,
            open: BTreeMap::new(),
            shown: None,
            has_failed: false,
            width: 80,
            line_end: "\n",
        }
    }

    fn lab(&self) -> &Lab {
        self.player.lab()
    }

    fn end(&self) -> End {
        match self.has_failed {
            true => End::Failed,
            false => End::Success,
        }
    }

    /// Does what was typed.
    fn take(&mut self, entry: &Entry, text: &str) -> Next {
        match entry {
            Entry::Exit => return Next::End,
            Entry::Help(name) => {
                let told = match name {
                    None => overview(),
                    Some(name) => help_on(name),
                };
                self.print(&told);
                return Next::Ask;
            }
            Entry::Sql => self.play(text, What::Sql(text.to_owned())),
            Entry::Command => match line(text) {
                Ok(Some(line)) => self.play(text, What::Line(line)),
                Ok(None) => {}
                Err(found) => self.refuse(text, &found),
            },
        }
        match self.open.contains_key(&self.number) {
            true => Next::Stream,
            false => Next::Ask,
        }
    }

    fn play(&mut self, text: &str, what: What) {
        self.number += 1;
        let offered = offers(self.lab().world());
        let item = Item {
            number: self.number,
            part: 0,
            what,
            span: headwater_base::Span::new(0, text.len() as u32),
        };
        let mut told = Vec::new();
        let played = self.player.play(&item, &mut |it| told.push(it));
        self.tell(told);
        match played {
            Ok(()) => {
                for offer in offers(self.lab().world()) {
                    if !offered.contains(&offer) {
                        self.print(&offer_text(&offer));
                    }
                }
            }
            Err(found) => self.refuse(text, &found),
        }
    }

    /// The push query that was started last.
    fn last_query(&self) -> Option<&Query> {
        let id = self.player.query_of(self.number)?;
        self.lab().world().engine().query(id)
    }

    /// Whether the push query that was started last still runs.
    fn is_streaming(&self) -> bool {
        self.last_query()
            .is_some_and(|query| matches!(query.state, QueryState::Running | QueryState::Paused))
    }

    /// Lets virtual time pass, and prints the rows that come.
    fn advance(&mut self, length: Millis) {
        let until = self.lab().world().now() + length;
        let mut told = Vec::new();
        self.player.advance_to(until, &mut |it| told.push(it));
        self.tell(told);
    }

    /// Ends the push query that was started last, or says why it has ended.
    fn close(&mut self) {
        self.open.remove(&self.number);
        let Some(query) = self.last_query() else {
            return;
        };
        match query.state.clone() {
            QueryState::Ended => self.print("Limit Reached"),
            QueryState::Failed(message) => {
                self.has_failed = true;
                self.print(&format!("The query stopped with an error: {message}"));
            }
            _ => {
                let name = query.name.clone();
                self.terminate(Command::QueryClose { name });
            }
        }
        self.print("Query terminated");
    }

    fn terminate(&mut self, command: Command) {
        let text = command.to_string();
        self.number += 1;
        let item = Item {
            number: self.number,
            part: 0,
            what: What::Line(Line::Command(command)),
            span: headwater_base::Span::new(0, text.len() as u32),
        };
        // A query that has ended by itself needs no closing.
        let _ = self.player.play(&item, &mut |_| {});
    }

    fn tell(&mut self, told: Vec<Told>) {
        let mut answers: Vec<(Told, Vec<headwater_core::lesson::player::Row>)> = Vec::new();
        let mut rows = Vec::new();
        for it in told {
            match it {
                Told::Row(row) => match answers.last_mut() {
                    Some((Told::Done { number, .. }, own)) if *number == row.number => {
                        own.push(row)
                    }
                    _ => rows.push(row),
                },
                done => answers.push((done, Vec::new())),
            }
        }
        for (done, own) in answers {
            self.answer(done, own);
        }
        for row in rows {
            self.row(&row);
        }
    }

    fn answer(&mut self, done: Told, rows: Vec<headwater_core::lesson::player::Row>) {
        let Told::Done {
            number,
            message,
            columns,
            sections,
            listing,
        } = done
        else {
            return;
        };
        if !message.is_empty() {
            self.print(&message);
        }
        if listing && !columns.is_empty() {
            self.print(&format!(
                "\n{}",
                listing::table(&columns, &listing::cells(&rows))
            ));
        } else if !columns.is_empty() {
            let grid = Grid::new(&columns, self.width);
            if let Some(headings) = grid.headings() {
                self.print(&headings);
            }
            for row in &rows {
                self.print(&grid.row(row));
            }
            self.shown = Some(number);
            match self.player.query_of(number) {
                Some(_) => {
                    self.open.insert(number, grid);
                }
                None => self.print("Query terminated"),
            }
        }
        for section in &sections {
            self.print(&format!("\n{}", listing::section(section)));
        }
    }

    fn row(&mut self, row: &headwater_core::lesson::player::Row) {
        let Some(grid) = self.open.get(&row.number) else {
            return;
        };
        let mut text = grid.row(row);
        if self.shown != Some(row.number) {
            if let Some(headings) = grid.headings() {
                text = format!("{headings}\n{text}");
            }
            self.shown = Some(row.number);
        }
        self.print(&text);
    }

    fn refuse(&mut self, text: &str, found: &Diagnostic) {
        self.has_failed = true;
        let told = report::finding(Path::new("input"), text, found);
        self.print(&told);
    }

    fn print(&mut self, text: &str) {
        let mut out = std::io::stdout().lock();
        // Nobody reads any more: there is nothing left to tell.
        let _ = write!(
            out,
            "{}{}",
            text.replace('\n', self.line_end),
            self.line_end
        );
        let _ = out.flush();
    }
}

/// What to say about a source that nobody fills.
pub(crate) fn offer_text(offer: &headwater_view::OfferView) -> String {
    format!(
        "Nothing writes to {} yet. For sample records: {}",
        offer.source, offer.command
    )
}

/// A line with the content of the file that it names.
fn line(text: &str) -> Result<Option<Line>, Diagnostic> {
    let Some(mut line) = Line::parse(text)? else {
        return Ok(None);
    };
    crate::source::attach(&mut line, Path::new("."))?;
    Ok(Some(line))
}

fn overview() -> String {
    format!(
        "Statements of ksqlDB end with a semicolon; the commands below take a line each.\n\
         Time stands still at the prompt: run 10s lets it go on. help NAME tells of a function,\n\
         a property or a command; exit ends.\n\n{}",
        help::text(None).trim_end()
    )
}

fn help_on(name: &str) -> String {
    let Some(found) = complete::help(name) else {
        let noun = help::text(Some(&name.to_lowercase()));
        return match noun.is_empty() {
            true => format!("There is no help on {name}. help alone lists the commands."),
            false => noun.trim_end().to_owned(),
        };
    };
    let mut out = format!("{} ({})\n  {}", found.name, found.kind, found.summary);
    for signature in &found.signatures {
        out.push_str(&format!("\n  {signature}"));
    }
    for (part, about) in &found.parts {
        out.push_str(&format!("\n    {part}: {about}"));
    }
    let gives = found
        .gives
        .map_or_else(String::new, |it| format!(" gives {it}"));
    out.push_str(&format!("\n  For example: {}{gives}", found.example));
    out
}
