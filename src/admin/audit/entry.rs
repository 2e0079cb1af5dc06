//! How an entry of the log reads: everything named that has a name, in the words of whoever reads it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use fluent_bundle::FluentArgs;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    entities::{account, article, audit_entry, author, comment, grant, tier},
    membership::reconcile,
    money::Money,
};

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
    /// The same as it is kept, to be found by an id too.
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

/// What an id stands for.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    href: Option<String>,
}

/// Tells entries, and remembers the names it has looked up.
pub(super) struct Teller<'a> {
    app: &'a App,
    language: &'a str,
    /// By id; `None` for what has no name.
    names: HashMap<Uuid, Option<Named>>,
}

impl Line {
    /// Whether these words stand in it, as shown or as kept; `words` in small letters.
    pub fn says(&self, words: &str) -> bool {
        let detail = self.detail.iter();
        let detail = detail.map(|one| format!("{}: {}", one.name, one.value));
        let shown = [&self.who, &self.act, &self.subject, &self.kept];
        let mut all = shown.into_iter().cloned().chain(detail);
        all.any(|text| text.to_lowercase().contains(words))
    }
}

impl<'a> Teller<'a> {
    pub fn new(app: &'a App, language: &'a str) -> Self {
        Self {
            app,
            language,
            names: HashMap::new(),
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
        let mut ids: Vec<Uuid> = details.iter().flat_map(ids).collect();
        ids.extend(entries.iter().filter_map(|entry| entry.account_id));
        ids.extend(
            entries
                .iter()
                .filter_map(|entry| entry.subject.parse::<Uuid>().ok()),
        );
        self.learn(ids).await?;
        let told = entries.iter().zip(&details);
        Ok(told
            .map(|(entry, detail)| self.line(entry, detail))
            .collect())
    }

    fn line(&self, entry: &audit_entry::Model, detail: &Value) -> Line {
        let act = entry.act.replace('_', "-");
        let who = entry.account_id.map(|id| self.name(id));
        let subject = entry.subject.parse().ok().and_then(|id| self.named(id));
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
            kept: format!("{} {} {}", entry.act, entry.subject, entry.detail),
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
                Ok(id) => self.name(id).unwrap_or_else(|| text.clone()),
                Err(_) => text.clone(),
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

    fn named(&self, id: Uuid) -> Option<&Named> {
        self.names.get(&id)?.as_ref()
    }

    fn name(&self, id: Uuid) -> Option<String> {
        Some(self.named(id)?.name.clone())
    }

    fn say(&self, key: &str) -> String {
        self.app.templates.words().plain(self.language, key)
    }

    fn known(&self, key: &str) -> Option<String> {
        let words = self.app.templates.words();
        words.say(self.language, key, &FluentArgs::new())
    }

    /// Looks up what these ids stand for: people, authors, articles, comments, tiers.
    async fn learn(&mut self, ids: Vec<Uuid>) -> Result<(), DbErr> {
        let ids: Vec<Uuid> = ids
            .into_iter()
            .filter(|id| self.names.insert(*id, None).is_none())
            .collect();
        // Values a condition.
        for some in ids.chunks(500) {
            self.learn_some(some).await?;
        }
        Ok(())
    }

    async fn learn_some(&mut self, ids: &[Uuid]) -> Result<(), DbErr> {
        let db = &self.app.db;
        let some = || ids.iter().copied();
        let people = account::Entity::find().filter(account::Column::Id.is_in(some()));
        for one in people.all(db).await? {
            self.note(one.id, one.name, None);
        }
        let authors = author::Entity::find().filter(author::Column::Id.is_in(some()));
        for one in authors.all(db).await? {
            self.note(one.id, one.name, Some(format!("/authors/{}", one.slug)));
        }
        let articles: Vec<(Uuid, String, String)> = article::Entity::find()
            .select_only()
            .columns([
                article::Column::Id,
                article::Column::Title,
                article::Column::Slug,
            ])
            .filter(article::Column::Id.is_in(some()))
            .into_tuple()
            .all(db)
            .await?;
        for (id, title, slug) in articles {
            self.note(id, title, Some(format!("/articles/{slug}")));
        }
        let comments: Vec<(Uuid, String)> = comment::Entity::find()
            .inner_join(article::Entity)
            .select_only()
            .column(comment::Column::Id)
            .column(article::Column::Slug)
            .filter(comment::Column::Id.is_in(some()))
            .into_tuple()
            .all(db)
            .await?;
        for (id, slug) in comments {
            let name = self.say("admin-audit-a-comment");
            self.note(id, name, Some(format!("/articles/{slug}/comments/{id}")));
        }
        let given = grant::Entity::find().filter(grant::Column::Id.is_in(some()));
        let given = given.all(db).await?;
        let whose = given.iter().filter_map(|one| one.account_id);
        let whose = account::Entity::find().filter(account::Column::Id.is_in(whose));
        let whose: HashMap<Uuid, String> = whose
            .all(db)
            .await?
            .into_iter()
            .map(|one| (one.id, one.name))
            .collect();
        for one in given {
            // Whose it is, or whom it waits for.
            let name = one.account_id.and_then(|id| whose.get(&id).cloned());
            let name = name.or(one.recipient_name).or(one.recipient_email);
            if let Some(name) = name {
                self.note(one.id, name, None);
            }
        }
        let tiers = tier::Entity::find().filter(tier::Column::Id.is_in(some()));
        for one in tiers.all(db).await? {
            self.note(one.id, one.name, None);
        }
        Ok(())
    }

    fn note(&mut self, id: Uuid, name: String, href: Option<String>) {
        self.names.insert(id, Some(Named { name, href }));
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

/// What a detail names by an id.
fn ids(detail: &Value) -> Vec<Uuid> {
    let fields = detail.as_object().into_iter().flatten();
    fields
        .filter_map(|(_, value)| value.as_str()?.parse().ok())
        .collect()
}
