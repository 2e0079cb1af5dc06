//! Asking somebody to write here, or to help to run it: a link by mail, which makes her what she was asked to be.

use chrono::Duration;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    Address, Newcomer, Owner, Refusal, Visitor,
    asked_mail::may_write,
    links::{self, Entered, Opened, first_hash, nobody_yet},
    people::promote,
    profile::named,
    proving::prove,
    tokens::{self, NewToken, issue_token},
};
use crate::{
    app::App,
    db,
    entities::{
        Role, account, audit_entry, invitation,
        token::{self, Purpose},
    },
    mail::Letter,
};

/// How long an invitation is good for, in days.
const DAYS: i64 = 14;
const TO_JOIN: [Purpose; 1] = [Purpose::Invitation];

/// Somebody to ask, as typed.
#[derive(Clone, Debug)]
pub struct Invited<'a> {
    pub email: &'a str,
    /// May be empty.
    pub name: &'a str,
    pub role: Role,
}

/// Mails an invitation. One to the same address takes the place of an earlier one.
///
/// # Errors
/// If the address cannot be written to, or is already that of somebody who is that.
pub async fn invite(app: &App, owner: &Owner, invited: Invited<'_>) -> Result<(), Refusal> {
    let address = Address::parse(invited.email)?;
    let name = match invited.name.trim() {
        "" => String::new(),
        name => named(name)?,
    };
    let known = account::Entity::by_email(address.as_str())
        .one(&app.db)
        .await?;
    let is_known = known.is_some();
    if known.is_some_and(|known| known.role >= invited.role) {
        return Err(Refusal::AlreadyThat);
    }
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    if !is_known && !may_write(app, &tx, &address).await? {
        return Err(Refusal::WrittenOften);
    }
    forget(&tx, address.as_str()).await?;
    let row = invitation::Model {
        id: Uuid::now_v7(),
        email: address.as_str().to_owned(),
        name,
        role: invited.role,
        invited_by: Some(owner.account.id),
        created_at: now,
        expires_at: now + Duration::days(DAYS),
    };
    let all: invitation::ActiveModel = row.clone().into();
    invitation::Entity::insert(all.reset_all())
        .exec_without_returning(&tx)
        .await?;
    write(app, &tx, &row, &owner.account).await?;
    note(&tx, now, owner, "invite", &row).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// Mails it again, with a new link; the old one is over. `false` if there is none any more.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub async fn invite_again(app: &App, owner: &Owner, id: Uuid) -> Result<bool, Refusal> {
    let found = invitation::Entity::find_by_id(id).one(&app.db).await?;
    let Some(found) = found else {
        return Ok(false);
    };
    let again = Invited {
        email: &found.email,
        name: &found.name,
        role: found.role,
    };
    match invite(app, owner, again).await {
        Err(Refusal::AlreadyThat) => Ok(false),
        done => done.map(|()| true),
    }
}

/// Takes it back: its link is over. `false` if there is none any more.
///
/// # Errors
/// If the database fails.
pub async fn withdraw(app: &App, owner: &Owner, id: Uuid) -> Result<bool, DbErr> {
    let tx = db::begin(&app.db).await?;
    let found = invitation::Entity::find_by_id(id).one(&tx).await?;
    let Some(found) = found else {
        return Ok(false);
    };
    forget(&tx, &found.email).await?;
    note(&tx, app.clock.now(), owner, "withdraw", &found).await?;
    tx.commit().await?;
    Ok(true)
}

/// An invitation somebody looks at.
pub(super) struct Asked {
    pub opened: Opened,
    pub invitation: invitation::Model,
    /// The owner's name, where it is still known.
    pub by: Option<String>,
}

/// Looks at an invitation without using it up.
pub(super) async fn open(app: &App, secret: &str) -> Result<Asked, Refusal> {
    let opened = links::open_to(app, secret, &TO_JOIN).await?;
    let found = invitation::Entity::to(opened.address.as_str())
        .one(&app.db)
        .await?;
    let invitation = found.ok_or(Refusal::LinkOver)?;
    let by = match invitation.invited_by {
        Some(id) => account::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    Ok(Asked {
        opened,
        invitation,
        by: by.map(|by| by.name),
    })
}

/// Uses it up: its address is proven, the account made if there is none, and she is what she was asked to be.
pub(super) async fn accept(
    app: &App,
    visitor: &Visitor,
    secret: &str,
    (name, password): (&str, &str),
    user_agent: &str,
) -> Result<Entered, Refusal> {
    let asked = open(app, secret).await?;
    let hash = first_hash(app, &asked.opened, name, password).await?;
    let newcomer = Newcomer {
        name,
        language: visitor.language(app),
    };
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let spent = tokens::spend(&tx, now, secret, &TO_JOIN).await?;
    let (_, address) = spent.ok_or(Refusal::LinkOver)?;
    let invitation = invitation::Entity::to(address.as_str()).one(&tx).await?;
    let invitation = invitation.ok_or(Refusal::LinkOver)?;
    let (account, is_new) = prove(app, &tx, &address, newcomer).await?;
    if let (true, Some(hash)) = (is_new, hash) {
        super::passwords::keep(&tx, account.id, hash).await?;
    }
    let account = promote(&tx, account, invitation.role).await?;
    let detail = json!({ "role": invitation.role, "by": invitation.invited_by });
    let (who, subject) = (Some(account.id), account.id.to_string());
    audit_entry::Entity::note(&tx, now, who, "accept", &subject, &detail).await?;
    forget(&tx, address.as_str()).await?;
    let secret = links::begin(app, &tx, visitor, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(Entered {
        secret,
        return_to: Some("/studio".to_owned()),
    })
}

async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    row: &invitation::Model,
    owner: &account::Model,
) -> Result<(), Refusal> {
    let token = NewToken {
        purpose: Purpose::Invitation,
        account_id: None,
        email: Some(row.email.clone()),
        return_to: None,
        valid_for: Duration::days(DAYS),
    };
    let secret = issue_token(tx, row.created_at, token).await?;
    let known = account::Entity::by_email(&row.email).one(tx).await?;
    let mut to = known.unwrap_or_else(|| nobody_yet(&app.config.publication.language));
    to.email = Some(row.email.clone());
    let letter = Letter {
        key: format!("invitation:{}", row.id),
        kind: "invitation",
        to: &to,
        values: json!({
            "inviter": owner.name,
            "role": row.role,
            "invitation_url": app.config.link(&format!("/invitations/{secret}")),
            "days": DAYS,
        }),
    };
    app.outbox.enqueue(tx, row.created_at, letter).await?;
    Ok(())
}

/// Ends what was asked of this address before.
async fn forget(tx: &DatabaseTransaction, email: &str) -> Result<(), DbErr> {
    token::Entity::delete_many()
        .filter(token::Column::Email.eq(email))
        .filter(token::Column::Purpose.eq(Purpose::Invitation))
        .filter(token::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    invitation::Entity::delete_many()
        .filter(invitation::Column::Email.eq(email))
        .exec(tx)
        .await
        .map(drop)
}

async fn note(
    tx: &DatabaseTransaction,
    now: chrono::DateTime<chrono::Utc>,
    owner: &Owner,
    act: &str,
    row: &invitation::Model,
) -> Result<(), DbErr> {
    let detail = json!({ "role": row.role });
    audit_entry::Entity::note(tx, now, Some(owner.account.id), act, &row.email, &detail).await
}
