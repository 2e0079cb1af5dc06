//! Every page of the owner's rooms, and the banner above it: what should not wait.

use std::collections::HashMap;

use axum::response::Response;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder as _};
use serde::Serialize;
use serde_json::{Value, json};

use super::signs::Signs;
use crate::{
    accounts::Owner,
    app::App,
    entities::{account, audit_entry},
    web::Result,
};

/// Where Stripe shows its keys, its endpoints, and what it tried to deliver to them.
const KEYS: &str = "https://dashboard.stripe.com/apikeys";
const ENDPOINTS: &str = "https://dashboard.stripe.com/webhooks";

/// One sentence of the banner.
#[derive(Debug, Serialize)]
struct Warning {
    /// The sentence and the way on: keys of the catalogues.
    words: &'static str,
    way: &'static str,
    /// Where the way leads, where it is a page.
    href: Option<&'static str>,
    count: i64,
    since: Option<chrono::DateTime<chrono::Utc>>,
    /// Whether money is at stake right now.
    is_grave: bool,
}

/// Renders a page of the owner's rooms; `values` is an object.
///
/// # Errors
/// If the template misses a value or the database fails.
pub(super) async fn room(
    app: &App,
    owner: &Owner,
    name: &str,
    mut values: Value,
) -> Result<Response> {
    let signs = Signs::read(app).await?;
    values["warnings"] = json!(warnings(&signs));
    owner.visitor.page(app, name, &values)
}

/// A key of the catalogues, or another one where there is none such.
pub(super) fn known_word(app: &App, key: String, other: &str) -> String {
    match app.templates.words().knows("en", &key) {
        true => key,
        false => other.to_owned(),
    }
}

/// Who did what with something, the last first.
pub(super) async fn history(app: &App, id: &str) -> Result<Vec<Value>, DbErr> {
    let entries = audit_entry::Entity::about(id)
        .order_by_desc(audit_entry::Column::At)
        .all(&app.db)
        .await?;
    let people = entries.iter().filter_map(|entry| entry.account_id);
    let people: HashMap<_, _> = account::Entity::find()
        .filter(account::Column::Id.is_in(people))
        .all(&app.db)
        .await?
        .into_iter()
        .map(|person| (person.id, person.name))
        .collect();
    let line = |entry: &audit_entry::Model| {
        json!({
            "words": known_word(app, format!("admin-act-{}", entry.act), "admin-act-other"),
            "name": entry.account_id.and_then(|id| people.get(&id)),
            "at": entry.at,
        })
    };
    Ok(entries.iter().map(line).collect())
}

fn warnings(signs: &Signs) -> Vec<Warning> {
    let warning = |words, way, href| Warning {
        words,
        way,
        href,
        count: 0,
        since: None,
        is_grave: false,
    };
    let counted = |count, words, way, href| Warning {
        count,
        ..warning(words, way, Some(href))
    };
    let grave = |warning| Warning {
        is_grave: true,
        ..warning
    };
    let mut all = Vec::new();
    if !signs.has_key {
        all.push(grave(warning(
            "admin-no-key",
            "admin-no-key-way",
            Some(KEYS),
        )));
    }
    if !signs.has_secret {
        let secret = warning("admin-no-secret", "admin-no-secret-way", Some(ENDPOINTS));
        all.push(grave(secret));
    }
    if let Some(skew) = signs.skew.filter(|_| signs.is_askew()) {
        all.push(grave(Warning {
            count: skew.abs(),
            ..warning("admin-skew", "admin-skew-way", None)
        }));
    }
    if let Some(since) = signs.mail_stopped_at {
        all.push(grave(Warning {
            since: Some(since),
            ..warning(
                "admin-mail-stopped",
                "admin-mail-stopped-way",
                Some("/admin/mail"),
            )
        }));
    }
    if signs.is_silent {
        let words = match signs.last_event_at {
            Some(_) => "admin-silent-since",
            None => "admin-silent",
        };
        all.push(Warning {
            since: signs.last_event_at,
            ..warning(words, "admin-silent-way", Some(ENDPOINTS))
        });
    }
    for (count, words, way, href) in [
        (
            signs.stuck,
            "admin-stuck",
            "admin-stuck-way",
            "/admin/events?state=attention",
        ),
        (
            signs.flagged,
            "admin-flagged",
            "admin-flagged-way",
            "/admin/memberships",
        ),
        (
            signs.dead_mails,
            "admin-dead",
            "admin-dead-way",
            "/admin/mail?state=dead",
        ),
    ] {
        if count > 0 {
            all.push(counted(count, words, way, href));
        }
    }
    all
}
