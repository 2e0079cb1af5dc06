//! What the owner of the publication is told, once each.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::{
    app::App,
    entities::{Role, account},
    mail::Letter,
};

/// Something an owner should look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alert<'a> {
    /// What it is about, once: `duplicate:sub_…`.
    pub key: &'a str,
    /// The words: `mail-alert-…` in the catalogues.
    pub kind: &'static str,
    /// Whose matter it is, where there is somebody.
    pub name: &'a str,
    /// The author it concerns, for words that name both.
    pub author: Option<&'a str>,
    /// Ids and names, for whoever looks into it.
    pub detail: &'a str,
}

/// ADM: tells every owner, as part of the caller's act.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn tell(
    app: &App,
    tx: &impl ConnectionTrait,
    alert: Alert<'_>,
) -> anyhow::Result<()> {
    let room = match alert.kind {
        "duplicate" => "/admin/memberships",
        "payout-loose" | "payout-held" => "/admin/people",
        _ => "/admin",
    };
    write(app, tx, alert, room).await
}

/// The same of a payment that should be given back, with the way to where that is done.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn tell_of_payment(
    app: &App,
    tx: &impl ConnectionTrait,
    alert: Alert<'_>,
    number: i64,
) -> anyhow::Result<()> {
    write(app, tx, alert, &format!("/studio/payments/{number}")).await
}

async fn write(
    app: &App,
    tx: &impl ConnectionTrait,
    alert: Alert<'_>,
    room: &str,
) -> anyhow::Result<()> {
    let owners = account::Entity::find()
        .filter(account::Column::Role.eq(Role::Owner))
        .filter(account::Column::DeletedAt.is_null())
        .all(tx)
        .await?;
    for owner in owners {
        let letter = Letter {
            key: format!("owner:{}:{}", alert.key, owner.id),
            kind: "owner_alert",
            to: &owner,
            values: json!({
                "alert": alert.kind,
                "subject_name": alert.name,
                "author_name": alert.author,
                "detail": alert.detail,
                "admin_url": app.config.link(room),
            }),
        };
        app.outbox.enqueue(tx, app.clock.now(), letter).await?;
    }
    Ok(())
}
