//! What part of the money is an author's: set by the owner, for payments from then on.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::people;
use crate::{
    accounts::{Owner, flash},
    app::App,
    db,
    entities::{audit_entry, author, author_share},
    membership::{ledger, payouts},
    money::Money,
    web::{Error, Path, Result},
};

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// As typed: `85`, `85.5`.
    percent: String,
}

/// `POST /admin/people/{id}/share`
pub async fn change(
    State(app): State<App>,
    owner: Owner,
    Path(id): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let author = author::Entity::of_account(id).one(&app.db).await?;
    let author = author.ok_or(Error::NotFound)?;
    let Some(basis_points) = basis_points(&wanted.percent) else {
        let page = people::with_share(&app, &owner, id, &wanted.percent).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let row = author_share::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(author.id),
        basis_points: Set(basis_points),
        since: Set(now),
    };
    author_share::Entity::insert(row)
        .exec_without_returning(&tx)
        .await?;
    payouts::share_changed(&tx, now, author.id).await?;
    let (who, subject) = (Some(owner.account.id), author.id.to_string());
    let detail = json!({ "basis_points": basis_points });
    audit_entry::Entity::note(&tx, now, who, "share", &subject, &detail).await?;
    tx.commit().await?;
    Ok(flash(&app, "/admin/people", "flash-share-changed"))
}

/// Per cent are hundredths of hundredths, as euros are hundredths of cents.
fn basis_points(percent: &str) -> Option<i32> {
    let read = Money::parse(percent.trim().trim_end_matches('%').trim_end(), "eur").ok()?;
    i32::try_from(read.amount)
        .ok()
        .filter(|points| *points <= ledger::WHOLE)
}

/// The shares of those of these accounts who publish, as people type them.
///
/// # Errors
/// If the database fails.
pub(super) async fn of(
    app: &App,
    accounts: impl Iterator<Item = Uuid>,
) -> Result<HashMap<Uuid, String>, DbErr> {
    let authors = author::Entity::find()
        .filter(author::Column::AccountId.is_in(accounts))
        .all(&app.db)
        .await?;
    let mut shares = HashMap::new();
    for author in authors {
        let share = ledger::share_at(&app.db, author.id, app.clock.now()).await?;
        let percent = Money::new(i64::from(share), "eur").plain();
        let short = percent.strip_suffix(".00").unwrap_or(&percent).to_owned();
        shares.insert(author.account_id, short);
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_people_type_it() {
        for (typed, expected) in [
            ("85", Some(8_500)),
            (" 85.5 % ", Some(8_550)),
            ("85,25%", Some(8_525)),
            ("100", Some(10_000)),
            ("0", Some(0)),
            ("100.01", None),
            ("-1", None),
            ("1.234", None),
            ("", None),
        ] {
            assert_eq!(basis_points(typed), expected, "{typed}");
        }
    }
}
