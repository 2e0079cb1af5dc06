//! What a reader sees and changes of her own account.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _, sea_query::Expr};
use serde::Serialize;

use super::{Reader, Refusal, likeness};
use crate::{
    app::App,
    db,
    entities::{Role, account, session, site},
    render::LANGUAGES,
    tidying,
};

/// The longest name, in characters.
const LONGEST_NAME: usize = 80;

/// The account page's own part, in templates as `profile`.
#[derive(Clone, Debug, Serialize)]
pub struct Profile {
    pub name: String,
    pub email: Option<String>,
    pub language: String,
    pub has_password: bool,
    /// Whether she is a reader alone, who can delete her account herself.
    pub is_reader: bool,
    pub since: DateTime<Utc>,
    /// Newest first.
    pub sessions: Vec<Seen>,
}

/// One signed-in browser.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// Browser and system by their names, where it says them.
    pub device: Option<String>,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// The reader's account as her page shows it.
///
/// # Errors
/// If the database fails.
pub async fn profile(app: &App, reader: &Reader) -> Result<Profile, DbErr> {
    let sessions = session::Entity::find()
        .filter(session::Column::AccountId.eq(reader.account.id))
        .filter(session::Column::ExpiresAt.gt(app.clock.now()))
        .order_by_desc(session::Column::LastSeenAt)
        .all(&app.db)
        .await?;
    let account = &reader.account;
    Ok(Profile {
        name: account.name.clone(),
        email: account.email.clone(),
        language: account.language.clone(),
        has_password: account.password_hash.is_some(),
        is_reader: account.role == Role::Reader,
        since: account.created_at,
        sessions: sessions
            .into_iter()
            .map(|row| Seen {
                device: device(&row.user_agent),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                is_current: reader.visitor.session.as_ref() == Some(&row.token_hash),
            })
            .collect(),
    })
}

/// Changes name and language.
pub(super) async fn change(
    app: &App,
    reader: &Reader,
    name: &str,
    language: &str,
) -> Result<(), Refusal> {
    let name = named(name)?;
    if name != reader.account.name {
        likeness::check(app, &name, Some(reader.account.id)).await?;
    }
    if !LANGUAGES.contains(&language) {
        return Err(Refusal::UnknownLanguage);
    }
    let tx = db::begin(&app.db).await?;
    account::Entity::update_many()
        .col_expr(account::Column::Name, Expr::value(name))
        .col_expr(account::Column::Language, Expr::value(language))
        .filter(account::Column::Id.eq(reader.account.id))
        .exec(&tx)
        .await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A name as it may stand under a comment: one line that is seen and disturbs no other.
pub(super) fn named(typed: &str) -> Result<String, Refusal> {
    let name = tidying::line(typed);
    if name.chars().all(tidying::is_invisible) {
        Err(Refusal::NameMissing)
    } else if name.chars().count() > LONGEST_NAME {
        Err(Refusal::NameTooLong)
    } else {
        Ok(name)
    }
}

/// Browser and system, from the many names a browser gives itself.
pub(super) fn device(user_agent: &str) -> Option<String> {
    let first = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(sign, _)| user_agent.contains(sign));
        found.map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => Some(format!("{browser}, {system}")),
        (one, other) => one.or(other).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_called_by_its_names() {
        for (agent, expected) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Some("Firefox, Linux"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1",
                Some("Safari, iPhone"),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                Some("Edge, Windows"),
            ),
            ("curl/8", None),
        ] {
            assert_eq!(device(agent).as_deref(), expected);
        }
    }

    #[test]
    fn a_name_is_something_one_can_be_called() {
        let named = |typed: &str| super::named(typed).ok();
        assert_eq!(named(" Ann\u{202e} \n Lee ").as_deref(), Some("Ann Lee"));
        assert_eq!(named("  "), None);
        assert_eq!(named("\u{200b}\u{200b}"), None);
        assert_eq!(named("\u{3164}"), None);
        assert_eq!(named(&"x".repeat(81)), None);
    }
}
