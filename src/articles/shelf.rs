//! Articles and their pages for readers who are signed in, kept as public pages are: as long as the
//! site's revision holds, and five seconds at most.
//!
//! Most readers who are signed in see the same page. What tells them apart (how they stand to the author,
//! what the menu offers them) is asked of the database each time or stands in the key; the rest is drawn
//! once. Who wrote one of the comments has a page of her own.

use std::{collections::HashSet, sync::Arc};

use axum::response::Response;
use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use uuid::Uuid;

use super::{
    reading::{self, Found, Piece},
    relation::Reading,
};
use crate::{
    accounts::Visitor,
    app::App,
    authors::Relation,
    entities::Gate,
    web::{Cacheable, Page, Result},
};

/// The article of this slug, as [`reading::find`] finds it.
pub(super) async fn find(app: &App, slug: &str) -> Result<Option<Found>, DbErr> {
    let now = app.clock.now();
    app.pages.check(&app.db, now).await?;
    let key = format!("article {slug}");
    if let Some(piece) = app.pages.find::<Piece>(&key, now) {
        return Ok(Some(Found::Here(piece)));
    }
    let generation = app.pages.generation();
    let found = reading::find(&app.db, now, slug).await?;
    if let Some(Found::Here(piece)) = &found {
        let article = &piece.article;
        let weight = article.body_html.len() + article.body_markdown.len() + 1_000;
        app.pages
            .keep(&key, (piece.clone(), weight), generation, now);
    }
    Ok(found)
}

/// What all those have in common who see the same page of an article.
pub(super) struct Likeness {
    key: String,
    /// Who asks now.
    reader: Uuid,
}

/// A page that many see.
struct Drawn {
    page: Arc<Page>,
    /// They see it otherwise, with ways to change what they wrote.
    writers: HashSet<Uuid>,
}

impl Likeness {
    /// `None` for strangers, whose pages are kept elsewhere, and for whom the page is drawn alone: its
    /// authors, the owner, who has something to mend or is just told something.
    pub(super) fn of(
        app: &App,
        visitor: &Visitor,
        piece: &Piece,
        reading: &Reading,
    ) -> Option<Self> {
        let reader = visitor.account.as_ref()?.id;
        let frame = visitor.frame(app);
        let viewer = frame.viewer.as_ref()?;
        let writes = reading.asking.own || reading.standing.is_writers();
        let is_plain = frame.flash.is_none() && !frame.path.contains('?') && !writes;
        let standing = standing(&reading.relation).filter(|_| is_plain)?;
        // By tier alone they see another form, or none.
        let tier = reading.standing.tier_id;
        let tier = tier.filter(|_| piece.article.gate == Gate::Tiers);
        let (article, path) = (piece.article.id, &frame.path);
        // A patron of another of its authors.
        let reads = reading.asking.patron;
        let (language, is_author) = (&frame.language, viewer.is_author);
        Some(Self {
            key: format!(
                "page {article} {language} {is_author} {standing} {reads} {tier:?} {path}"
            ),
            reader,
        })
    }

    /// The page that was drawn for her, or for another like her.
    pub(super) fn find(&self, app: &App) -> Option<Arc<Page>> {
        let now = app.clock.now();
        if let Some(drawn) = app.pages.find::<Drawn>(&self.key, now)
            && !drawn.writers.contains(&self.reader)
        {
            return Some(drawn.page.clone());
        }
        let own = app.pages.find::<Drawn>(&self.own_key(), now)?;
        Some(own.page.clone())
    }

    /// Keeps the page that was drawn for her, for her alone if she is one of the `writers`.
    pub(super) async fn keep(
        &self,
        app: &App,
        response: Response,
        writers: HashSet<Uuid>,
        generation: u64,
    ) -> Result<Arc<Page>> {
        let page = Arc::new(Page::of(response, Cacheable::Personal).await?);
        let key = match writers.contains(&self.reader) {
            true => self.own_key(),
            false => self.key.clone(),
        };
        let weight = page.weight();
        let drawn = Drawn {
            page: page.clone(),
            writers,
        };
        let now = app.clock.now();
        app.pages
            .keep(&key, (Arc::new(drawn), weight), generation, now);
        Ok(page)
    }

    fn own_key(&self) -> String {
        format!("{} of {}", self.key, self.reader)
    }
}

/// How she stands to the author, as far as the page shows it.
fn standing(relation: &Relation) -> Option<String> {
    let day = |at: &Option<DateTime<Utc>>| at.map(|at| at.date_naive());
    match relation {
        Relation::Reader => Some("reader".to_owned()),
        Relation::Former => Some("former".to_owned()),
        Relation::Helped => Some("helped".to_owned()),
        Relation::Pending => Some("pending".to_owned()),
        Relation::Patron { since } => {
            let month = since.map(|since| since.format("%Y-%m").to_string());
            Some(format!("patron {month:?}"))
        }
        Relation::Giver { until } => Some(format!("giver {:?}", day(until))),
        Relation::Gifted { until } => Some(format!("gifted {:?}", day(until))),
        Relation::Given { until } => Some(format!("given {:?}", day(until))),
        Relation::Leaving { until, .. } => Some(format!("leaving {:?}", day(until))),
        Relation::Stranger
        | Relation::PaymentFailing { .. }
        | Relation::Paused { .. }
        | Relation::Own => None,
    }
}
