//! What comes back about mail: each report counts once, and only for the address of the mail it names.

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait as _,
    QueryFilter, sea_query::OnConflict,
};
use serde::Deserialize;
use uuid::Uuid;

use super::leaving;
use crate::{
    app::App,
    db,
    entities::{
        mail_report::{self, Kind},
        notice, outbox,
        suppression::Reason,
    },
    mail::{
        reports::{self, Report, Unread},
        suppression::{self, Fingerprint, Purpose},
        unsubscribe::Scope,
        verp::{self, Told},
    },
    web::{Error, Result},
};

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Counted(Kind),
    /// It was here before.
    Known,
    /// The mail it is about is no longer kept.
    Gone,
    /// It is about a mail of ours and tells of nothing that has failed: somebody is away, or it takes longer.
    Harmless,
}

/// Why a report was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error("mail.bounce_address is empty, so no mail has an address to come back to")]
    Off,
    #[error(transparent)]
    Unread(#[from] Unread),
    #[error(transparent)]
    Db(#[from] DbErr),
}

/// Takes in one message that has come back, as it was received.
///
/// # Errors
/// If it tells nothing, or the database fails.
pub async fn take_in(app: &App, raw: &[u8]) -> Result<Taken, NotTaken> {
    let pattern = &app.config.mail.bounce_address;
    if pattern.is_empty() {
        return Err(NotTaken::Off);
    }
    match reports::read(pattern, &app.key, raw) {
        Ok(report) => Ok(count(app, &report).await?),
        Err(Unread::Nothing) => Ok(Taken::Harmless),
        Err(why) => Err(why.into()),
    }
}

async fn count(app: &App, report: &Report) -> Result<Taken, DbErr> {
    let row = outbox::Entity::find_by_id(report.outbox_id);
    let Some(row) = row.one(&app.db).await? else {
        return Ok(Taken::Gone);
    };
    if report.kind == Kind::Leaves {
        return leaves(app, report, &row).await;
    }
    let tx = db::begin(&app.db).await?;
    if !write_down(app, &tx, report).await? {
        return Ok(Taken::Known);
    }
    let (now, said) = (app.clock.now(), report.said.as_str());
    let whom = Fingerprint::of(&app.key, &row.to_address);
    match report.kind {
        Kind::Hard => {
            let why = (Reason::HardBounce, said);
            suppression::suppress(&tx, now, &whom, Purpose::All, why).await?;
        }
        Kind::Soft => {
            suppression::soft_bounce(&tx, now, &whom, said).await?;
        }
        Kind::Complaint | Kind::Leaves => {
            let why = (Reason::Complaint, said);
            suppression::suppress(&tx, now, &whom, Purpose::Notices, why).await?;
        }
    }
    tx.commit().await?;
    Ok(Taken::Counted(report.kind))
}

/// She leaves what that mail was about, as by its link. It is done before it is written down: to leave
/// twice is to leave.
async fn leaves(app: &App, report: &Report, row: &outbox::Model) -> Result<Taken, DbErr> {
    let known = mail_report::Entity::find()
        .filter(mail_report::Column::OutboxId.eq(report.outbox_id))
        .filter(mail_report::Column::Kind.eq(Kind::Leaves))
        .count(&app.db)
        .await?;
    if known > 0 {
        return Ok(Taken::Known);
    }
    let scope = match (row.notice_id, row.variant.as_deref()) {
        (Some(notice), _) => {
            let notice = notice::Entity::find_by_id(notice).one(&app.db).await?;
            notice.map(|notice| Scope::Article(notice.article_id))
        }
        (None, Some("weekly")) => Some(Scope::Weekly),
        (None, Some("daily")) => Some(Scope::Daily),
        (None, _) => None,
    };
    let (Some(account), Some(scope)) = (row.account_id, scope) else {
        return Ok(Taken::Gone);
    };
    leaving::leave_by_mail(app, account, scope).await?;
    let tx = db::begin(&app.db).await?;
    write_down(app, &tx, report).await?;
    tx.commit().await?;
    Ok(Taken::Counted(Kind::Leaves))
}

/// Whether it is new.
async fn write_down(app: &App, tx: &DatabaseTransaction, report: &Report) -> Result<bool, DbErr> {
    use mail_report::Column;
    let row = mail_report::ActiveModel {
        id: Set(Uuid::now_v7()),
        outbox_id: Set(report.outbox_id),
        kind: Set(report.kind),
        said: Set(report.said.clone()),
        received_at: Set(app.clock.now()),
    };
    let once = OnConflict::columns([Column::OutboxId, Column::Kind])
        .do_nothing()
        .to_owned();
    let written = mail_report::Entity::insert(row).on_conflict(once);
    Ok(written.exec_without_returning(tx).await? > 0)
}

/// What a mail service may say instead of passing a message on.
#[derive(Debug, Deserialize)]
struct Said {
    /// The envelope sender of the mail it is about.
    token: String,
    kind: Kind,
    #[serde(default)]
    said: String,
}

/// `POST /webhooks/mail`: a message as it came (`message/rfc822`), or JSON of `token` and `kind`
/// (`hard`, `soft`, `complaint`, `leaves`). 200 taken or known, 403 without the configured token,
/// 422 where it tells nothing.
pub async fn receive(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Result<Response> {
    if !is_trusted(&app, &headers) {
        return Err(Error::Forbidden);
    }
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let taken = match is_json {
        true => said(&app, &body).await,
        false => take_in(&app, &body).await,
    };
    match taken {
        Ok(_) => Ok(StatusCode::OK.into_response()),
        Err(NotTaken::Db(error)) => Err(error.into()),
        Err(why) => {
            tracing::warn!(%why, "a report about mail was not taken in");
            Ok((StatusCode::UNPROCESSABLE_ENTITY, why.to_string()).into_response())
        }
    }
}

async fn said(app: &App, body: &[u8]) -> Result<Taken, NotTaken> {
    let said: Said = serde_json::from_slice(body).map_err(|_| Unread::NoMail)?;
    let pattern = &app.config.mail.bounce_address;
    let told = verp::read(pattern, &app.key, &said.token).ok_or(Unread::NotOurs)?;
    let (Told::Bounced(outbox_id) | Told::Leaves(outbox_id)) = told;
    let report = Report {
        outbox_id,
        kind: said.kind,
        said: said.said.chars().take(500).collect(),
    };
    Ok(count(app, &report).await?)
}

/// `Authorization: Bearer` and the configured token; none is configured, none is trusted.
fn is_trusted(app: &App, headers: &HeaderMap) -> bool {
    let expected = app.config.mail.bounces.webhook_token.as_bytes();
    let given = headers.get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let equal = given.is_some_and(|given| subtle::ConstantTimeEq::ct_eq(given, expected).into());
    equal && !expected.is_empty()
}
