//! Memberships the house gives: by the author for her own page, by the owner for any.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr,
    EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    SENT,
    claiming::{self, take},
    hashed, letters, next_due, token,
};
use crate::{
    accounts::{Address, may_write},
    app::App,
    db,
    entities::{account, audit_entry, author, grant, site, tier},
    membership::roll,
};

/// How far ahead an end may lie, in days: five years.
const FARTHEST: i64 = 5 * 366;

/// A membership about to be given.
#[derive(Clone, Debug)]
pub struct NewGiven {
    pub email: String,
    pub tier: Uuid,
    /// The last day it is good for, in UTC: `2027-05-31`.
    pub until: String,
}

/// Why it cannot be given; nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("that is no address")]
    BadAddress,
    #[error("there is no such tier")]
    NoTier,
    #[error("the end must be a day from tomorrow on and within five years")]
    BadDay,
    #[error("this address has been given one already; end that first")]
    Twice,
    #[error("this address has had three letters today; it can be given one tomorrow")]
    TooOften,
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<DbErr> for Refused {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl Refused {
    /// The catalogue key that says so.
    ///
    /// # Errors
    /// The failure, where it is none a person can mend.
    pub fn key(self) -> anyhow::Result<&'static str> {
        Ok(match self {
            Self::BadAddress => "gifts-bad-address",
            Self::NoTier => "membership-tier-unknown",
            Self::BadDay => "gifts-bad-end",
            Self::Twice => "gifts-given-twice",
            Self::TooOften => "gifts-given-often",
            Self::Failed(error) => return Err(error),
        })
    }
}

/// Gives a membership until a day: at once to a known address, by a link to another.
///
/// # Errors
/// A [`Refused`].
pub async fn give(
    app: &App,
    by: Option<Uuid>,
    author: &author::Model,
    new: &NewGiven,
) -> Result<grant::Model, Refused> {
    let now = app.clock.now();
    let address = Address::parse(&new.email).map_err(|_| Refused::BadAddress)?;
    let ends_at = end(&new.until, now).ok_or(Refused::BadDay)?;
    let tx = db::begin(&app.db).await?;
    // The lock under which two presses follow one another.
    let locked = author::Entity::find_by_id(author.id).lock_exclusive();
    locked.one(&tx).await?;
    let tier = tier::Entity::of(author.id)
        .filter(tier::Column::Id.eq(new.tier))
        .one(&tx)
        .await?;
    let tier = tier.ok_or(Refused::NoTier)?;
    let twice = grant::Entity::given(author.id)
        .filter(grant::Column::RecipientEmail.eq(address.as_str()))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::EndsAt.gt(now));
    if twice.one(&tx).await?.is_some() {
        return Err(Refused::Twice);
    }
    // Whoever's address it is: or the answer would tell whether it is somebody's.
    if !may_write(app, &tx, &address).await? {
        return Err(Refused::TooOften);
    }
    let id = Uuid::now_v7();
    let row = grant::ActiveModel {
        id: Set(id),
        author_id: Set(author.id),
        tier_id: Set(tier.id),
        origin: Set(grant::Origin::Given),
        buyer_id: Set(by),
        recipient_email: Set(Some(address.as_str().to_owned())),
        language: Set(app.config.publication.language.clone()),
        sends: Set(0),
        token_hash: Set(hashed(&token(app, id))),
        created_at: Set(now),
        ready_at: Set(Some(now)),
        ends_at: Set(Some(ends_at)),
        stage: Set(SENT),
        ..Default::default()
    };
    let mut row = row.insert(&tx).await?;
    let known = account::Entity::by_email(address.as_str()).lock_exclusive();
    let mut is_new = false;
    if let Some(account) = known.one(&tx).await? {
        is_new = claiming::is_new(app, &tx, account.id, author.id).await?;
        row = take(app, &tx, row, &account, None).await?;
    }
    letters::given(app, &tx, &row, is_new).await?;
    let detail = json!({ "author": author.id, "tier": tier.id, "until": ends_at });
    audit_entry::Entity::note(&tx, now, by, "give", &id.to_string(), &detail).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(row)
}

/// The end of that day.
fn end(typed: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day: NaiveDate = typed.trim().parse().ok()?;
    let today = now.date_naive();
    let is_good = day > today && day <= today + Duration::days(FARTHEST);
    let night = (day.and_time(NaiveTime::MIN) + Duration::days(1)).and_utc();
    is_good.then(|| night - Duration::seconds(1))
}

/// Ends one early. Returns whether there was one; `author` sees those of her own page alone.
///
/// # Errors
/// If the database fails.
pub async fn end_early(
    app: &App,
    by: Uuid,
    author: Option<Uuid>,
    id: Uuid,
) -> anyhow::Result<bool> {
    change(app, by, author, id, true).await
}

/// Takes an early end back.
///
/// # Errors
/// If the database fails.
pub async fn keep(app: &App, by: Uuid, author: Option<Uuid>, id: Uuid) -> anyhow::Result<bool> {
    change(app, by, author, id, false).await
}

async fn change(
    app: &App,
    by: Uuid,
    author: Option<Uuid>,
    id: Uuid,
    ends: bool,
) -> anyhow::Result<bool> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let row = grant::Entity::find_by_id(id)
        .filter(grant::Column::Origin.eq(grant::Origin::Given))
        .lock_exclusive()
        .one(&tx)
        .await?;
    let is_hers = |row: &grant::Model| author.is_none_or(|author| row.author_id == author);
    let Some(mut row) = row.filter(is_hers) else {
        return Ok(false);
    };
    if row.revoked_at.is_some() == ends {
        return Ok(true);
    }
    row.revoked_at = ends.then_some(now);
    row.revoked_why = ends.then_some(grant::Why::Ended);
    row.due_at = next_due(&row);
    let all: grant::ActiveModel = row.clone().into();
    all.reset_all().update(&tx).await?;
    if let Some(account) = row.account_id {
        roll::reckon(app, &tx, row.author_id, &[account]).await?;
        site::Entity::touch(&tx).await?;
        if ends && row.ends_at > Some(now) {
            letters::ended_early(app, &tx, &row).await?;
        }
    }
    let verb = if ends { "end_given" } else { "keep_given" };
    let subject = row.id.to_string();
    audit_entry::Entity::note(&tx, now, Some(by), verb, &subject, &json!({})).await?;
    tx.commit().await?;
    Ok(true)
}

/// One given membership as lists show it: not whether the address is known.
#[derive(Clone, Debug, Serialize)]
pub struct Given {
    id: Uuid,
    email: Option<String>,
    author: String,
    tier: String,
    ends_at: Option<DateTime<Utc>>,
    is_ended: bool,
    /// Whether an early end can be taken back, or one in force ended.
    is_open: bool,
}

/// Those of one author, or of all, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn listed(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    author: Option<Uuid>,
) -> Result<Vec<Given>, DbErr> {
    use sea_orm::QueryOrder as _;
    let rows = grant::Entity::find()
        .filter(grant::Column::Origin.eq(grant::Origin::Given))
        .filter(match author {
            Some(author) => grant::Column::AuthorId.eq(author),
            None => Expr::value(true),
        })
        .order_by_desc(grant::Column::CreatedAt)
        .order_by_desc(grant::Column::Id)
        .limit(200)
        .all(db)
        .await?;
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(rows.iter().map(|row| row.author_id)))
        .all(db)
        .await?;
    let tiers = tier::Entity::find()
        .filter(tier::Column::Id.is_in(rows.iter().map(|row| row.tier_id)))
        .all(db)
        .await?;
    let each = rows.into_iter().map(|row| {
        let author = authors.iter().find(|author| author.id == row.author_id);
        let tier = tiers.iter().find(|tier| tier.id == row.tier_id);
        Given {
            id: row.id,
            author: author.map(|author| author.name.clone()).unwrap_or_default(),
            tier: tier.map(|tier| tier.name.clone()).unwrap_or_default(),
            is_ended: row.revoked_at.is_some(),
            is_open: row.ends_at.is_some_and(|end| end > now),
            ends_at: row.ends_at,
            email: row.recipient_email,
        }
    });
    Ok(each.collect())
}
