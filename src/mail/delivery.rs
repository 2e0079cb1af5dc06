//! Delivery: a batch is leased, sent over a few connections at the configured rate, and settled in one
//! transaction. A crash in between sends again with the same Message-ID.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt as _, stream};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use rand::Rng as _;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, Condition, DatabaseConnection, DbErr, EntityTrait,
    IntoActiveModel as _, QueryFilter, QueryOrder as _, QuerySelect as _, QueryTrait as _, Set,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::{
    mailer::{Mailer, SendError},
    message::{Draft, List, Press},
};
use crate::{
    config, db,
    entities::{
        notice,
        outbox::{self, Column, State},
    },
    telemetry,
};

/// How many mails one round takes on.
const BATCH: u64 = 500;
/// How long a worker may hold a mail.
const LEASE: Duration = Duration::minutes(5);
/// After this long without success a mail is given up.
const GIVE_UP: Duration = Duration::days(3);

/// Delivers the outbox.
pub struct Delivery {
    mailer: Mailer,
    press: Press,
    rate: DefaultDirectRateLimiter,
    connections: usize,
    rendered: Mutex<HashMap<Uuid, Arc<Renderings>>>,
    links: Links,
}

/// What a notice's rendering needs for one reader.
pub struct Links {
    /// `https://…` without a slash at the end.
    pub public_url: String,
    /// The key unsubscribe links are signed with.
    pub key: Vec<u8>,
}

/// A notice as it is kept: by language and variant, with places for what is personal.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct Renderings {
    pub author_id: Uuid,
    /// For List-Id.
    pub list_id: String,
    pub list_name: String,
    /// By `en/full`, `de/teaser` and so on.
    pub letters: HashMap<String, Rendering>,
}

/// One rendering.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Rendering {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Where a rendering says the reader's name; nobody types these.
pub const NAME_PLACE: &str = "\u{2997}name\u{2998}";
/// Where a rendering has the reader's unsubscribe link.
pub const UNSUBSCRIBE_PLACE: &str = "https://unsubscribe.invalid/";

impl Delivery {
    /// # Errors
    /// If the sender's address, the relay or the DKIM key cannot be used.
    pub fn open(config: &config::Mail, links: Links) -> anyhow::Result<Self> {
        let rate = NonZeroU32::new(config.rate_per_second).unwrap_or(NonZeroU32::MIN);
        Ok(Self {
            mailer: Mailer::open(config)?,
            press: Press::new(config)?,
            rate: RateLimiter::direct(Quota::per_second(rate)),
            connections: config.connections.max(1) as usize,
            rendered: Mutex::default(),
            links,
        })
    }

    pub fn mailer(&self) -> &Mailer {
        &self.mailer
    }

    /// Delivers one batch of what is due, receipts before notices. Returns how many were taken on.
    ///
    /// # Errors
    /// If the database is away; the leases run out and the mails are sent again.
    pub async fn deliver_due(
        &self,
        db: &DatabaseConnection,
        now: DateTime<Utc>,
    ) -> anyhow::Result<usize> {
        let rows = claim(db, now).await?;
        let count = rows.len();
        self.load_notices(db, &rows).await?;
        let ended: Vec<(outbox::Model, Result<(), SendError>)> = stream::iter(rows)
            .map(|row| async move {
                let result = self.send(&row, now).await;
                (row, result)
            })
            .buffer_unordered(self.connections)
            .collect()
            .await;
        settle(db, now, ended).await?;
        Ok(count)
    }

    async fn send(&self, row: &outbox::Model, now: DateTime<Utc>) -> Result<(), SendError> {
        self.rate.until_ready().await;
        let personal;
        let (subject, text, html, list) = match row.notice_id {
            None => (&row.subject, &row.body_text, &row.body_html, None),
            Some(notice) => {
                personal = self.personal(row, notice)?;
                let (letter, list) = &personal;
                (&letter.subject, &letter.text, &letter.html, Some(list))
            }
        };
        let (envelope, raw) = self.press.print(&Draft {
            key: &row.key,
            to_address: &row.to_address,
            to_name: &row.to_name,
            subject,
            text,
            html,
            date: now,
            list: list.map(|list| List {
                id: &list.0,
                name: &list.1,
                unsubscribe_url: &list.2,
            }),
        })?;
        self.mailer.send(&envelope, &raw).await
    }

    /// A notice's rendering for one reader, with list id, list name and unsubscribe link.
    fn personal(
        &self,
        row: &outbox::Model,
        notice: Uuid,
    ) -> Result<(Rendering, (String, String, String)), SendError> {
        let gone = || SendError::Refused("the notice is gone".to_owned());
        let shared = {
            let rendered = self.rendered.lock();
            let rendered = rendered.unwrap_or_else(PoisonError::into_inner);
            rendered.get(&notice).cloned().ok_or_else(gone)?
        };
        let variant = row.variant.as_deref().unwrap_or("teaser");
        let letter = shared
            .letters
            .get(&format!("{}/{variant}", row.language))
            .or_else(|| shared.letters.get(&format!("en/{variant}")))
            .ok_or_else(gone)?;
        let account = row.account_id.ok_or_else(gone)?;
        let token = super::unsubscribe::token(&self.links.key, account, shared.author_id);
        let link = format!("{}/unsubscribe/{token}", self.links.public_url);
        let name = ammonia::clean_text(&row.to_name);
        let letter = Rendering {
            subject: letter.subject.clone(),
            text: letter
                .text
                .replace(NAME_PLACE, &row.to_name)
                .replace(UNSUBSCRIBE_PLACE, &link),
            html: letter
                .html
                .replace(NAME_PLACE, &name)
                .replace(UNSUBSCRIBE_PLACE, &link),
        };
        let list = (shared.list_id.clone(), shared.list_name.clone(), link);
        Ok((letter, list))
    }

    /// Reads the notices of a batch once, and forgets the ones before.
    async fn load_notices(
        &self,
        db: &DatabaseConnection,
        rows: &[outbox::Model],
    ) -> anyhow::Result<()> {
        let mut wanted: Vec<Uuid> = rows.iter().filter_map(|row| row.notice_id).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let known: Vec<Uuid> = {
            let rendered = self.rendered.lock();
            let mut rendered = rendered.unwrap_or_else(PoisonError::into_inner);
            rendered.retain(|id, _| wanted.contains(id));
            rendered.keys().copied().collect()
        };
        wanted.retain(|id| !known.contains(id));
        if wanted.is_empty() {
            return Ok(());
        }
        let notices = notice::Entity::find()
            .filter(notice::Column::Id.is_in(wanted))
            .all(db)
            .await?;
        let mut rendered = self.rendered.lock().unwrap_or_else(PoisonError::into_inner);
        for notice in notices {
            let shared: Renderings = serde_json::from_str(&notice.rendered)?;
            rendered.insert(notice.id, Arc::new(shared));
        }
        Ok(())
    }
}

async fn claim(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Vec<outbox::Model>, DbErr> {
    let mut due = outbox::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::State.eq(State::Waiting))
        .filter(Column::RunAt.lte(now))
        .filter(
            Condition::any()
                .add(Column::LockedUntil.is_null())
                .add(Column::LockedUntil.lte(now)),
        )
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .limit(BATCH);
    if db::is_postgres(db) {
        due = due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let mut rows = outbox::Entity::update_many()
        .col_expr(Column::LockedUntil, Expr::value(now + LEASE))
        .filter(Column::Id.in_subquery(due.into_query()))
        .exec_with_returning(db)
        .await?;
    rows.sort_by_key(|row| (row.priority, row.run_at));
    Ok(rows)
}

async fn settle(
    db: &DatabaseConnection,
    now: DateTime<Utc>,
    ended: Vec<(outbox::Model, Result<(), SendError>)>,
) -> Result<(), DbErr> {
    if ended.is_empty() {
        return Ok(());
    }
    let tx = db::begin(db).await?;
    let (sent, failed): (Vec<_>, Vec<_>) = ended.into_iter().partition(|end| end.1.is_ok());
    metrics::counter!("plaudit_mails_total", "result" => "sent").increment(sent.len() as u64);
    outbox::Entity::update_many()
        .col_expr(Column::State, State::Sent.into())
        .col_expr(Column::SentAt, Expr::value(Some(now)))
        .col_expr(
            Column::LockedUntil,
            Expr::value(Option::<DateTime<Utc>>::None),
        )
        .filter(Column::Id.is_in(sent.iter().map(|(row, _)| row.id)))
        .exec(&tx)
        .await?;
    for (row, result) in failed {
        let Err(error) = result else { continue };
        let (why, is_final) = match error {
            SendError::Refused(why) => (why, true),
            SendError::Later(why) => (why, now - row.created_at > GIVE_UP),
        };
        let to = telemetry::masked(&row.to_address);
        tracing::warn!(key = row.key, to, why, is_final, "a mail did not go");
        let label = if is_final { "dead" } else { "later" };
        metrics::counter!("plaudit_mails_total", "result" => label).increment(1);
        let attempts = row.attempts + 1;
        let mut next = row.into_active_model();
        next.attempts = Set(attempts);
        next.error = Set(Some(why));
        next.locked_until = Set(None);
        next.run_at = Set(now + back_off(attempts));
        next.state = Set(if is_final {
            State::Dead
        } else {
            State::Waiting
        });
        next.update(&tx).await?;
    }
    tx.commit().await
}

/// Full jitter: anything up to 10 s × 2^attempts, six hours at most.
fn back_off(attempts: i32) -> Duration {
    let ceiling = 10 * 2_i64.saturating_pow(attempts.clamp(1, 12).unsigned_abs());
    Duration::milliseconds(rand::rng().random_range(1_000..=ceiling.min(21_600) * 1000))
}
