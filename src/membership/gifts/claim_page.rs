//! `/gifts/{token}`: who gives what, and taking it; and mailing the link once more.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    claiming::{self, Way},
    letters::{self, parties},
    link,
};
use crate::{
    accounts::{Address, Reader, Visitor, flash, may_write},
    app::App,
    authors, db,
    entities::grant,
    web::{Action, Error, Path, Result},
};

/// `GET /gifts/{token}`: spends nothing.
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let Some(row) = claiming::find(&app.db, &token).await? else {
        return over(&app, &visitor);
    };
    let way = claiming::way(&app, &app.db, &row, visitor.account.as_ref()).await?;
    shown(&app, &visitor, &row, way).await
}

/// `POST /gifts/{token}`: it is hers from now on.
pub async fn claim(
    State(app): State<App>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response> {
    let Some(reader) = &visitor.account else {
        let return_to = format!("/gifts/{token}");
        return Err(Error::SignIn { return_to });
    };
    let Some(row) = claiming::find(&app.db, &token).await? else {
        return over(&app, &visitor);
    };
    match claiming::claim(&app, reader, &row).await? {
        Way::Open { .. } | Way::Mine => Ok(flash(&app, "/account", "flash-gift-claimed")),
        way => {
            let page = shown(&app, &visitor, &row, way).await?;
            let is_over = page.status() == StatusCode::GONE;
            Ok(if is_over {
                page
            } else {
                (StatusCode::CONFLICT, page).into_response()
            })
        }
    }
}

/// A link that was used, was taken back, or never was: 410, and nothing of whose it was.
fn over(app: &App, visitor: &Visitor) -> Result<Response> {
    let page = visitor.page(app, "membership/gift_over.html", &json!({}))?;
    Ok(unkept((StatusCode::GONE, page).into_response()))
}

async fn shown(app: &App, visitor: &Visitor, row: &grant::Model, way: Way) -> Result<Response> {
    let (word, begins) = match way {
        Way::Over => return over(app, visitor),
        Way::Open { begins } => ("open", begins),
        Way::Later => ("later", None),
        Way::Own => ("own", None),
        Way::Mine => ("mine", row.starts_at),
    };
    let parties = parties(&app.db, row).await?;
    let message = row.message.as_deref().unwrap_or_default();
    let page = json!({
        "way": word,
        "begins": begins,
        "author": { "name": parties.author.name, "slug": parties.author.slug, "portrait": authors::portrait(&parties.author) },
        "tier_name": parties.tier.name,
        "tier_lines": parties.tier.description.lines().collect::<Vec<_>>(),
        "giver_name": parties.buyer.as_ref().map(|buyer| &buyer.name),
        "is_given": row.origin == grant::Origin::Given,
        "months": row.months,
        "ends_at": row.ends_at,
        "message_lines": message.lines().collect::<Vec<_>>(),
        "gift_url": link(app, row.id),
        "path": visitor.path,
        "is_signed_in": visitor.account.is_some(),
    });
    Ok(unkept(visitor.page(
        app,
        "membership/gift_claim.html",
        &page,
    )?))
}

fn unkept(mut response: Response) -> Response {
    let no_store = HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, no_store);
    response
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub struct Again {
    email: String,
}

/// `POST /account/gifts/{id}/send`: the buyer mails the link, to the same address or another.
pub async fn send_again(
    State(app): State<App>,
    reader: Reader,
    Path(id): Path<Uuid>,
    Form(again): Form<Again>,
) -> Result<Response> {
    let by = reader.account.id.to_string();
    app.limits.check(Action::MailFormBy, &by)?;
    let Ok(address) = Address::parse(&again.email) else {
        return Ok(flash(&app, "/account", "flash-gift-bad-address"));
    };
    let said = send(&app, reader.account.id, id, &address).await?;
    Ok(flash(&app, "/account", said))
}

/// Returns the sentence that answers it.
async fn send(app: &App, buyer: Uuid, id: Uuid, address: &Address) -> Result<&'static str> {
    let tx = db::begin(&app.db).await?;
    let row = grant::Entity::bought_by(buyer)
        .filter(grant::Column::Id.eq(id))
        .filter(grant::Column::AccountId.is_null())
        .filter(grant::Column::RevokedAt.is_null())
        .lock_exclusive()
        .one(&tx)
        .await?;
    let row = row.ok_or(Error::NotFound)?;
    if !may_write(app, &tx, address).await? {
        return Ok("flash-gift-often");
    }
    let again = row.sends + 1;
    let mut row: grant::ActiveModel = row.into();
    row.recipient_email = Set(Some(address.as_str().to_owned()));
    row.sends = Set(again);
    row.stage = Set(super::SENT);
    row.due_at = Set(None);
    let row = row.update(&tx).await?;
    letters::sent(app, &tx, &row, again).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok("flash-gift-sent")
}
