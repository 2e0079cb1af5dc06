//! `/studio/supporters`: who supports this author, since when, with what.

mod listing;
mod notes;
mod person;
mod timeline;
mod wanted;

use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::grants::Wanted as GivenForm;
use crate::{accounts::Author, app::App, entities::tier, membership::gifts, web::Result};
pub(super) use listing::{Supporter, some};
pub use notes::{add_label, add_note, delete_label, delete_note};
pub use person::show as person;
use wanted::Wanted;

/// How many supporters one page shows.
const PAGE: u64 = 50;

/// What the page's address may say.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Which {
    /// `patrons`, `risk`, `failing`, `leaving` or `former`; all without.
    show: Option<String>,
    /// A part of a name, an address or a label.
    q: Option<String>,
    /// A tier's id.
    tier: Option<String>,
    /// Who came on this day or after: `2026-11-26`.
    since: Option<String>,
    /// A word the author has given.
    label: Option<String>,
    #[serde(default)]
    page: u64,
}

impl Which {
    /// What is looked for among this author's; a label is meant whatever the case of its letters.
    async fn wanted(&self, db: &impl ConnectionTrait, author: Uuid) -> Result<Wanted, DbErr> {
        let said = |text: &Option<String>| {
            let text = text.as_deref().map(str::trim);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let label = match said(&self.label) {
            Some(label) => Some(
                listing::known_label(db, author, &label)
                    .await?
                    .unwrap_or(label),
            ),
            None => None,
        };
        Ok(Wanted {
            show: said(&self.show).unwrap_or_else(|| "all".to_owned()),
            text: said(&self.q),
            tier: said(&self.tier).and_then(|id| id.parse::<Uuid>().ok()),
            since: said(&self.since).and_then(|day| day.parse().ok()),
            label,
        })
    }
}

/// `GET /studio/supporters`
pub async fn list(
    State(app): State<App>,
    author: Author,
    Query(which): Query<Which>,
) -> Result<Response> {
    let typed = json!({ "form": GivenForm::default(), "problem": null });
    page(&app, &author, &which, typed).await
}

/// All whom the page's address means, for a file.
///
/// # Errors
/// If the database fails.
pub(super) async fn all(app: &App, author: Uuid, which: &Which) -> Result<Vec<Supporter>, DbErr> {
    let wanted = which.wanted(&app.db, author).await?;
    listing::page(&app.db, author, &wanted, 0, u64::MAX >> 1).await
}

/// With the form to give a membership as it came back, 422.
pub(super) async fn again(
    app: &App,
    author: &Author,
    wanted: &GivenForm,
    problem: &str,
) -> Result<Response> {
    let typed = json!({ "form": wanted, "problem": problem });
    let page = page(app, author, &Which::default(), typed).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn page(
    app: &App,
    author: &Author,
    which: &Which,
    typed: serde_json::Value,
) -> Result<Response> {
    let id = author.author.id;
    let now = app.clock.now();
    let wanted = which.wanted(&app.db, id).await?;
    let mut filters = Vec::new();
    for name in ["all", "patrons", "risk", "former"] {
        let count = listing::count(&app.db, id, &wanted.showing(name)).await?;
        filters.push(json!({ "name": name, "count": count, "is_current": name == wanted.show }));
    }
    let total = listing::count(&app.db, id, &wanted).await?;
    let first = which.page.saturating_mul(PAGE).min(total);
    let tiers = tier::Entity::of(id).all(&app.db).await?;
    let tiers: Vec<_> = tiers
        .iter()
        .map(|tier| json!({ "id": tier.id, "name": tier.name }))
        .collect();
    let page = json!({
        "filters": filters,
        "wanted": wanted,
        "is_filtered": wanted.is_narrow(),
        "query": wanted.query(),
        "tiers": tiers.clone(),
        "labels": listing::labels(&app.db, id).await?,
        "total": total,
        "supporters": listing::page(&app.db, id, &wanted, first, PAGE).await?,
        "given": gifts::listed(&app.db, now, Some(id)).await?,
        "given_tiers": tiers,
        "given_room": "/studio",
        "tomorrow": now.date_naive() + chrono::Duration::days(1),
        "typed": typed,
        "previous": which.page.checked_sub(1),
        "next": (first + PAGE < total).then_some(which.page + 1),
    });
    author.visitor.page(app, "studio/supporters.html", &page)
}
