//! `/studio/supporters`: who supports this author, since when, with what.

use std::collections::HashMap;

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::figures::{by_account, standing_among};
use crate::{
    accounts::Author,
    app::App,
    entities::{account, membership, tier, tip},
    membership::Support,
    web::Result,
};

/// How many supporters one page shows.
const PAGE: usize = 50;

/// One supporter as lists and exports show her.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Supporter {
    pub account_id: Uuid,
    pub name: String,
    pub email: String,
    /// The word of her standing.
    pub standing: &'static str,
    #[serde(skip)]
    pub support: Support,
    pub is_patron: bool,
    pub tier: Option<String>,
    pub amount: Option<i64>,
    pub currency: Option<String>,
    pub recurrence: Option<&'static str>,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// What she said with her last tip.
    pub message: Option<String>,
    /// Why she leaves, in Stripe's word and in her own.
    pub reason: Option<String>,
    pub words: Option<String>,
}

/// What the page's address may say.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// `patrons`, `risk` or `former`; all without.
    show: Option<String>,
    #[serde(default)]
    page: usize,
}

/// `GET /studio/supporters`
pub async fn list(
    State(app): State<App>,
    author: Author,
    Query(which): Query<Which>,
) -> Result<Response> {
    let all = supporters(&app, author.author.id).await?;
    let show = which.show.as_deref().unwrap_or("all");
    let counts: Vec<_> = ["all", "patrons", "risk", "former"]
        .into_iter()
        .map(|name| {
            let count = all.iter().filter(|one| belongs(one, name)).count();
            json!({ "name": name, "count": count, "is_current": name == show })
        })
        .collect();
    let shown: Vec<&Supporter> = all.iter().filter(|one| belongs(one, show)).collect();
    let first = which.page.saturating_mul(PAGE).min(shown.len());
    let last = (first + PAGE).min(shown.len());
    let page = json!({
        "filters": counts,
        "show": show,
        "supporters": &shown[first..last],
        "previous": which.page.checked_sub(1),
        "next": (last < shown.len()).then_some(which.page + 1),
    });
    author.visitor.page(&app, "studio/supporters.html", &page)
}

fn belongs(supporter: &Supporter, filter: &str) -> bool {
    match filter {
        "patrons" => supporter.is_patron,
        "risk" => matches!(
            supporter.support,
            Support::Grace | Support::Leaving | Support::Lapsed
        ),
        "former" => matches!(supporter.support, Support::Former | Support::None),
        _ => true,
    }
}

/// Everybody who ever supported this author, the newest first.
///
/// # Errors
/// If the database fails.
pub(super) async fn supporters(app: &App, author: Uuid) -> Result<Vec<Supporter>, DbErr> {
    let memberships = membership::Entity::of(author).all(&app.db).await?;
    let tips = tip::Entity::find()
        .filter(tip::Column::AuthorId.eq(author))
        .all(&app.db)
        .await?;
    let tiers: HashMap<Uuid, tier::Model> = tier::Entity::find()
        .filter(tier::Column::AuthorId.eq(author))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|tier| (tier.id, tier))
        .collect();
    let rows = by_account(&memberships, &tips);
    let ids: Vec<Uuid> = rows.keys().copied().collect();
    let mut accounts = Vec::new();
    for some in ids.chunks(1000) {
        let found = account::Entity::find().filter(account::Column::Id.is_in(some.to_vec()));
        accounts.extend(found.all(&app.db).await?);
    }
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let mut supporters: Vec<Supporter> = accounts
        .into_iter()
        .filter_map(|account| {
            let rows = rows.get(&account.id)?;
            let standing = standing_among(rows, now, grace);
            let row = rows
                .0
                .iter()
                .find(|row| Some(row.id) == standing.membership_id);
            let tip = rows.1.iter().max_by_key(|tip| tip.paid_at);
            Some(Supporter {
                account_id: account.id,
                email: account.address().unwrap_or_default().to_owned(),
                name: account.name,
                standing: standing.support.word(),
                support: standing.support,
                is_patron: standing.is_patron(),
                tier: row
                    .and_then(|row| tiers.get(&row.tier_id))
                    .map(|tier| tier.name.clone()),
                amount: row.map(|row| row.amount).or(tip.map(|tip| tip.amount)),
                currency: row
                    .map(|row| row.currency.clone())
                    .or_else(|| tip.map(|tip| tip.currency.clone())),
                recurrence: row.map(|row| match row.recurrence {
                    crate::entities::Recurrence::Month => "month",
                    crate::entities::Recurrence::Year => "year",
                }),
                since: standing.since,
                until: standing.until,
                message: tip.and_then(|tip| tip.message.clone()),
                reason: row.and_then(|row| row.cancel_reason.clone()),
                words: row.and_then(|row| row.cancel_words.clone()),
            })
        })
        .collect();
    supporters.sort_by_key(|one| std::cmp::Reverse((one.since, one.account_id)));
    Ok(supporters)
}
