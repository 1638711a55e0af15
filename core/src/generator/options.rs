//! What a command says about a generator besides its name, and the recipes that follow from it.

use super::auto;
use super::draw::{Drawn, Luck};
use super::encode::{Layout, SourceLayout};
use super::recipe::Recipe;
use super::rows::Reader;
use super::schema;
use super::typed::typed;
use crate::command::DurationRange;
use headwater_base::diagnostic::nearest;
use headwater_base::{Chance, Diagnostic, Fault, Millis};
use headwater_sql::catalog::{Catalog, Source};
use serde::{Deserialize, Serialize};

/// What a command says about a generator besides its name and pace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorOptions {
    /// Fields as users write them; see [`schema`].
    pub fields: Option<String>,
    /// The field whose text is the key.
    pub key: Option<String>,
    /// How many different keys there are.
    pub keys: Option<u64>,
    /// By how much the records' times lie behind the moment of their appending.
    pub lateness: Option<DurationRange>,
    /// How many of a thousand records are late; all where `None`.
    pub late_per_mille: Option<u32>,
    /// By how much at most a record comes later than its pace says.
    pub jitter: Millis,
    /// The name of a file whose lines are the records.
    pub file: Option<String>,
    /// The file's content.
    pub data: Option<String>,
}

/// Draws that are tried before a column's draw counts as fitting it.
const TRIES: u64 = 40;

fn wrong(code: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Fault::Yours, code, message)
}

/// Refuses options that a generator does not have.
pub fn check(generator: &str, options: &GeneratorOptions) -> Result<(), Diagnostic> {
    let unfit = |name: &str, needs: &str| {
        let message = format!("generator={generator} takes no {name}=.");
        wrong("unfitting-key", message).hint(format!("{name}= goes with {needs}."))
    };
    let is_preset = !matches!(generator, "auto" | "custom" | "file");
    if options.fields.is_some() && (is_preset || generator == "file") {
        return Err(unfit("fields", "generator=auto, or without generator="));
    }
    if options.key.is_some() && !matches!(generator, "custom" | "file") {
        return Err(unfit("key", "fields= or file="));
    }
    if options.keys.is_some() && generator != "auto" {
        return Err(unfit("keys", "generator=auto"));
    }
    if options.late_per_mille.is_some() && options.lateness.is_none() {
        return Err(
            wrong("missing-part", "late= says how many, but not by how much.")
                .hint("Add lateness=, such as lateness=5s..30s."),
        );
    }
    if generator == "custom" && options.fields.is_none() {
        return Err(
            wrong("missing-part", "A generator of your own needs fields=.")
                .hint("Such as: fields='id: sequence; room: one of hall, attic; at: now'"),
        );
    }
    Ok(())
}

/// The recipe of `generator=auto` over a topic.
pub(super) fn auto(
    topic: &str,
    options: &GeneratorOptions,
    catalog: &Catalog,
) -> Result<Recipe, Diagnostic> {
    let source = declared(topic, catalog)?;
    let mut recipe = auto::recipe(source, catalog, options.keys);
    let Some(text) = &options.fields else {
        return Ok(recipe);
    };
    let columns: Vec<_> = source.schema.columns().collect();
    for field in schema::parse(text)? {
        let same = |name: &str| name.eq_ignore_ascii_case(&field.name);
        let Some(at) = columns.iter().position(|it| same(&it.name)) else {
            let message = format!("{} has no column {}.", source.name, field.name);
            let names = columns.iter().map(|it| it.name.as_str());
            let upper = field.name.to_uppercase();
            let near = nearest(&upper, names);
            let found = wrong("unknown-column", message);
            return Err(near.iter().fold(found, |found, near| {
                found.hint(format!("Did you mean {near}?"))
            }));
        };
        let column = columns[at];
        if let Some(drawn) = misfit(&field, |drawn| typed(drawn, &column.ty).is_some()) {
            let message = format!(
                "The field {} draws {}, and the column is {}.",
                field.name,
                super::encode::json(&drawn),
                column.ty
            );
            return Err(wrong("unfitting-field", message));
        }
        recipe.fields[at] = field;
    }
    Ok(recipe)
}

/// Something that the field may draw and that does not fit.
fn misfit(field: &super::draw::Field, fits: impl Fn(&Drawn) -> bool) -> Option<Drawn> {
    let mut chance = Chance::new(0, "a try");
    let mut walks = Vec::new();
    (0..TRIES).find_map(|iteration| {
        let mut luck = Luck {
            chance: &mut chance,
            walks: &mut walks,
            iteration,
            time: 0,
            about: iteration,
        };
        Some(field.draw.draw(&mut luck)).filter(|drawn| !fits(drawn))
    })
}

/// The recipe of fields that a user writes.
pub(super) fn custom(options: &GeneratorOptions) -> Result<Recipe, Diagnostic> {
    let fields = schema::parse(options.fields.as_deref().unwrap_or_default())?;
    json_recipe(fields, options.key.as_deref())
}

/// Fields as JSON objects, with the text of one of them as the key.
pub(super) fn json_recipe(
    fields: Vec<super::draw::Field>,
    key: Option<&str>,
) -> Result<Recipe, Diagnostic> {
    let position = |name: &str| fields.iter().position(|it| &*it.name == name);
    let key = match key {
        None => None,
        Some(name) => Some(position(name).ok_or_else(|| {
            let message = format!("There is no field {name} for the key.");
            let near = nearest(name, fields.iter().map(|it| &*it.name));
            let found = wrong("unknown-field", message);
            near.iter().fold(found, |found, near| {
                found.hint(format!("Did you mean {near}?"))
            })
        })?),
    };
    Ok(Recipe {
        fields,
        about: key,
        layout: Layout::Json { key },
        rows: 0,
    })
}

/// The rows of a file: in the declared formats where a source is declared over the topic.
pub(super) fn rows(
    topic: &str,
    options: &GeneratorOptions,
    catalog: &Catalog,
) -> Result<Reader, Diagnostic> {
    let Some(data) = &options.data else {
        let name = options.file.as_deref().unwrap_or_default();
        let message = format!("The content of {name} is not here.");
        return Err(wrong("missing-file", message).hint(
            "Give it as a data block of that name in the lesson, or with data=; the command line \
             reads files by itself.",
        ));
    };
    let source = declared(topic, catalog).ok();
    Reader::new(data, options.key.as_deref(), source.map(SourceLayout::new))
}

/// The source that says what a topic's records are.
fn declared<'c>(topic: &'c str, catalog: &'c Catalog) -> Result<&'c Source, Diagnostic> {
    let mut sources = catalog.over_topic(topic);
    let first = sources.next().ok_or_else(|| {
        let message = format!("No stream or table is declared over {topic}.");
        wrong("undeclared-topic", message)
            .hint("Declare one first, with CREATE STREAM or CREATE TABLE.")
            .hint("Or write what the records hold: fields='id: sequence; at: now'")
    })?;
    let own = std::iter::once(first)
        .chain(sources)
        .find(|it| it.query.is_none());
    match own {
        Some(source) => Ok(source),
        None => {
            let message = format!("{} is filled by a query.", first.name);
            Err(wrong("derived-topic", message)
                .hint("Generate records for what the query reads from."))
        }
    }
}
