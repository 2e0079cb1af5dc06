//! What keeps a conversation civil, in our document and back: bans, reports, threads somebody wants to hear no more of,
//! and the lists of words. Who moderates is not in it: no file gives anybody a say.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel,
    QueryOrder as _, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Imported, Lost, arriving::CHUNK};
use crate::{
    comments::keeping_rules::{mode_of, mode_word},
    entities::{account, author, ban, house_rules, mute, report},
};

/// People are named by their address, authors by their slug.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct House {
    pub rules: Vec<Rules>,
    pub bans: Vec<Ban>,
    pub reports: Vec<Report>,
    pub mutes: Vec<Mute>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Rules {
    /// `None`: the publication's.
    author: Option<String>,
    mode: String,
    hold: String,
    refuse: String,
    updated_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Ban {
    id: Uuid,
    /// `None`: everywhere.
    author: Option<String>,
    email: String,
    reason: String,
    until: Option<DateTime<Utc>>,
    by: Option<String>,
    created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Report {
    comment: Uuid,
    email: String,
    reason: String,
    created_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Mute {
    thread: Uuid,
    email: String,
    created_at: DateTime<Utc>,
}

impl House {
    /// All of it; `address` is how the document names an account.
    pub async fn of(
        db: &impl ConnectionTrait,
        address: impl Fn(&Uuid) -> Option<String>,
    ) -> Result<Self, DbErr> {
        let authors = author::Entity::find().all(db).await?;
        let authors: HashMap<Uuid, String> =
            authors.into_iter().map(|row| (row.id, row.slug)).collect();
        // `None` for whose author there is no more.
        let whose = |id: &Uuid| match id.is_nil() {
            true => Some(None),
            false => authors.get(id).cloned().map(Some),
        };
        let rules = house_rules::Entity::find().all(db).await?.into_iter();
        let mut rules: Vec<Rules> = rules
            .filter_map(|row| {
                Some(Rules {
                    author: whose(&row.author_id)?,
                    mode: mode_word(row.mode).to_owned(),
                    hold: row.hold,
                    refuse: row.refuse,
                    updated_at: row.updated_at,
                })
            })
            .collect();
        rules.sort_by(|one, other| one.author.cmp(&other.author));
        let bans = ban::Entity::find().order_by_asc(ban::Column::Id);
        let bans = bans.all(db).await?.into_iter().filter_map(|row| {
            Some(Ban {
                id: row.id,
                author: whose(&row.author_id)?,
                email: address(&row.account_id)?,
                reason: row.reason,
                until: row.until,
                by: row.banned_by.as_ref().and_then(&address),
                created_at: row.created_at,
            })
        });
        let reports = report::Entity::find().all(db).await?.into_iter();
        let mut reports: Vec<Report> = reports
            .filter_map(|row| {
                Some(Report {
                    comment: row.comment_id,
                    email: address(&row.account_id)?,
                    reason: row.reason,
                    created_at: row.created_at,
                    settled_at: row.settled_at,
                })
            })
            .collect();
        reports.sort_by(|one, other| (one.comment, &one.email).cmp(&(other.comment, &other.email)));
        let mutes = mute::Entity::find().all(db).await?.into_iter();
        let mut mutes: Vec<Mute> = mutes
            .filter_map(|row| {
                Some(Mute {
                    thread: row.thread_id,
                    email: address(&row.account_id)?,
                    created_at: row.created_at,
                })
            })
            .collect();
        mutes.sort_by(|one, other| (one.thread, &one.email).cmp(&(other.thread, &other.email)));
        Ok(Self {
            bans: bans.collect(),
            rules,
            reports,
            mutes,
        })
    }

    /// Everybody it names.
    pub fn people(&self) -> impl Iterator<Item = &String> {
        let bans = self.bans.iter();
        let bans = bans.flat_map(|ban| std::iter::once(&ban.email).chain(&ban.by));
        bans.chain(self.reports.iter().map(|report| &report.email))
            .chain(self.mutes.iter().map(|mute| &mute.email))
    }

    /// Brings it in beside the comments of these ids. What is here already stays as it is.
    pub async fn restore(
        self,
        tx: &DatabaseTransaction,
        people: &HashMap<String, account::Model>,
        comments: &HashSet<Uuid>,
        result: &mut Imported,
    ) -> Result<(), DbErr> {
        let authors = author::Entity::find().all(tx).await?;
        let authors: HashMap<String, Uuid> =
            authors.into_iter().map(|row| (row.slug, row.id)).collect();
        let whose = |slug: &Option<String>| match slug {
            None => Some(Uuid::nil()),
            Some(slug) => authors.get(slug).copied(),
        };
        let known = |email: &String| people.get(email).map(|account| account.id);
        let all = self.rules.len() + self.bans.len() + self.reports.len() + self.mutes.len();
        let rules = self.rules.into_iter().filter_map(|one| {
            Some(house_rules::Model {
                author_id: whose(&one.author)?,
                mode: mode_of(&one.mode)?,
                hold: one.hold,
                refuse: one.refuse,
                updated_at: one.updated_at,
            })
        });
        let bans = self.bans.into_iter().filter_map(|one| {
            Some(ban::Model {
                id: one.id,
                author_id: whose(&one.author)?,
                account_id: known(&one.email)?,
                reason: one.reason,
                until: one.until,
                banned_by: one.by.as_ref().and_then(known),
                created_at: one.created_at,
            })
        });
        let reports = self.reports.into_iter().filter_map(|one| {
            let account_id = known(&one.email)?;
            comments.contains(&one.comment).then_some(report::Model {
                comment_id: one.comment,
                account_id,
                reason: one.reason,
                created_at: one.created_at,
                settled_at: one.settled_at,
            })
        });
        let mutes = self.mutes.into_iter().filter_map(|one| {
            let account_id = known(&one.email)?;
            comments.contains(&one.thread).then_some(mute::Model {
                account_id,
                thread_id: one.thread,
                created_at: one.created_at,
            })
        });
        let kept = put(tx, rules).await?
            + put(tx, bans).await?
            + put(tx, reports).await?
            + put(tx, mutes).await?;
        result.of_the_house = kept;
        result.lose(Lost::House, all - kept);
        Ok(())
    }
}

/// Writes what is not here yet. Returns how many there are now.
async fn put<M, A>(tx: &DatabaseTransaction, rows: impl Iterator<Item = M>) -> Result<usize, DbErr>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait + Send,
{
    let rows: Vec<A> = rows
        .map(|row| row.into_active_model().reset_all())
        .collect();
    for some in rows.chunks(CHUNK) {
        let known = OnConflict::new().do_nothing().to_owned();
        <A::Entity as EntityTrait>::insert_many(some.iter().cloned())
            .on_conflict(known)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(rows.len())
}
