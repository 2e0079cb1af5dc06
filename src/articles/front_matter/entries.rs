//! A file taken apart, and its head as YAML: fields with a text each, and the places they stand at.

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_saphyr::Spanned;

use super::Fault;

/// The YAML and the text behind it.
pub(super) fn apart(file: &str) -> Result<(&str, &str), Fault> {
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
pub(super) fn misread(yaml: &str, error: &serde_saphyr::Error) -> Fault {
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
pub(super) struct Entries(pub(super) Vec<(Spanned<String>, String)>);

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
