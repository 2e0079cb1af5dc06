//! The way in for whoever may not comment: whom it is for, how that stands with her, and where it leads.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Serialize;
use uuid::Uuid;

use super::{
    fields::sign_in_path,
    place::Place,
    policy::{Refusal, read_only_from, rule_of},
};
use crate::{
    app::App,
    authors::{self, Together},
    entities::{Gate, ban, tier},
    membership::{Standing, tiers},
};

/// What `comments/way_in.html` shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WayIn {
    /// Which of the template's parts is said: a [`Refusal`]'s word.
    part: &'static str,
    author: String,
    /// Whose patrons it is for, where more than one wrote the article.
    together: Option<Together>,
    /// Where it is open to some tiers alone.
    tiers: Option<Tiers>,
    support_path: String,
    sign_in_path: String,
    /// Where she mends her card; a POST.
    mend_path: Option<String>,
    /// Where she pays what is owed, or confirms it to her bank; a POST.
    pay_path: Option<String>,
    /// When the conversation became read-only, or her ban ends.
    until: Option<DateTime<Utc>>,
    /// Why she may not comment.
    reason: Option<String>,
}

/// The tiers a conversation is open to.
#[derive(Clone, Debug, Serialize)]
struct Tiers {
    count: usize,
    /// All their names but the last, with commas between; the name itself of one alone.
    first: String,
    last: String,
    /// The cheapest of them that can be had.
    cheapest: Option<String>,
    /// Where a patron changes to it, and others are shown it.
    change_path: Option<String>,
    /// The tier she has.
    hers: Option<String>,
    /// Whether that is one of them.
    fits: bool,
}

impl WayIn {
    /// # Errors
    /// If the database fails.
    pub async fn new(
        app: &App,
        refusal: Refusal,
        place: &Place,
        standing: &Standing,
    ) -> Result<Self, DbErr> {
        let slug = &place.article.slug;
        let rule = rule_of(&place.article, app.clock.now());
        let is_open = !matches!(refusal, Refusal::Closed | Refusal::Over);
        let mut support_path = format!("/authors/{}/support?article={slug}", place.author.slug);
        let tiers = match rule.gate {
            Gate::Tiers if is_open => {
                let (tiers, marked) = open_to(app, place, standing, &rule.tiers).await?;
                support_path.push_str(&marked);
                Some(tiers)
            }
            _ => None,
        };
        let mended = standing.membership_id.filter(|_| standing.needs_mending());
        Ok(Self {
            part: refusal.word(),
            author: place.author.name.clone(),
            together: match rule.gate {
                Gate::Patrons if is_open => {
                    let others = authors::co_authors(&app.db, place.article.id).await?;
                    Together::of(&place.author, &others)
                }
                _ => None,
            },
            tiers,
            support_path,
            sign_in_path: sign_in_path(&format!("/articles/{slug}#comment-form")),
            mend_path: mended.map(|id| format!("/account/memberships/{id}/card")),
            pay_path: mended.map(|id| format!("/account/memberships/{id}/pay")),
            until: read_only_from(&place.article).filter(|_| refusal == Refusal::Over),
            reason: None,
        })
    }

    /// For somebody who was banned.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn banned(app: &App, ban: &ban::Model, place: &Place) -> Result<Self, DbErr> {
        Ok(Self {
            part: "banned",
            until: ban.until,
            reason: Some(ban.reason.clone()),
            ..Self::new(app, Refusal::Closed, place, &Standing::NONE).await?
        })
    }
}

/// The tiers, and how the support page's address goes on to mark the cheapest of them. What it says of her holds
/// for everybody with her tier: pages are kept for all of them.
async fn open_to(
    app: &App,
    place: &Place,
    standing: &Standing,
    admitted: &[Uuid],
) -> Result<(Tiers, String), DbErr> {
    let wanted = admitted.iter().copied().chain(standing.tier_id);
    let known = tier::Entity::find()
        .filter(tier::Column::Id.is_in(wanted))
        .order_by_asc(tier::Column::Position)
        .all(&app.db)
        .await?;
    let name = |id: Uuid| {
        let mut known = known.iter();
        let found = known.find(|tier| tier.id == id);
        found.map(|tier| tier.name.clone())
    };
    let named = known.iter().filter(|tier| admitted.contains(&tier.id));
    let mut names: Vec<&str> = named.map(|tier| tier.name.as_str()).collect();
    names.dedup();
    let count = names.len();
    let last = names.pop().unwrap_or_default().to_owned();
    let first = match names.is_empty() {
        true => last.clone(),
        false => names.join(", "),
    };
    let cheapest = tiers::cheapest_open_of(app, place.author.id, admitted).await?;
    let marked = cheapest.map(|(id, every)| {
        let every = every.word();
        format!("&tier={id}&every={every}#tier-{id}")
    });
    let slug = &place.author.slug;
    let tiers = Tiers {
        count,
        first,
        last,
        cheapest: cheapest.and_then(|(id, _)| name(id)),
        change_path: cheapest.map(|(id, _)| format!("/authors/{slug}/tier?tier={id}")),
        hers: standing.tier_id.and_then(name),
        fits: standing
            .tier_id
            .is_some_and(|tier| admitted.contains(&tier)),
    };
    Ok((tiers, marked.unwrap_or_default()))
}
