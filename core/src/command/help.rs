//! Help on commands, made from the list of forms: for the terminal and for documents.

use super::table::{FORMS, Form, Need};
use crate::generator::kinds::KINDS;
use crate::generator::preset::{PRESETS, Records};
use crate::generator::schema::FORMS as FIELD_FORMS;

/// Help on all commands, or on those of one noun, as plain text.
///
/// ```
/// use headwater_core::command::help;
/// assert!(help::text(Some("seed")).starts_with("seed N\n"));
/// ```
pub fn text(noun: Option<&str>) -> String {
    let wanted = |form: &&Form| noun.is_none_or(|noun| form.noun == noun);
    let forms: Vec<String> = FORMS.iter().filter(wanted).map(form_text).collect();
    forms.join("\n")
}

/// All commands as a section of a Markdown document.
pub fn markdown() -> String {
    let sections: Vec<String> = FORMS.iter().map(form_markdown).collect();
    sections.join("\n")
}

/// What generators can do, as a part of a Markdown document: presets, draws and kinds.
pub fn generators_markdown() -> String {
    let mut out = "| preset | what it makes | key | fields |\n|---|---|---|---|\n".to_owned();
    for preset in PRESETS {
        let fields = match &preset.records {
            Records::Schema(fields) => format!("`{}`", fields.replace('|', "\\|")),
            Records::Drawn(fields) => names(fields.iter().map(|(name, _)| *name)),
            Records::Table(table) => names(table.columns.iter().map(|column| column.name())),
        };
        let (name, about, key) = (preset.name, preset.about, preset.key);
        out.push_str(&format!("| `{name}` | {about} | `{key}` | {fields} |\n"));
    }
    out.push_str("\nFor example: ");
    let example = |name: &str| format!("`producer create p topic=t generator={name}`");
    let examples: Vec<String> = PRESETS.iter().map(|it| example(it.name)).collect();
    out.push_str(&format!("{}.\n\n", examples.join(", ")));
    out.push_str("| a field's draw | what it gives | for example |\n|---|---|---|\n");
    for (form, about, example) in FIELD_FORMS {
        let form = form.replace('|', "\\|");
        out.push_str(&format!("| `{form}` | {about} | `x: {example}` |\n"));
    }
    out.push_str("\n| kind | what it gives |\n|---|---|\n");
    for kind in KINDS {
        out.push_str(&format!("| `{}` | {} |\n", kind.name, kind.about));
    }
    out
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn form_text(form: &Form) -> String {
    let mut out = format!("{}\n    {}\n", form.usage(), form.about);
    for key in form.keys {
        let about = capitalised(key.about);
        match key.need {
            Need::Required => out.push_str(&format!("      {}  {about}\n", key.name)),
            Need::Default(default) => {
                out.push_str(&format!(
                    "      {}  {about}; without it: {default}\n",
                    key.name
                ));
            }
        }
    }
    out.push_str(&format!("    For example: {}\n", form.example));
    out
}

fn form_markdown(form: &Form) -> String {
    let mut out = format!("### {}\n\n{}\n\n", form.title(), form.about);
    out.push_str(&format!("```text\n{}\n```\n\n", form.usage()));
    if !form.keys.is_empty() {
        out.push_str("| key | what it does | without it |\n|---|---|---|\n");
        for key in form.keys {
            let default = match key.need {
                Need::Required => "refused",
                Need::Default(default) => default,
            };
            out.push_str(&format!("| `{}` | {} | {default} |\n", key.name, key.about));
        }
        out.push('\n');
    }
    out.push_str(&format!("For example: `{}`\n", form.example));
    out
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters
        .next()
        .map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}
