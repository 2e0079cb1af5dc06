//! The head of a Markdown file: YAML between two lines of `---`, each fault named by line and field.

mod entries;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use self::entries::{Entries, apart, misread};
use crate::entities::{Audience, Gate};

/// The fields there are.
const FIELDS: [&str; 13] = [
    "title",
    "slug",
    "standfirst",
    "author",
    "co_authors",
    "date",
    "audience",
    "comments",
    "tags",
    "opens",
    "cover",
    "cover_alt",
    "cover_credit",
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
    /// Topics; `None` leaves those there are.
    pub tags: Option<Vec<String>>,
    /// From when on it is for everybody; `None` leaves what there is.
    pub opens: Option<DateTime<Utc>>,
    /// The name of a picture beside the file; `None` leaves what there is.
    pub cover: Option<String>,
    pub cover_alt: String,
    pub cover_credit: String,
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
            "co_authors" => self.co_authors = Some(each(value)),
            "date" => self.date = Some(date(value)?),
            "audience" => self.audience = Some(audience(value)?),
            "comments" => self.comments = Some(gate(value)?),
            "tags" => self.tags = Some(each(value)),
            "cover" => self.cover = Some(value.to_owned()),
            "cover_alt" => value.clone_into(&mut self.cover_alt),
            "cover_credit" => value.clone_into(&mut self.cover_credit),
            "opens" => self.opens = Some(date(value)?),
            _ => return Err(unknown(field)),
        }
        Ok(())
    }
}

/// What stands between commas.
fn each(value: &str) -> Vec<String> {
    let words = value.split(',').map(str::trim);
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
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

#[cfg(test)]
mod tests;
