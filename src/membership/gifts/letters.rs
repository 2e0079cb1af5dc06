//! What is written to whom about a gift; each letter once, by its key.

use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::link;
use crate::{
    app::App,
    authors,
    entities::{Role, account, author, grant, membership, tier},
    mail::Letter,
    membership::{
        author_news::{self, News},
        standing::standing_of,
        stay::stay,
    },
};

/// Whom a gift is from and to, as letters and pages name them.
pub(super) struct Parties {
    pub author: author::Model,
    pub tier: tier::Model,
    pub buyer: Option<account::Model>,
    pub holder: Option<account::Model>,
}

/// # Errors
/// If the database fails, or the author or tier is gone, which cannot be.
pub(super) async fn parties(
    db: &impl sea_orm::ConnectionTrait,
    row: &grant::Model,
) -> anyhow::Result<Parties> {
    let author = author::Entity::find_by_id(row.author_id).one(db).await?;
    let tier = tier::Entity::find_by_id(row.tier_id).one(db).await?;
    let (Some(author), Some(tier)) = (author, tier) else {
        anyhow::bail!("a gift of nothing");
    };
    let buyer = match row.buyer_id {
        Some(id) => account::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    let holder = match row.account_id {
        Some(id) => account::Entity::find_by_id(id).one(db).await?,
        None => None,
    };
    Ok(Parties {
        author,
        tier,
        buyer,
        holder,
    })
}

/// To the buyer, with the link.
pub(in crate::membership) async fn bought(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    claim_url: Option<String>,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let more = json!({ "claim_url": claim_url, "account_url": app.config.link("/account") });
    let key = format!("gift_bought:{}", row.id);
    let to = parties.buyer.clone();
    write(
        app,
        tx,
        ("gift_bought", key),
        to.as_ref(),
        row,
        &parties,
        more,
    )
    .await
}

/// To the recipient, on her day, in the language of the account the address is of, else in the buyer's; `again` counts what the buyer has mailed once more.
pub(super) async fn sent(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    again: i32,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let mut to = nobody(app, row);
    if let Some(email) = &row.recipient_email {
        let known = account::Entity::by_email(email).one(tx).await?;
        to.language = known.map_or(to.language, |known| known.language);
    }
    let key = format!("gift:{}:{again}", row.id);
    write(app, tx, ("gift", key), Some(&to), row, &parties, json!({})).await
}

/// To the new patron, her giver and the author. Whoever was none until now, `is_new`, reads the author's welcome.
pub(super) async fn claimed(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    is_new: bool,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let holder = parties.holder.as_ref();
    let name = holder.map(|holder| holder.name.clone());
    let welcome = ("gift_welcome", format!("welcome:gift:{}", row.id));
    let words = json!({ "welcome": words(&parties, is_new) });
    write(app, tx, welcome, holder, row, &parties, words).await?;
    if row.origin == grant::Origin::Given {
        return Ok(());
    }
    let told = ("gift_claimed", format!("gift_claimed:{}", row.id));
    let more = json!({ "holder_name": name, "account_url": app.config.link("/account") });
    let buyer = parties.buyer.as_ref();
    write(app, tx, told, buyer, row, &parties, more).await?;
    let news = News {
        key: format!("author_gift:{}", row.id),
        kind: "author_gift",
        author: &parties.author,
        named: &[
            ("supporter_name", row.account_id),
            ("giver_name", row.buyer_id),
        ],
        said: json!({
            "author_name": parties.author.name,
            "tier_name": parties.tier.name,
            "ends_at": row.ends_at,
            "message_lines": [],
        }),
    };
    author_news::tell(app, tx, news).await
}

/// What the author says to a new patron.
fn words(parties: &Parties, is_new: bool) -> Option<authors::Welcome> {
    authors::welcome(&parties.author).filter(|_| is_new)
}

/// To whom the house gives a membership: with a link where she has to claim it. Whoever has it at once and was no
/// patron until now, `is_new`, reads the author's welcome.
pub(super) async fn given(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    is_new: bool,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let key = format!("membership_given:{}", row.id);
    let has_begun = row.account_id.is_some();
    let welcome = words(&parties, is_new && has_begun);
    let more = json!({ "has_begun": has_begun, "welcome": welcome });
    let nobody = nobody(app, row);
    let to = parties.holder.as_ref().unwrap_or(&nobody);
    write(
        app,
        tx,
        ("membership_given", key),
        Some(to),
        row,
        &parties,
        more,
    )
    .await
}

/// Some days before its end.
pub(super) async fn ends(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let key = format!("gift_ends:{}", row.id);
    let to = parties.holder.as_ref();
    write(app, tx, ("gift_ends", key), to, row, &parties, json!({})).await
}

/// END: at its end, or when it was taken back, once. A membership of her own may go on, or another gift.
pub(in crate::membership) async fn taken_back(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
) -> anyhow::Result<()> {
    over(app, tx, row, format!("ended:gift:{}", row.id)).await
}

/// END: where the house ends it early, once. That can be taken back, and then its end is told of once more.
pub(super) async fn ended_early(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
) -> anyhow::Result<()> {
    over(app, tx, row, format!("ended:gift:{}:early", row.id)).await
}

async fn over(
    app: &App,
    tx: &DatabaseTransaction,
    row: &grant::Model,
    key: String,
) -> anyhow::Result<()> {
    let parties = parties(tx, row).await?;
    let to = parties.holder.as_ref();
    let Some(holder) = to else { return Ok(()) };
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let hers = membership::Entity::between(holder.id, row.author_id);
    let own = standing_of(&hers.all(tx).await?, &[], &[], now, grace);
    // One that has not begun was in force for nobody: what is taken back is a promise.
    let waited = row.starts_at.is_some_and(|begin| begin > now);
    let more = json!({
        "gift": if waited { "waiting" } else { "running" },
        "is_unpaid": false,
        "goes_on": own.is_patron(),
        "stay": stay(tx, holder.id, row.author_id, now).await?,
        "account_url": app.config.link("/account"),
    });
    write(app, tx, ("ended", key), to, row, &parties, more).await
}

async fn write(
    app: &App,
    tx: &DatabaseTransaction,
    (kind, key): (&'static str, String),
    to: Option<&account::Model>,
    row: &grant::Model,
    parties: &Parties,
    more: Value,
) -> anyhow::Result<()> {
    let Some(to) = to else { return Ok(()) };
    let message = row.message.as_deref().unwrap_or_default();
    let page = format!("/authors/{}", parties.author.slug);
    let mut values = json!({
        "author_name": parties.author.name,
        "author_url": app.config.link(&page),
        "support_url": app.config.link(&format!("{page}/support")),
        "tier_name": parties.tier.name,
        "giver_name": parties.buyer.as_ref().map(|buyer| &buyer.name),
        "recipient": row.recipient_name.as_ref().or(row.recipient_email.as_ref()),
        "is_mailed": row.recipient_email.is_some(),
        "months": row.months,
        "send_at": row.send_at,
        "starts_at": row.starts_at,
        "ends_at": row.ends_at,
        "message_lines": message.lines().collect::<Vec<_>>(),
        "gift_url": link(app, row.id),
    });
    if let (Some(values), Value::Object(more)) = (values.as_object_mut(), more) {
        values.extend(more);
    }
    let letter = Letter {
        key,
        kind,
        to,
        values,
    };
    app.outbox
        .enqueue(tx, app.clock.now(), letter)
        .await
        .map(drop)
}

/// Somebody known by what the giver typed.
fn nobody(app: &App, row: &grant::Model) -> account::Model {
    let email = row.recipient_email.clone();
    let local = email.as_deref().and_then(|email| email.split('@').next());
    let name = row.recipient_name.as_deref().or(local);
    account::Model {
        id: Uuid::nil(),
        email: None,
        name: name.unwrap_or_default().to_owned(),
        contact_email: email,
        billing_email: None,
        role: Role::Reader,
        language: row.language.clone(),
        password_hash: None,
        stripe_customer_id: None,
        created_at: app.clock.now(),
        deleted_at: None,
    }
}
