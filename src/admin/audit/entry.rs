//! How an entry of the log reads: everything named that has a name, in the words of whoever reads it.

use chrono::{DateTime, Utc};
use fluent_bundle::FluentArgs;
use sea_orm::DbErr;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::names::Names;
use crate::{app::App, db::folded, entities::audit_entry, membership::reconcile, money::Money};

/// An entry as it is shown.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Line {
    at: DateTime<Utc>,
    who: String,
    /// What was done.
    act: String,
    subject: String,
    /// Where one sees what it was done to.
    href: Option<String>,
    /// Whether the subject is an id of Stripe's.
    is_code: bool,
    detail: Vec<Detail>,
    /// The same as it is kept, to be found by an id too, and the addresses of the people in it.
    #[serde(skip)]
    kept: String,
}

/// One thing more about it.
#[derive(Clone, Debug, Serialize)]
struct Detail {
    name: String,
    value: String,
    /// Where the value is a moment.
    at: Option<DateTime<Utc>>,
}

/// Tells entries, and remembers the names it has looked up.
pub(super) struct Teller<'a> {
    app: &'a App,
    language: &'a str,
    names: Names<'a>,
}

impl Line {
    /// Whether these words stand in it, as shown or as kept; `words` as [`folded`] gives them.
    pub fn says(&self, words: &str) -> bool {
        let detail = self.detail.iter();
        let detail = detail.map(|one| format!("{}: {}", one.name, one.value));
        let shown = [&self.who, &self.act, &self.subject, &self.kept];
        let mut all = shown.into_iter().cloned().chain(detail);
        all.any(|text| folded(&text).contains(words))
    }
}

impl<'a> Teller<'a> {
    pub fn new(app: &'a App, language: &'a str) -> Self {
        Self {
            app,
            language,
            names: Names::new(app, language),
        }
    }

    /// The lines of these entries, in their order.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn tell(&mut self, entries: &[audit_entry::Model]) -> Result<Vec<Line>, DbErr> {
        let details: Vec<Value> = entries
            .iter()
            .map(|entry| serde_json::from_str(&entry.detail).unwrap_or_default())
            .collect();
        let told = || entries.iter().zip(&details);
        let ids = told().flat_map(|(entry, detail)| concerned(entry, detail));
        self.names.learn(ids.collect()).await?;
        let told = told();
        Ok(told
            .map(|(entry, detail)| self.line(entry, detail))
            .collect())
    }

    fn line(&self, entry: &audit_entry::Model, detail: &Value) -> Line {
        let act = entry.act.replace('_', "-");
        let who = entry.account_id.map(|id| self.names.name(id));
        let subject = entry
            .subject
            .parse()
            .ok()
            .and_then(|id| self.names.named(id));
        let (href, is_code) = match subject {
            Some(named) => (named.href.clone(), false),
            None => (place(&entry.subject), true),
        };
        let fields = detail.as_object().into_iter().flatten();
        let fields = fields.filter(|(_, value)| !value.is_null());
        Line {
            at: entry.at,
            who: match who {
                Some(name) => name.unwrap_or_else(|| self.say("admin-audit-gone")),
                None => self.say("admin-audit-service"),
            },
            act: self
                .known(&format!("admin-did-{act}"))
                .unwrap_or_else(|| entry.act.clone()),
            subject: match subject {
                Some(named) => named.name.clone(),
                None => self
                    .known(&format!("admin-audit-about-{}", entry.subject))
                    .unwrap_or_else(|| entry.subject.clone()),
            },
            is_code: is_code && href.is_some(),
            href,
            detail: fields
                .map(|(field, value)| self.detail(&act, field, value))
                .collect(),
            kept: format!(
                "{} {} {} {}",
                entry.act,
                entry.subject,
                entry.detail,
                self.names.addresses(&concerned(entry, detail))
            ),
        }
    }

    /// A detail by the word of its act, else by the one all acts share, else by its own.
    fn detail(&self, act: &str, field: &str, value: &Value) -> Detail {
        let word = field.replace('_', "-");
        let name = self
            .known(&format!("admin-detail-{act}-{word}"))
            .or_else(|| self.known(&format!("admin-detail-{word}")));
        let text = match (act, value) {
            ("reconcile", Value::String(kept)) if word != "class" => {
                reconcile::side(self.app, self.language, kept)
            }
            _ => self.text(value),
        };
        let of = word.trim_end_matches("-before");
        Detail {
            name: name.unwrap_or_else(|| field.to_owned()),
            value: self
                .known(&format!("admin-detail-{of}-{text}"))
                .unwrap_or_else(|| text.clone()),
            at: text.parse().ok().filter(|_| text.contains('T')),
        }
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::String(text) => match text.parse::<Uuid>() {
                Ok(id) if id.is_nil() => self.say("admin-audit-everywhere"),
                Ok(id) => self.names.name(id).unwrap_or_else(|| text.clone()),
                // One line a thing: in a sentence they are parted.
                Err(_) => text.lines().collect::<Vec<_>>().join("; "),
            },
            Value::Array(each) => {
                let each: Vec<String> = each.iter().map(|one| self.text(one)).collect();
                each.join(", ")
            }
            other => amount(other)
                .map(|money| money.format(self.language))
                .unwrap_or_else(|| other.to_string()),
        }
    }

    fn say(&self, key: &str) -> String {
        self.app.templates.words().plain(self.language, key)
    }

    fn known(&self, key: &str) -> Option<String> {
        let words = self.app.templates.words();
        words.say(self.language, key, &FluentArgs::new())
    }
}

/// `{"amount": 500, "currency": "eur"}`
fn amount(value: &Value) -> Option<Money> {
    let amount = value.get("amount")?.as_i64()?;
    Some(Money::new(amount, value.get("currency")?.as_str()?))
}

/// Where one sees what Stripe calls so.
fn place(subject: &str) -> Option<String> {
    match subject.split('_').next() {
        Some("evt") => Some(format!("/admin/events/{subject}")),
        Some("sub" | "in" | "ch" | "cs" | "re") => Some(format!("/admin/events?q={subject}")),
        _ => None,
    }
}

/// Whom and what an entry names by an id.
fn concerned(entry: &audit_entry::Model, detail: &Value) -> Vec<Uuid> {
    let fields = detail.as_object().into_iter().flatten();
    let named = fields.filter_map(|(_, value)| value.as_str()?.parse().ok());
    let subject = entry.subject.parse().ok();
    entry
        .account_id
        .into_iter()
        .chain(subject)
        .chain(named)
        .collect()
}
