//! Help on commands, made from the list of forms: for the terminal and for documents.

use super::table::{FORMS, Form, Need};

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
