//! Differences in the words of whoever reads them: dates as dates of the publication, people, tiers and prices by name.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime};
use fluent_bundle::FluentArgs;
use serde::Serialize;
use uuid::Uuid;

use super::{compare::NONE, names::Names};
use crate::{app::App, entities::difference, money::Money, render};

/// A difference as it is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// What it is about, where that has a name.
    pub name: Option<String>,
    /// Its id.
    pub subject: String,
    pub ours: Vec<Fact>,
    pub theirs: Vec<Fact>,
}

/// How one thing stands.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: String,
    pub value: String,
    /// The id behind the value.
    pub code: Option<String>,
    /// The value, where it is a moment.
    pub at: Option<String>,
}

impl Told {
    /// One side in a line.
    pub fn line(side: &[Fact]) -> String {
        let facts = side.iter().map(|fact| {
            let code = fact.code.as_ref();
            let code = code.map_or_else(String::new, |code| format!(" ({code})"));
            format!("{} {}{code}", fact.name, fact.value)
        });
        facts.collect::<Vec<_>>().join(", ")
    }
}

/// Tells differences in `language`.
///
/// # Errors
/// If the database fails.
pub async fn told(
    app: &App,
    language: &str,
    rows: &[difference::Model],
) -> anyhow::Result<Vec<Told>> {
    let sides = rows.iter().flat_map(|row| [&row.ours, &row.theirs]);
    let ids: BTreeSet<Uuid> = sides
        .flat_map(|side| side.split_whitespace())
        .chain(rows.iter().map(|row| row.subject.as_str()))
        .filter_map(|word| word.parse().ok())
        .collect();
    let subjects = rows.iter().map(|row| row.subject.as_str()).collect();
    let names = Names::of(app, ids, subjects).await?;
    let teller = Teller {
        app,
        language,
        names,
    };
    Ok(rows.iter().map(|row| teller.told(row)).collect())
}

/// One side of a difference as it was kept, in a line; ids stay as they are.
pub fn side(app: &App, language: &str, kept: &str) -> String {
    let teller = Teller {
        app,
        language,
        names: Names::default(),
    };
    let facts: Vec<Fact> = kept.lines().map(|line| teller.fact(line)).collect();
    Told::line(&facts)
}

struct Teller<'a> {
    app: &'a App,
    language: &'a str,
    names: Names,
}

impl Teller<'_> {
    fn told(&self, row: &difference::Model) -> Told {
        let side = |text: &str| text.lines().map(|line| self.fact(line)).collect();
        Told {
            name: self.subject(&row.subject),
            subject: row.subject.clone(),
            ours: side(&row.ours),
            theirs: side(&row.theirs),
        }
    }

    /// `Ann → Matthew Smith, Friend`
    fn subject(&self, subject: &str) -> Option<String> {
        let known = self.names.subjects.get(subject)?;
        let Some(number) = known.number else {
            return Some(known.between.clone());
        };
        let mut args = FluentArgs::new();
        args.set("number", number.to_string());
        let words = self.app.templates.words();
        let payment = words.say(self.language, "studio-payment", &args)?;
        Some(format!("{payment}, {}", known.between))
    }

    fn fact(&self, line: &str) -> Fact {
        let (name, value) = line.split_once(' ').unwrap_or((line, ""));
        let (name, group) = match name.split_once(':') {
            Some((kind, _)) => (kind, Some(name)),
            None => (name, None),
        };
        let parts: Vec<&str> = value.split(", ").collect();
        let told = match group {
            Some(_) => parts.iter().map(|part| self.part(part)).collect(),
            None if name == "discount" => parts.iter().map(|part| self.term(part)).collect(),
            None if name == "paid_to" => parts.iter().map(|part| self.kept(part)).collect(),
            None => vec![self.of(name, value)],
        };
        let code = match value.parse::<Uuid>() {
            Ok(id) if self.names.ids.contains_key(&id) => Some(value),
            _ if name == "event" && value != NONE => Some(value),
            _ => group,
        };
        let (thing, name) = match name.split_once('.') {
            Some((thing, name)) => (Some(thing), name),
            None => (None, name),
        };
        let label = |name: &str| self.known(&format!("differences-{}", name.replace('_', "-")));
        let thing = thing.map_or_else(String::new, |thing| format!(" ({})", label(thing)));
        Fact {
            name: format!("{}{thing}", label(name)),
            value: told.join(", "),
            code: code.map(str::to_owned),
            at: DateTime::parse_from_rfc3339(value)
                .ok()
                .map(|at| at.to_rfc3339()),
        }
    }

    /// `moved 3.00 EUR of another author`: one part of a group of the ledger.
    fn part(&self, part: &str) -> String {
        let words: Vec<&str> = part.splitn(4, ' ').collect();
        match words[..] {
            ["on", day] => format!("{} {}", self.known("differences-part-on"), self.day(day)),
            [whose, amount, code, ref more @ ..] if whose != "not" => {
                let whose = self.known(&format!("differences-part-{whose}"));
                let of = more
                    .iter()
                    .map(|of| format!("differences-{}", of.replace(' ', "-")));
                let of: String = of.map(|of| format!(" {}", self.known(&of))).collect();
                format!("{whose} {}{of}", self.value(&format!("{amount} {code}")))
            }
            _ => self.value(part),
        }
    }

    /// What has its words elsewhere: kinds of events, reasons, ways to pay.
    fn of(&self, name: &str, value: &str) -> String {
        let key = match name {
            "event" => format!("admin-kind-{}", value.replace(['.', '_'], "-")),
            "cancel_reason" => format!("membership-reason-{value}"),
            "method" => format!("membership-method-{value}"),
            _ => return self.value(value),
        };
        match self.app.templates.words().knows("en", &key) {
            true => self.app.templates.words().plain(self.language, &key),
            false => self.value(value),
        }
    }

    /// `14.50 % kept`: what the publication keeps of money that goes to an author's own account.
    fn kept(&self, part: &str) -> String {
        match part.strip_suffix(" kept") {
            Some(percent) => {
                let words = self.known("differences-part-kept");
                format!("{words} {}", self.value(percent))
            }
            None => self.value(part),
        }
    }

    /// `less 25 %`: one part of what is said of a discount.
    fn term(&self, part: &str) -> String {
        match part.split_once(' ') {
            Some((word, value)) => {
                let word = self.known(&format!("differences-part-{word}"));
                format!("{word} {}", self.value(value))
            }
            None => self.value(part),
        }
    }

    /// `2026-12-21` as people write it.
    fn day(&self, day: &str) -> String {
        match day.parse::<NaiveDate>() {
            Ok(date) => {
                let midnight = date.and_time(NaiveTime::MIN).and_utc();
                render::day(midnight.fixed_offset(), self.language)
            }
            Err(_) => day.to_owned(),
        }
    }

    fn value(&self, value: &str) -> String {
        if let Ok(id) = value.parse::<Uuid>() {
            let known = self.names.ids.get(&id);
            return known.cloned().unwrap_or_else(|| value.to_owned());
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(value) {
            let local = self.app.config.publication.local(at.to_utc());
            return render::moment(local, self.language);
        }
        if let Some(percent) = value.strip_suffix(" %") {
            let point = if self.language == "de" { "," } else { "." };
            return format!("{} %", percent.replace('.', point));
        }
        if let Some(sum) = sum(value) {
            return sum.format(self.language);
        }
        let key = format!("differences-is-{}", value.replace(['_', ' '], "-"));
        match self.app.templates.words().knows("en", &key) {
            true => self.app.templates.words().plain(self.language, &key),
            false => value.to_owned(),
        }
    }

    /// What a key says, or its last part where there is no such.
    fn known(&self, key: &str) -> String {
        match self.app.templates.words().knows("en", key) {
            true => self.app.templates.words().plain(self.language, key),
            false => key.trim_start_matches("differences-").replace('-', " "),
        }
    }
}

/// `3.00 EUR`, as [`Money::coded`] writes it.
fn sum(text: &str) -> Option<Money> {
    let (amount, code) = text.split_once(' ')?;
    let is_code = code.len() == 3 && code.chars().all(|sign| sign.is_ascii_uppercase());
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, amount),
    };
    let minor: String = digits.chars().filter(|sign| *sign != '.').collect();
    let minor: i64 = minor.parse().ok().filter(|_| is_code)?;
    Some(Money::new(sign * minor, &code.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_read_as_it_was_written() {
        for (amount, currency) in [(300, "eur"), (-5, "usd"), (1200, "jpy"), (12_345, "kwd")] {
            let sum_of = Money::new(amount, currency);
            assert_eq!(sum(&sum_of.coded()), Some(sum_of));
        }
        for other in ["none", "active", "3.00", "sub_1 EUR", "3.00 eur"] {
            assert_eq!(sum(other), None, "{other}");
        }
    }
}
