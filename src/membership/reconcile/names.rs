//! What ids stand for: people, authors, tiers, prices; and whose what differs is.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{account, author, membership, payment, payout_account, price, tier},
    money::Money,
};

/// How many ids one question names at most.
const MANY: usize = 500;

#[derive(Debug, Default)]
pub(super) struct Names {
    pub ids: HashMap<Uuid, String>,
    /// By the id of what differs.
    pub subjects: HashMap<String, Subject>,
}

/// What differs.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Of a payment, its receipt's.
    pub number: Option<i64>,
    /// `Ann → Matthew Smith, Friend`
    pub between: String,
}

impl Names {
    pub async fn of(
        app: &App,
        ids: BTreeSet<Uuid>,
        subjects: BTreeSet<&str>,
    ) -> Result<Self, DbErr> {
        let mut names = Self::default();
        let subjects: Vec<&str> = subjects.into_iter().collect();
        let mut memberships = Vec::new();
        for some in subjects.chunks(MANY) {
            use membership::Column;
            let of = membership::Entity::find()
                .filter(Column::StripeSubscriptionId.is_in(some.iter().copied()));
            memberships.extend(of.all(&app.db).await?);
        }
        let mut payments = Vec::new();
        let all: Vec<Uuid> = ids.iter().copied().collect();
        for some in all.chunks(MANY) {
            let of = payment::Entity::find().filter(payment::Column::Id.is_in(some.to_vec()));
            payments.extend(of.all(&app.db).await?);
        }
        let mut wanted = ids;
        for row in &memberships {
            wanted.extend([row.account_id, row.author_id, row.tier_id]);
        }
        for row in &payments {
            wanted.extend([row.account_id, row.author_id]);
        }
        let wanted: Vec<Uuid> = wanted.into_iter().collect();
        for some in wanted.chunks(MANY) {
            names.learn(app, some).await?;
        }
        for row in memberships {
            let between = names.between(row.account_id, row.author_id, Some(row.tier_id));
            names.knows(row.stripe_subscription_id, None, between);
        }
        for row in payments {
            let between = names.between(row.account_id, row.author_id, None);
            names.knows(row.id.to_string(), Some(row.number), between);
        }
        for some in subjects.chunks(MANY) {
            names.learn_payers(app, some).await?;
        }
        Ok(names)
    }

    async fn learn(&mut self, app: &App, some: &[Uuid]) -> Result<(), DbErr> {
        let ids = || some.iter().copied();
        let people = account::Entity::find().filter(account::Column::Id.is_in(ids()));
        let authors = author::Entity::find().filter(author::Column::Id.is_in(ids()));
        let tiers = tier::Entity::find().filter(tier::Column::Id.is_in(ids()));
        let prices = price::Entity::find().filter(price::Column::Id.is_in(ids()));
        let people = people.all(&app.db).await?.into_iter();
        self.ids.extend(people.map(|row| (row.id, row.name)));
        let authors = authors.all(&app.db).await?.into_iter();
        self.ids.extend(authors.map(|row| (row.id, row.name)));
        let tiers = tiers.all(&app.db).await?.into_iter();
        self.ids.extend(tiers.map(|row| (row.id, row.name)));
        let prices = prices.all(&app.db).await?.into_iter();
        let coded = |row: price::Model| (row.id, Money::new(row.amount, &row.currency).coded());
        self.ids.extend(prices.map(coded));
        Ok(())
    }

    /// Whose customers and connected accounts these are.
    async fn learn_payers(&mut self, app: &App, some: &[&str]) -> Result<(), DbErr> {
        let ids = || some.iter().copied();
        let people = account::Entity::find()
            .filter(Condition::all().add(account::Column::StripeCustomerId.is_in(ids())));
        for row in people.all(&app.db).await? {
            self.knows(row.stripe_customer_id.unwrap_or_default(), None, row.name);
        }
        let linked = payout_account::Entity::find()
            .filter(payout_account::Column::StripeAccountId.is_in(ids()))
            .all(&app.db)
            .await?;
        let authors = author::Entity::find()
            .filter(author::Column::Id.is_in(linked.iter().map(|row| row.author_id)))
            .all(&app.db)
            .await?;
        for row in linked {
            let author = authors.iter().find(|author| author.id == row.author_id);
            if let Some((id, author)) = row.stripe_account_id.zip(author) {
                self.knows(id, None, author.name.clone());
            }
        }
        Ok(())
    }

    fn between(&self, account: Uuid, author: Uuid, tier: Option<Uuid>) -> String {
        let name = |id: &Uuid| self.ids.get(id).map_or("?", String::as_str);
        let tier = tier.map_or_else(String::new, |tier| format!(", {}", name(&tier)));
        format!("{} → {}{tier}", name(&account), name(&author))
    }

    fn knows(&mut self, subject: String, number: Option<i64>, between: String) {
        self.subjects.insert(subject, Subject { number, between });
    }
}
