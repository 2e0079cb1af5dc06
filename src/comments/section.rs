//! What stands under an article: the conversation, and the form or the way in.

use std::collections::HashSet;

use serde::Serialize;
use uuid::Uuid;

use super::{
    conversation::{self, Badges, Eyes, Row, Thread},
    fields::{Fields, WayIn},
    place::{Place, is_own},
};
use crate::{
    app::App,
    entities::{account, article, author},
    membership::{Standing, visibility::badges_among},
    web::Result,
};

/// What `comments/section.html` shows, as `comments`.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// How many comments everybody sees.
    count: usize,
    /// The threads, as HTML; empty if there are none.
    threads: String,
    /// Where she may comment.
    form: Option<Fields>,
    /// Where she may not.
    way_in: Option<WayIn>,
    /// What can be answered, and who wrote it.
    #[serde(skip)]
    answerable: Vec<(Uuid, Option<String>)>,
    /// Who wrote any of it; they see ways to change what they wrote.
    #[serde(skip)]
    writers: HashSet<Uuid>,
}

#[derive(Serialize)]
struct Threads {
    threads: Vec<Thread>,
    /// The path of the article.
    path: String,
}

impl Section {
    /// The accounts that see the section otherwise than others do, because they took part in it.
    pub fn into_writers(self) -> HashSet<Uuid> {
        self.writers
    }

    /// Makes the form answer the comment of this id, if it is one that can be answered.
    #[must_use]
    pub fn replying_to(mut self, comment: Option<&str>) -> Self {
        let wanted = comment.and_then(|id| Uuid::parse_str(id).ok());
        let found = wanted.and_then(|wanted| self.answerable.iter().find(|(id, _)| *id == wanted));
        if let (Some((id, name)), Some(form)) = (found, &mut self.form) {
            form.parent = Some(*id);
            form.reply_to.clone_from(name);
        }
        self
    }
}

/// The comments under `article` as `viewer` sees them, who stands so with its author.
///
/// # Errors
/// If the database fails, or a template misses a value.
pub async fn section(
    app: &App,
    viewer: Option<&account::Model>,
    article: &article::Model,
    author: &author::Model,
    standing: &Standing,
) -> Result<Section> {
    let place = Place {
        article: article.clone(),
        author: author.clone(),
        own: viewer.is_some_and(|viewer| is_own(viewer, author)),
    };
    let admitted = place.admits(viewer.is_some(), standing);
    let eyes = Eyes {
        account: viewer.map(|viewer| viewer.id),
        own: place.own,
        may_comment: admitted.is_ok(),
        now: app.clock.now(),
    };
    let rows = conversation::rows(&app.db, article.id).await?;
    let badges = badges(app, author, &rows).await?;
    let threads = Threads {
        threads: conversation::threads(&rows, &badges, eyes),
        path: place.path(),
    };
    let public = || rows.iter().filter(|row| row.is_public());
    Ok(Section {
        count: public().count(),
        threads: render(app, viewer, &threads)?,
        form: admitted.is_ok().then(|| Fields::new(&place)),
        way_in: admitted
            .err()
            .map(|refusal| WayIn::new(refusal, &place, standing)),
        answerable: public().map(|row| (row.id, row.name())).collect(),
        writers: rows.iter().map(|row| row.account_id).collect(),
    })
}

async fn badges(app: &App, author: &author::Model, rows: &[Row]) -> Result<Badges> {
    let writers: HashSet<Uuid> = rows.iter().map(|row| row.account_id).collect();
    let writers: Vec<Uuid> = writers.into_iter().collect();
    let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
    let patrons = if writers.is_empty() {
        HashSet::new()
    } else {
        badges_among(&app.db, author.id, &writers, now, grace).await?
    };
    Ok(Badges {
        author: author.account_id,
        patrons,
    })
}

fn render(app: &App, viewer: Option<&account::Model>, threads: &Threads) -> Result<String> {
    if threads.threads.is_empty() {
        return Ok(String::new());
    }
    let language = match viewer {
        Some(viewer) => &viewer.language,
        None => &app.config.publication.language,
    };
    Ok(app
        .templates
        .render("comments/threads.html", language, threads)?)
}
