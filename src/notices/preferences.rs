//! Choosing, on one's own page, whose notices to get and how often, and seeing what is not written.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;

use super::{choosing, digests::word, following, leaving};
use crate::{
    accounts::{Reader, flash},
    app::App,
    db,
    entities::{
        Frequency, author, following as rows, grant, membership,
        suppression::{self, Reason},
        tip,
    },
    mail::suppression::{self as held, Fingerprint, Purpose},
    membership::{grant_in_force, in_force, tip_in_force},
    web::{Error, Result},
};

/// A choice on one's own page.
#[derive(Debug, Deserialize)]
pub struct Choice {
    author: Option<Uuid>,
    frequency: Option<Frequency>,
    /// `no` for none, anything else for at once.
    wants: Option<String>,
    /// `off`: none of anybody.
    all: Option<String>,
    /// `all` or `notices`: writes to her again.
    lift: Option<String>,
}

/// `GET /account/notices`
pub async fn show(State(app): State<App>, reader: Reader) -> Result<Response> {
    let page = json!({
        "authors": authors(&app, reader.account.id).await?,
        "held": held_back(&app, &reader).await?,
        "choices": CHOICES.map(word),
    });
    reader.visitor.page(&app, "notices/preferences.html", &page)
}

/// In the order they are offered.
const CHOICES: [Frequency; 4] = [
    Frequency::AtOnce,
    Frequency::Daily,
    Frequency::Weekly,
    Frequency::None,
];

/// `POST /account/notices`
pub async fn change(
    State(app): State<App>,
    reader: Reader,
    Form(choice): Form<Choice>,
) -> Result<Response> {
    let said = changed(&app, &reader, &choice).await?;
    Ok(flash(&app, "/account/notices", said))
}

async fn changed(app: &App, reader: &Reader, choice: &Choice) -> Result<&'static str> {
    if choice.all.as_deref() == Some("off") {
        leaving::all_off(app, reader.account.id).await?;
        return Ok("flash-notices-all-off");
    }
    if let Some(purpose) = &choice.lift {
        return lift(app, reader, purpose).await;
    }
    let author = choice.author.ok_or(Error::NotFound)?;
    let known = author::Entity::find_by_id(author).one(&app.db).await?;
    let author = known.ok_or(Error::NotFound)?;
    let frequency = match choice.wants.as_deref() {
        Some("no") => Frequency::None,
        _ => choice.frequency.unwrap_or(Frequency::AtOnce),
    };
    choosing::choose_signed_in(app, &reader.account, author.id, frequency).await?;
    Ok(following::said(frequency))
}

/// Writes to her again, where her address is her own: proven.
async fn lift(app: &App, reader: &Reader, purpose: &str) -> Result<&'static str> {
    let purpose = match purpose {
        "all" => Purpose::All,
        "notices" => Purpose::Notices,
        _ => return Err(Error::NotFound),
    };
    let address = reader.account.email.as_deref().ok_or(Error::Forbidden)?;
    let tx = db::begin(&app.db).await?;
    held::lift(&tx, &Fingerprint::of(&app.key, address), purpose).await?;
    tx.commit().await?;
    Ok("flash-notices-lifted")
}

/// What is not written to her address, since when and why.
async fn held_back(app: &App, reader: &Reader) -> Result<Vec<Value>, DbErr> {
    use suppression::Column;
    let Some(address) = &reader.account.email else {
        return Ok(Vec::new());
    };
    let rows = suppression::Entity::find()
        .filter(Column::Fingerprint.eq(Fingerprint::of(&app.key, address).as_str()))
        .filter(Column::Purpose.is_in([Purpose::All.word(), Purpose::Notices.word()]))
        .filter(Column::SuppressedAt.is_not_null())
        .order_by_asc(Column::Purpose)
        .all(&app.db)
        .await?;
    let each = rows.iter().map(|row| {
        json!({
            "purpose": row.purpose,
            "reason": row.reason.map(reason),
            "since": row.suppressed_at,
        })
    });
    Ok(each.collect())
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::HardBounce => "hard-bounce",
        Reason::SoftBounces => "soft-bounces",
        Reason::Complaint => "complaint",
        Reason::Unsubscribed => "unsubscribed",
        Reason::Owner => "owner",
    }
}

/// Every author she follows, supports, or has said something about, and how often she hears of each.
async fn wanted(app: &App, account: Uuid) -> Result<BTreeMap<Uuid, Frequency>, DbErr> {
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let mut wanted: BTreeMap<Uuid, Frequency> = BTreeMap::new();
    let members = membership::Entity::find()
        .filter(membership::Column::AccountId.eq(account))
        .filter(in_force(now, grace))
        .all(&app.db)
        .await?;
    let tips = tip::Entity::find()
        .filter(tip::Column::AccountId.eq(account))
        .filter(tip_in_force(now))
        .all(&app.db)
        .await?;
    let grants = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant_in_force(now))
        .all(&app.db)
        .await?;
    let at_once = |author: Uuid| (author, Frequency::AtOnce);
    wanted.extend(members.iter().map(|row| at_once(row.author_id)));
    wanted.extend(tips.iter().map(|row| at_once(row.author_id)));
    wanted.extend(grants.iter().map(|row| at_once(row.author_id)));
    let said = rows::Entity::find()
        .filter(rows::Column::AccountId.eq(account))
        .all(&app.db)
        .await?;
    wanted.extend(said.iter().map(|row| (row.author_id, row.frequency)));
    Ok(wanted)
}

/// The authors whose articles somebody hears of, however often.
pub(super) async fn heard_of(app: &App, account: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let wanted = wanted(app, account).await?.into_iter();
    let heard = wanted.filter(|(_, frequency)| *frequency != Frequency::None);
    Ok(heard.map(|(author, _)| author).collect())
}

async fn authors(app: &App, account: Uuid) -> Result<Vec<Value>, DbErr> {
    let wanted = wanted(app, account).await?;
    let authors = author::Entity::find()
        .filter(author::Column::Id.is_in(wanted.keys().copied()))
        .order_by_asc(author::Column::Name)
        .all(&app.db)
        .await?;
    let each = authors.iter().map(|author| {
        json!({
            "id": author.id,
            "name": author.name,
            "slug": author.slug,
            "frequency": wanted.get(&author.id).copied().map(word),
        })
    });
    Ok(each.collect())
}
