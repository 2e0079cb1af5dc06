//! What the ids of the log stand for: names, where one sees it, and the addresses of people.

use std::collections::HashMap;

use fluent_bundle::FluentArgs;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{account, article, author, comment, grant, payment, tier},
};

/// What an id stands for.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub name: String,
    pub href: Option<String>,
    /// Of a person: it is not shown, and finds her.
    address: Option<String>,
}

/// What was looked up so far.
pub(super) struct Names<'a> {
    app: &'a App,
    language: &'a str,
    /// By id; `None` for what has no name.
    known: HashMap<Uuid, Option<Named>>,
}

impl<'a> Names<'a> {
    pub fn new(app: &'a App, language: &'a str) -> Self {
        Self {
            app,
            language,
            known: HashMap::new(),
        }
    }

    pub fn named(&self, id: Uuid) -> Option<&Named> {
        self.known.get(&id)?.as_ref()
    }

    pub fn name(&self, id: Uuid) -> Option<String> {
        Some(self.named(id)?.name.clone())
    }

    /// The addresses of the people among these.
    pub fn addresses(&self, ids: &[Uuid]) -> String {
        let named = ids.iter().filter_map(|id| self.named(*id));
        let addresses = named.filter_map(|one| one.address.as_deref());
        addresses.collect::<Vec<_>>().join(" ")
    }

    /// Looks up what these ids stand for: people, authors, articles, comments, gifts, tiers, payments.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn learn(&mut self, ids: Vec<Uuid>) -> Result<(), DbErr> {
        let db = &self.app.db;
        let ids: Vec<Uuid> = ids
            .into_iter()
            .filter(|id| self.known.insert(*id, None).is_none())
            .collect();
        // Values a condition.
        for some in ids.chunks(500) {
            self.learn_some(db, some).await?;
        }
        Ok(())
    }

    async fn learn_some(&mut self, db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), DbErr> {
        let some = || ids.iter().copied();
        let people = account::Entity::find().filter(account::Column::Id.is_in(some()));
        for one in people.all(db).await? {
            let address = one.address().map(str::to_owned);
            self.note_person(one.id, (one.name, address), None);
        }
        let authors = author::Entity::find()
            .find_also_related(account::Entity)
            .filter(author::Column::Id.is_in(some()));
        for (one, account) in authors.all(db).await? {
            let address = account.and_then(|one| one.address().map(str::to_owned));
            let href = format!("/authors/{}", one.slug);
            self.note_person(one.id, (one.name, address), Some(href));
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
        let words = self.app.templates.words();
        let comment = words.plain(self.language, "admin-audit-a-comment");
        for (id, slug) in comments {
            let href = format!("/articles/{slug}/comments/{id}");
            self.note(id, comment.clone(), Some(href));
        }
        let given = grant::Entity::find().filter(grant::Column::Id.is_in(some()));
        let given = given.all(db).await?;
        let whose = given.iter().filter_map(|one| one.account_id);
        let whose = account::Entity::find().filter(account::Column::Id.is_in(whose));
        let whose: HashMap<Uuid, account::Model> = whose
            .all(db)
            .await?
            .into_iter()
            .map(|one| (one.id, one))
            .collect();
        for one in given {
            // Whose it is, or whom it waits for.
            let account = one.account_id.and_then(|id| whose.get(&id));
            let address = account.and_then(|account| account.address());
            let address = address.map(str::to_owned).or(one.recipient_email);
            let name = account.map(|account| account.name.clone());
            let name = name.or(one.recipient_name).or(address.clone());
            if let Some(name) = name {
                self.note_person(one.id, (name, address), None);
            }
        }
        let tiers = tier::Entity::find().filter(tier::Column::Id.is_in(some()));
        for one in tiers.all(db).await? {
            self.note(one.id, one.name, None);
        }
        let payments: Vec<(Uuid, i64)> = payment::Entity::find()
            .select_only()
            .columns([payment::Column::Id, payment::Column::Number])
            .filter(payment::Column::Id.is_in(some()))
            .into_tuple()
            .all(db)
            .await?;
        for (id, number) in payments {
            let mut args = FluentArgs::new();
            args.set("number", number.to_string());
            if let Some(name) = words.say(self.language, "studio-payment", &args) {
                self.note(id, name, Some(format!("/studio/payments/{number}")));
            }
        }
        Ok(())
    }

    fn note(&mut self, id: Uuid, name: String, href: Option<String>) {
        self.note_person(id, (name, None), href);
    }

    fn note_person(
        &mut self,
        id: Uuid,
        (name, address): (String, Option<String>),
        href: Option<String>,
    ) {
        let named = Named {
            name,
            href,
            address,
        };
        self.known.insert(id, Some(named));
    }
}
