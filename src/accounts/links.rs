//! Links by mail: asking for one, and what opening it does.

use chrono::Duration;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait as _};
use serde_json::json;
use uuid::Uuid;

use super::{
    Address, Newcomer, Refusal, Visitor, asked_mail, devices, likeness,
    proving::prove,
    sessions::{begin_session, end_session},
    tokens::{self, NewToken, issue_named},
};
use crate::{
    app::App,
    db,
    entities::{
        Role, account, session,
        token::{self, Purpose},
    },
    mail::Letter,
    web::own_path,
};

/// How long a mailed link is good for, in minutes.
const MINUTES: i64 = 30;

/// What opens a sign-in page.
pub(super) const TO_SIGN_IN: [Purpose; 2] = [Purpose::SignIn, Purpose::Claim];
/// What opens the page where a password is chosen.
pub(super) const TO_PASSWORD: [Purpose; 1] = [Purpose::Password];

/// Somebody asks for a mail at an address.
pub(super) struct Asked<'a> {
    pub address: Address,
    /// What a newcomer wishes to be called; empty if she was not asked.
    pub name: &'a str,
    /// Where to go afterwards; anything but an own path is dropped.
    pub return_to: Option<&'a str>,
    pub language: &'a str,
}

/// Mails a link that signs in. Known and unknown addresses are treated alike, down to the work that is
/// done, so that neither the answer nor its time tells which it was.
pub(super) async fn mail_sign_in(app: &App, asked: Asked<'_>) -> Result<(), Refusal> {
    let known = known(&app.db, &asked.address).await?;
    mail(app, asked, known, Purpose::SignIn).await
}

/// Mails a link to choose a new password; where there is no account, one to sign in, which makes it.
pub(super) async fn mail_password(app: &App, asked: Asked<'_>) -> Result<(), Refusal> {
    let known = known(&app.db, &asked.address).await?;
    let purpose = match known {
        Some(_) => Purpose::Password,
        None => Purpose::SignIn,
    };
    mail(app, asked, known, purpose).await
}

async fn mail(
    app: &App,
    asked: Asked<'_>,
    known: Option<account::Model>,
    purpose: Purpose,
) -> Result<(), Refusal> {
    let now = app.clock.now();
    let email = asked.address.as_str().to_owned();
    let token = NewToken {
        purpose,
        account_id: known.as_ref().map(|account| account.id),
        email: Some(email.clone()),
        return_to: asked.return_to.map(|path| own_path(path).to_owned()),
        valid_for: Duration::minutes(MINUTES),
    };
    let is_new = known.is_none();
    let is_proven = known.as_ref().is_some_and(|known| known.email.is_some());
    let name = asked.name.trim();
    let mut to = known.unwrap_or_else(|| nobody_yet(asked.language));
    to.email = Some(email);
    let tx = db::begin(&app.db).await?;
    tokens::sweep(&tx, now).await?;
    asked_mail::sweep(&tx, now).await?;
    if !is_proven && !asked_mail::may_write(app, &tx, &asked.address).await? {
        // Whoever asked is told the same.
        return Ok(tx.commit().await?);
    }
    let name = (!name.is_empty()).then(|| name.to_owned());
    let secret = issue_named(&tx, now, token, name).await?;
    let letter = match purpose {
        Purpose::Password => Letter {
            key: format!("password:{}", Uuid::now_v7()),
            kind: "password",
            to: &to,
            values: json!({
                "password_url": app.config.link(&format!("/password/{secret}")),
                "minutes": MINUTES,
            }),
        },
        _ => Letter {
            key: format!("sign_in:{}", Uuid::now_v7()),
            kind: "sign_in",
            to: &to,
            values: json!({
                "sign_in_url": app.config.link(&format!("/sign-in/{secret}")),
                "minutes": MINUTES,
                "is_new": is_new,
            }),
        },
    };
    app.outbox.enqueue(&tx, now, letter).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// The account a proof of this address would lead to, if there is one already.
pub(super) async fn known(
    db: &impl ConnectionTrait,
    address: &Address,
) -> Result<Option<account::Model>, DbErr> {
    let claimed = account::Entity::by_email(address.as_str()).one(db).await?;
    let unclaimed = account::Entity::unclaimed(address.as_str()).one(db).await?;
    Ok(claimed.or(unclaimed))
}

/// Somebody to write to who is no account until she opens the link. The letter does not say the name that was
/// typed: anybody may type anything, and it would go out to anybody.
pub(super) fn nobody_yet(language: &str) -> account::Model {
    account::Model {
        id: Uuid::nil(),
        email: None,
        contact_email: None,
        billing_email: None,
        name: String::new(),
        role: Role::Reader,
        language: language.to_owned(),
        password_hash: None,
        stripe_customer_id: None,
        created_at: chrono::DateTime::UNIX_EPOCH,
        deleted_at: None,
    }
}

/// What a link that signs in leads to.
pub(super) struct Opened {
    pub address: Address,
    pub token: token::Model,
    /// `None` for a newcomer, who is asked what to call her.
    pub account: Option<account::Model>,
}

/// Looks at a link without using it up.
pub(super) async fn open(app: &App, secret: &str) -> Result<Opened, Refusal> {
    open_to(app, secret, &TO_SIGN_IN).await
}

/// The same for a link that is good for something else.
pub(super) async fn open_to(
    app: &App,
    secret: &str,
    purposes: &[Purpose],
) -> Result<Opened, Refusal> {
    let now = app.clock.now();
    let found = tokens::look_at(&app.db, now, secret, purposes).await?;
    let (token, address) = found.ok_or(Refusal::LinkOver)?;
    Ok(Opened {
        account: known(&app.db, &address).await?,
        address,
        token,
    })
}

/// Somebody has just come in.
pub(super) struct Entered {
    /// The value of the session's cookie.
    pub secret: String,
    pub return_to: Option<String>,
}

/// Uses the link up: proves its address, makes the account if there is none, and begins a session.
/// `name` and `password` count for newcomers alone.
pub(super) async fn sign_in(
    app: &App,
    visitor: &Visitor,
    secret: &str,
    (name, password): (&str, &str),
    user_agent: &str,
) -> Result<Entered, Refusal> {
    let opened = open(app, secret).await?;
    let hash = first_hash(app, &opened, name, password).await?;
    let newcomer = Newcomer {
        name,
        language: visitor.language(app),
    };
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let spent = tokens::spend(&tx, now, secret, &TO_SIGN_IN).await?;
    let (token, address) = spent.ok_or(Refusal::LinkOver)?;
    let (account, is_new) = prove(app, &tx, &address, newcomer).await?;
    if let (true, Some(hash)) = (is_new, hash) {
        super::passwords::keep(&tx, account.id, hash).await?;
    }
    let secret = begin(app, &tx, visitor, account.id, user_agent).await?;
    tx.commit().await?;
    Ok(Entered {
        secret,
        return_to: token.return_to,
    })
}

/// Of a newcomer's first password, if she can be called so; nobody else's counts.
pub(super) async fn first_hash(
    app: &App,
    opened: &Opened,
    name: &str,
    password: &str,
) -> Result<Option<String>, Refusal> {
    if opened.account.is_some() {
        return Ok(None);
    }
    let name = &super::profile::named(name)?;
    likeness::check(app, name, None).await?;
    first_password(&opened.address, name, password).await
}

/// She may leave it empty and go on signing in by mail.
async fn first_password(
    address: &Address,
    name: &str,
    typed: &str,
) -> Result<Option<String>, Refusal> {
    if typed.is_empty() {
        return Ok(None);
    }
    Ok(Some(address.password(typed, name)?.hash().await?))
}

/// Begins a session in place of the one this browser had.
pub(super) async fn begin(
    app: &App,
    tx: &DatabaseTransaction,
    visitor: &Visitor,
    account: Uuid,
    user_agent: &str,
) -> Result<String, Refusal> {
    if let Some(old) = &visitor.session {
        end_session(tx, old).await?;
    }
    devices::note(app, tx, account, &visitor.network, user_agent).await?;
    Ok(begin_session(tx, app.clock.now(), account, user_agent).await?)
}

/// Ends the session of this browser.
pub(super) async fn sign_out(app: &App, visitor: &Visitor) -> Result<(), DbErr> {
    match &visitor.session {
        Some(hash) => session::Entity::delete_by_id(hash.clone())
            .exec(&app.db)
            .await
            .map(drop),
        None => Ok(()),
    }
}
