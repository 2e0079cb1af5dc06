//! What a letter about new articles says to its reader, decided at the moment it is sent: who supports an
//! author then reads all, and who has left meanwhile is not written to.

use std::collections::{BTreeMap, HashMap};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    digest_letters,
    letters::{FOLLOWER, FORMER, PATRON},
    wishes::{Known, Wish},
};
use crate::{
    app::App,
    authors,
    entities::{Frequency, article, author, notice, outbox},
    mail::{Voice, Voices},
};

/// An article that is out, and all who wrote it.
pub(super) struct Told {
    pub article: article::Model,
    pub writers: Vec<author::Model>,
}

impl Told {
    pub fn authors(&self) -> Vec<Uuid> {
        self.writers.iter().map(|author| author.id).collect()
    }

    pub fn name_of(&self, author: Uuid) -> String {
        let found = self.writers.iter().find(|writer| writer.id == author);
        found.map(|author| author.name.clone()).unwrap_or_default()
    }
}

/// What each of these rows says now.
///
/// # Errors
/// If a template misses a value or the database fails.
pub async fn voices(app: &App, rows: Vec<outbox::Model>) -> anyhow::Result<Voices> {
    let mut of_notices: BTreeMap<Uuid, Vec<(Uuid, Uuid)>> = BTreeMap::new();
    let mut digests = Vec::new();
    for row in &rows {
        match (row.notice_id, row.account_id) {
            (Some(notice), Some(account)) => {
                let rows = of_notices.entry(notice).or_default();
                rows.push((row.id, account));
            }
            (None, Some(account)) => digests.push((row, account)),
            (_, None) => {}
        }
    }
    let mut voices = digest_letters::voices(app, &digests).await?;
    for (notice, rows) in of_notices {
        voices.extend(of_notice(app, notice, &rows).await?);
    }
    Ok(voices)
}

async fn of_notice(app: &App, notice: Uuid, rows: &[(Uuid, Uuid)]) -> anyhow::Result<Voices> {
    let notice = notice::Entity::find_by_id(notice).one(&app.db).await?;
    let Some(notice) = notice else {
        return Ok(Voices::new());
    };
    let told = out(app, &[notice.article_id]).await?;
    let Some(told) = told.get(&notice.article_id) else {
        return Ok(Voices::new());
    };
    let authors = told.authors();
    let accounts: Vec<Uuid> = rows.iter().map(|(_, account)| *account).collect();
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(&app.db, &authors, &accounts, time).await?;
    let voice =
        |(row, account): &(Uuid, Uuid)| (*row, voice(&known.wish(*account, &authors), told));
    Ok(rows.iter().map(voice).collect())
}

fn voice(wish: &Wish, told: &Told) -> Voice {
    let variant = match (wish.frequency, wish.patron_of) {
        // She said so, of all of them.
        (Frequency::None, _) if wish.has_said => return Voice::Silent,
        (Frequency::None, _) => FORMER,
        (_, Some(_)) => PATRON,
        (_, None) => FOLLOWER,
    };
    let author = match variant {
        PATRON => wish.patron_of.unwrap_or(wish.author),
        _ => wish.author,
    };
    Voice::Variant {
        variant,
        author: told.name_of(author),
    }
}

/// Those of `articles` that are out, each with all who wrote it.
pub(super) async fn out(app: &App, articles: &[Uuid]) -> anyhow::Result<HashMap<Uuid, Told>> {
    let now = app.clock.now();
    let found = article::Entity::find()
        .filter(article::Column::Id.is_in(articles.iter().copied()))
        .filter(article::Column::PublishedAt.lte(now))
        .find_also_related(author::Entity)
        .all(&app.db)
        .await?;
    let mut others = authors::co_authors_of(&app.db, articles).await?;
    let told = found.into_iter().map(|(article, lead)| {
        let others = others.remove(&article.id).unwrap_or_default();
        let writers = lead.into_iter().chain(others).collect();
        (article.id, Told { article, writers })
    });
    Ok(told.collect())
}
