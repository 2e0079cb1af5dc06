//! `/admin/mail`: the outbox, a second try or a discard for what could not go, and the addresses that are not
//! written to.

use axum::{
    Form,
    extract::{Query, State},
    response::Response,
};
use sea_orm::{
    ActiveEnum as _, ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder as _,
    QuerySelect as _,
};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    outgoing::{discard, lift, retry, start},
    page::{history, known_word, room},
};
use crate::{
    accounts::{Owner, flash},
    app::App,
    entities::{
        mail_stop,
        outbox::{self, Column, State as Stage},
        suppression,
    },
    mail::suppression::Fingerprint,
    web::{Error, Path, Result},
};

/// How many mails, or addresses, a page lists.
const LISTED: u64 = 100;

/// Which mails are wanted.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    state: Option<String>,
}

/// The states a list can be had of, as they are offered.
const STATES: [Stage; 5] = [
    Stage::Dead,
    Stage::Waiting,
    Stage::Suppressed,
    Stage::Sent,
    Stage::Discarded,
];

/// `GET /admin/mail`: what could not go first, then the newest; `?state=dead` and so on: those alone.
pub async fn list(
    State(app): State<App>,
    owner: Owner,
    Query(wanted): Query<Wanted>,
) -> Result<Response> {
    let wanted = wanted.state.as_deref();
    let only = STATES
        .into_iter()
        .find(|state| Some(state.to_value().as_str()) == wanted);
    let mut rows = outbox::Entity::find()
        .order_by(Column::State.eq(Stage::Dead), Order::Desc)
        .order_by_desc(Column::CreatedAt)
        .limit(LISTED);
    if let Some(state) = only {
        rows = rows.filter(Column::State.eq(state));
    }
    let rows = rows.all(&app.db).await?;
    let stop = mail_stop::Entity::standing().one(&app.db).await?;
    let page = json!({
        "mails": rows.iter().map(|mail| row(&app, mail)).collect::<Vec<_>>(),
        "states": STATES,
        "state": only,
        "stop": stop.map(|stop| json!({
            "why": stop.why, "since": stop.since, "probe_at": stop.probe_at,
        })),
    });
    room(&app, &owner, "admin/mails.html", page).await
}

/// `GET /admin/mail/{id}`
pub async fn show(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let found = outbox::Entity::find_by_id(id).one(&app.db).await?;
    let mail = found.ok_or(Error::NotFound)?;
    // Links in a mail are keys to somebody's account, so an owner sees what it was about, not the text.
    let page =
        json!({ "mail": row(&app, &mail), "history": history(&app, &id.to_string()).await? });
    room(&app, &owner, "admin/mail.html", page).await
}

/// `POST /admin/mail/{id}/retry`
pub async fn again(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let key = match retry(&app, Some(owner.account.id), id).await? {
        true => "flash-mail-retried",
        false => "flash-mail-not-retried",
    };
    app.work.notify_one();
    Ok(flash(&app, &format!("/admin/mail/{id}"), key))
}

/// `POST /admin/mail/{id}/discard`
pub async fn aside(State(app): State<App>, owner: Owner, Path(id): Path<Uuid>) -> Result<Response> {
    let key = match discard(&app, Some(owner.account.id), id).await? {
        true => "flash-mail-discarded",
        false => "flash-mail-not-discarded",
    };
    Ok(flash(&app, &format!("/admin/mail/{id}"), key))
}

/// `POST /admin/mail/start`: asks the relay at once.
pub async fn begin_again(State(app): State<App>, owner: Owner) -> Result<Response> {
    let key = match start(&app, Some(owner.account.id)).await? {
        true => "flash-mail-asked",
        false => "flash-mail-goes",
    };
    Ok(flash(&app, "/admin/mail", key))
}

/// Which address is looked for.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    q: Option<String>,
}

/// `GET /admin/mail/addresses`: those not written to, the newest first.
pub async fn addresses(
    State(app): State<App>,
    owner: Owner,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let search = asked.q.as_deref().map(str::trim);
    let search = search.filter(|text| !text.is_empty());
    let mut wanted = suppression::Entity::find()
        .filter(suppression::Column::SuppressedAt.is_not_null())
        .order_by_desc(suppression::Column::SuppressedAt)
        .limit(LISTED);
    if let Some(address) = search {
        let whom = Fingerprint::of(&app.key, address);
        wanted = wanted.filter(suppression::Column::Fingerprint.eq(whom.as_str()));
    }
    let rows = wanted.all(&app.db).await?;
    let rows: Vec<Value> = rows.iter().map(|row| address(&app, row)).collect();
    let page = json!({ "addresses": rows, "search": search });
    room(&app, &owner, "admin/addresses.html", page).await
}

/// What is pressed beside an address.
#[derive(Debug, Deserialize)]
pub struct Lifted {
    id: Uuid,
}

/// `POST /admin/mail/addresses`: writes to one again.
pub async fn write_again(
    State(app): State<App>,
    owner: Owner,
    Form(lifted): Form<Lifted>,
) -> Result<Response> {
    let key = match lift(&app, Some(owner.account.id), lifted.id).await? {
        true => "flash-address-lifted",
        false => "flash-address-not-lifted",
    };
    Ok(flash(&app, "/admin/mail/addresses", key))
}

fn address(app: &App, row: &suppression::Model) -> Value {
    let reason = match json!(row.reason) {
        Value::String(reason) => reason.replace('_', "-"),
        _ => "owner".to_owned(),
    };
    let words = known_word(
        app,
        format!("admin-suppressed-{reason}"),
        "admin-suppressed-owner",
    );
    json!({
        "id": row.id,
        "to": row.masked,
        "words": words,
        "said": row.words,
        "is_all": row.purpose == "all",
        "since": row.suppressed_at,
    })
}

fn row(app: &App, mail: &outbox::Model) -> Value {
    json!({
        "id": mail.id,
        "key": mail.key,
        // One that was written by an earlier version may be of a kind there is no more.
        "kind": known_word(app, format!("mail-kind-{}", mail.kind), "mail-kind-other"),
        "to": mail.to_address,
        "subject": mail.subject,
        "state": mail.state,
        "attempts": mail.attempts,
        "error": mail.error,
        "created_at": mail.created_at,
        "run_at": mail.run_at,
        "sent_at": mail.sent_at,
    })
}
