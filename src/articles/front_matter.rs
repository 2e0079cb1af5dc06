//! The head of a Markdown file: YAML between two lines of `---`, each fault named by line and field.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_saphyr::Spanned;

use crate::entities::{Audience, Gate};

/// The fields there are.
const FIELDS: [&str; 8] = [
    "title",
    "slug",
    "standfirst",
    "author",
    "co_authors",
    "date",
    "audience",
    "comments",
];

/// What a file's head says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    pub title: String,
    pub slug: String,
    pub standfirst: String,
    /// The author's slug.
    pub author: Option<String>,
    /// The slugs of those who wrote it with the author, in their order; `None` if nothing is said.
    pub co_authors: Option<Vec<String>>,
    pub date: Option<DateTime<Utc>>,
    pub audience: Option<Audience>,
    pub comments: Option<Gate>,
    /// On which line each field stands.
    lines: Vec<(String, u64)>,
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{}: {problem}", .field.as_ref().map(|field| format!(", {field}")).unwrap_or_default())]
pub struct Fault {
    /// From 1.
    pub line: u64,
    /// The field of the front matter, if it is about one.
    pub field: Option<String>,
    pub problem: String,
}

impl FrontMatter {
    /// A fault of this field, on its line, or on the first if it is not there.
    pub(super) fn fault(&self, field: &str, problem: impl ToString) -> Fault {
        let line = self.lines.iter().find(|(name, _)| name == field);
        Fault {
            line: line.map_or(1, |(_, line)| *line),
            field: Some(field.to_owned()),
            problem: problem.to_string(),
        }
    }
}

/// Takes a file apart into its head and its text.
///
/// # Errors
/// Everything that is wrong with the head.
pub(super) fn parse(file: &str) -> Result<(FrontMatter, &str), Vec<Fault>> {
    let (yaml, text) = apart(file).map_err(|fault| vec![fault])?;
    let entries: Entries =
        serde_saphyr::from_str(yaml).map_err(|error| vec![misread(yaml, &error)])?;
    let mut head = FrontMatter::default();
    let mut faults = Vec::new();
    for (name, value) in entries.0 {
        // The head begins on the file's second line.
        let line = name.referenced.line() + 1;
        head.lines.push((name.value.clone(), line));
        if let Err(problem) = head.set(&name.value, value.trim()) {
            faults.push(Fault {
                line,
                field: Some(name.value),
                problem,
            });
        }
    }
    if head.title.is_empty()
        && !faults
            .iter()
            .any(|fault| fault.field.as_deref() == Some("title"))
    {
        faults.push(head.fault("title", "is missing"));
    }
    if faults.is_empty() {
        Ok((head, text))
    } else {
        Err(faults)
    }
}

impl FrontMatter {
    fn set(&mut self, field: &str, value: &str) -> Result<(), String> {
        match field {
            "title" => value.clone_into(&mut self.title),
            "slug" => value.clone_into(&mut self.slug),
            "standfirst" => value.clone_into(&mut self.standfirst),
            "author" => self.author = Some(value.to_owned()),
            "co_authors" => self.co_authors = Some(slugs(value)),
            "date" => self.date = Some(date(value)?),
            "audience" => self.audience = Some(audience(value)?),
            "comments" => self.comments = Some(gate(value)?),
            _ => return Err(unknown(field)),
        }
        Ok(())
    }
}

/// Slugs between commas.
fn slugs(value: &str) -> Vec<String> {
    let each = value.split(',').map(str::trim);
    let each = each.filter(|slug| !slug.is_empty());
    each.map(str::to_owned).collect()
}

fn audience(value: &str) -> Result<Audience, String> {
    match value {
        "public" => Ok(Audience::Public),
        "readers" => Ok(Audience::Readers),
        "patrons" => Ok(Audience::Patrons),
        _ => Err(format!("“{value}” is none of public, readers, patrons")),
    }
}

fn gate(value: &str) -> Result<Gate, String> {
    match value {
        "readers" => Ok(Gate::Readers),
        "patrons" => Ok(Gate::Patrons),
        "closed" => Ok(Gate::Closed),
        _ => Err(format!("“{value}” is none of readers, patrons, closed")),
    }
}

/// A day (which begins at midnight UTC) or a time as RFC 3339 writes it.
fn date(value: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = value.parse::<NaiveDate>() {
        return Ok(day.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(value)
        .map(|time| time.to_utc())
        .map_err(|_| format!("“{value}” is no date such as 2026-12-21 or 2026-12-21T08:00:00Z"))
}

fn unknown(field: &str) -> String {
    let nearest = FIELDS
        .iter()
        .map(|known| (strsim::damerau_levenshtein(field, known), known))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    match nearest {
        Some((_, known)) => format!("is not a field; did you mean {known}?"),
        None => format!("is not a field; there are {}", FIELDS.join(", ")),
    }
}

/// The YAML and the text behind it.
fn apart(file: &str) -> Result<(&str, &str), Fault> {
    let fault = |problem: &str| Fault {
        line: 1,
        field: None,
        problem: problem.to_owned(),
    };
    let file = file.strip_prefix('\u{feff}').unwrap_or(file);
    let mut lines = file.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(fault(
            "the front matter is missing; a file begins with a line “---”",
        ));
    }
    let start = first.len();
    let mut end = start;
    for line in lines {
        if line.trim_end() == "---" {
            return Ok((&file[start..end], &file[end + line.len()..]));
        }
        end += line.len();
    }
    Err(fault(
        "the front matter does not end; it ends with a line “---”",
    ))
}

/// What the YAML parser could not read, and in which field.
fn misread(yaml: &str, error: &serde_saphyr::Error) -> Fault {
    let line = error.location().map_or(1, |location| location.line());
    let above = usize::try_from(line).unwrap_or(usize::MAX);
    let field = yaml
        .lines()
        .take(above)
        .filter_map(|line| line.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .last();
    let problem = error.without_snippet().to_string();
    let problem = problem.lines().next().unwrap_or_default();
    Fault {
        line: line + 1,
        field: field.map(str::to_owned),
        problem: problem
            .split(" at line ")
            .next()
            .unwrap_or(problem)
            .to_owned(),
    }
}

/// The fields as they stand, each with its place.
struct Entries(Vec<(Spanned<String>, String)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Entries;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("fields, each with a text")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

#[cfg(test)]
mod tests;
