//! What the letter of a day or a week says: each article as its reader may read it now. Readers who get
//! the same share one rendering.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    letters::{frame, list_id, rendered, told},
    voices::{Told, out},
    wishes::Known,
};
use crate::{
    app::App,
    entities::{Frequency, digest_item, outbox},
    mail::{Rendering, Voice, Voices, unsubscribe::Scope},
};

/// An article and whether a reader reads all of it.
type Part = (Uuid, bool);

/// What each of these rows says now. One whose articles have all been withdrawn, or whose reader has
/// left all their authors, says nothing.
pub(super) async fn voices(app: &App, rows: &[(&outbox::Model, Uuid)]) -> anyhow::Result<Voices> {
    if rows.is_empty() {
        return Ok(Voices::new());
    }
    let ids = rows.iter().map(|(row, _)| row.id);
    let items = digest_item::Entity::find()
        .filter(digest_item::Column::DigestId.is_in(ids))
        .all(&app.db)
        .await?;
    let articles: HashSet<Uuid> = items.iter().map(|item| item.article_id).collect();
    let articles: Vec<Uuid> = articles.into_iter().collect();
    let told = out(app, &articles).await?;
    let authors: HashSet<Uuid> = told.values().flat_map(Told::authors).collect();
    let authors: Vec<Uuid> = authors.into_iter().collect();
    let accounts: Vec<Uuid> = rows.iter().map(|(_, account)| *account).collect();
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(&app.db, &authors, &accounts, time).await?;
    let mut of_row: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for item in items {
        let digest = item.digest_id.unwrap_or_default();
        of_row.entry(digest).or_default().push(item.article_id);
    }
    let mut renderings: HashMap<(String, bool, Vec<Part>), Arc<Rendering>> = HashMap::new();
    let mut voices = Voices::new();
    for (row, account) in rows {
        let mut parts: Vec<Part> = Vec::new();
        for article in of_row.remove(&row.id).unwrap_or_default() {
            let Some(told) = told.get(&article) else {
                continue;
            };
            let wish = known.wish(*account, &told.authors());
            if wish.frequency != Frequency::None || !wish.has_said {
                parts.push((article, wish.patron_of.is_some()));
            }
        }
        if parts.is_empty() {
            continue;
        }
        parts.sort_by_key(|(article, _)| told.get(article).map(|told| told.article.published_at));
        let is_weekly = row.variant.as_deref() == Some("weekly");
        let like = (row.language.clone(), is_weekly, parts);
        let rendering = match renderings.get(&like) {
            Some(known) => known.clone(),
            None => {
                let new = Arc::new(rendering(app, &like, &told)?);
                renderings.insert(like, new.clone());
                new
            }
        };
        voices.insert(row.id, voice(app, rendering, is_weekly)?);
    }
    Ok(voices)
}

fn voice(app: &App, rendering: Arc<Rendering>, is_weekly: bool) -> anyhow::Result<Voice> {
    let (name, scope) = match is_weekly {
        true => ("weekly", Scope::Weekly),
        false => ("daily", Scope::Daily),
    };
    Ok(Voice::Own {
        rendering,
        list_id: list_id(app, name)?,
        list_name: app.house.now().name.clone(),
        scope,
    })
}

fn rendering(
    app: &App,
    (language, is_weekly, parts): &(String, bool, Vec<Part>),
    articles: &HashMap<Uuid, Told>,
) -> anyhow::Result<Rendering> {
    let articles: Vec<Value> = parts
        .iter()
        .filter_map(|(article, is_patron)| {
            let Told { article, writers } = articles.get(article)?;
            Some(told(app, article, writers, *is_patron))
        })
        .collect();
    let mut values = frame(app);
    values["frequency"] = json!(if *is_weekly { "weekly" } else { "daily" });
    values["count"] = json!(articles.len());
    values["first_title"] = json!(articles.first().map(|first| &first["title"]));
    values["articles"] = json!(articles);
    rendered(app, "digest", language, &values)
}
