//! Where a comment stands: under which article, and what whoever asks is there.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _, Select};
use uuid::Uuid;

use super::{
    outline::PAGE,
    policy::{Asking, Refusal, may_comment, rule_of},
    standing::{Rank, rank},
};
use crate::{
    accounts::{Reader, Visitor},
    app::App,
    authors,
    entities::{Gate, account, article, author, comment, slug_redirect::Kind},
    membership::{Standing, standing},
    slugs,
    web::{Error, Result},
};

/// An article that somebody may talk about.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub article: article::Model,
    pub author: author::Model,
    /// What whoever asks is here.
    pub rank: Rank,
}

/// A comment somebody may know of.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub place: Place,
    pub comment: comment::Model,
    /// Whether whoever asks wrote it.
    is_writer: bool,
}

impl Place {
    /// The published article that has this slug, or had it while its page stood open somewhere. Its
    /// author and the owner find a draft too.
    ///
    /// # Errors
    /// `NotFound`, also for a draft of somebody else.
    pub async fn find(app: &App, viewer: Option<&account::Model>, slug: &str) -> Result<Self> {
        let called = article::Entity::find().filter(article::Column::Slug.eq(slug));
        let found = match with_author(app, called).await? {
            None => once_called(app, slug).await?,
            found => found,
        };
        let (article, author) = found.ok_or(Error::NotFound)?;
        let rank = match viewer {
            Some(viewer) => rank(&app.db, viewer, &author).await?,
            None => Rank::Reader,
        };
        let is_out = article.published_at.is_some_and(|at| at <= app.clock.now());
        if !is_out && rank < Rank::Author {
            return Err(Error::NotFound);
        }
        Ok(Self {
            article,
            author,
            rank,
        })
    }

    /// Where this reader stands with the author now. Who supports any of those who wrote the article
    /// stands as their patron, unless it is open to some tiers alone: those are its author's. Who wrote it
    /// with its author may talk, too.
    pub async fn standing_of(&self, app: &App, reader: Uuid) -> Result<Standing, DbErr> {
        if self.rank.moderates() {
            return Ok(Standing::NONE);
        }
        let is_by_tier = self.article.gate == Gate::Tiers;
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        let with_lead = standing(&app.db, reader, self.author.id, now, grace).await?;
        if with_lead.is_patron() && !is_by_tier {
            return Ok(with_lead);
        }
        let others = authors::co_authors(&app.db, self.article.id).await?;
        if others.iter().any(|other| other.account_id == reader) {
            return Ok(Standing::of_writer());
        }
        for other in others.iter().filter(|_| !is_by_tier) {
            let theirs = standing(&app.db, reader, other.id, now, grace).await?;
            if theirs.is_patron() {
                return Ok(theirs);
            }
        }
        Ok(with_lead)
    }

    /// Whether somebody of this standing may comment here.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(
        &self,
        signed_in: bool,
        standing: &Standing,
        now: DateTime<Utc>,
    ) -> Result<(), Refusal> {
        let asking = Asking {
            signed_in,
            support: standing.support,
            tier: standing.tier_id,
            wrote: standing.is_writers(),
            own: self.rank.moderates(),
        };
        may_comment(&rule_of(&self.article, now), asking, now)
    }

    /// The article's own path.
    pub fn path(&self) -> String {
        format!("/articles/{}", self.article.slug)
    }

    /// The address of one comment that holds wherever it stands.
    pub fn permalink(&self, comment: Uuid) -> String {
        format!("{}/comments/{comment}", self.path())
    }

    /// Where one comment is seen: under the article itself, while all there are fit there.
    pub async fn way_to(&self, app: &App, comment: Uuid) -> Result<String, DbErr> {
        let more: Option<Uuid> = comment::Entity::find()
            .select_only()
            .column(comment::Column::Id)
            .filter(comment::Column::ArticleId.eq(self.article.id))
            .offset(u64::try_from(PAGE).unwrap_or_default())
            .limit(1)
            .into_tuple()
            .one(&app.db)
            .await?;
        Ok(match more {
            Some(_) => self.permalink(comment),
            None => format!("{}#comment-{comment}", self.path()),
        })
    }
}

impl Held {
    /// The comment of this id under the article of this slug.
    ///
    /// # Errors
    /// `NotFound`, also for what whoever asks may not know of: what others hid or deleted.
    pub async fn find(app: &App, reader: &account::Model, slug: &str, id: Uuid) -> Result<Self> {
        let place = Place::find(app, Some(reader), slug).await?;
        let comment = comment::Entity::find_by_id(id)
            .filter(comment::Column::ArticleId.eq(place.article.id))
            .one(&app.db)
            .await?
            .ok_or(Error::NotFound)?;
        let is_writer = comment.account_id == reader.id;
        let is_gone = comment.deleted_at.is_some();
        let is_open = comment.hidden_at.is_none() && comment.held_at.is_none();
        let is_seen = is_writer || (!is_gone && (place.rank.moderates() || is_open));
        if !is_seen {
            return Err(Error::NotFound);
        }
        Ok(Self {
            place,
            comment,
            is_writer,
        })
    }

    /// Passes it on to whoever wrote it.
    ///
    /// # Errors
    /// `Forbidden` for everybody else.
    pub fn for_its_writer(self) -> Result<Self> {
        self.is_writer.then_some(self).ok_or(Error::Forbidden)
    }

    /// Passes it on to those who keep the conversation civil.
    ///
    /// # Errors
    /// `Forbidden` for everybody else.
    pub fn for_moderators(self) -> Result<Self> {
        let moderates = self.place.rank.moderates();
        moderates.then_some(self).ok_or(Error::Forbidden)
    }
}

/// Whoever asks, if signed in.
///
/// # Errors
/// `SignIn`, and back to the comment of this id afterwards.
pub(super) fn reader_at(visitor: Visitor, slug: &str, id: Uuid) -> Result<Reader> {
    match visitor.account.clone() {
        Some(account) => Ok(Reader { account, visitor }),
        None => Err(Error::SignIn {
            return_to: format!("/articles/{slug}/comments/{id}"),
        }),
    }
}

async fn once_called(
    app: &App,
    slug: &str,
) -> Result<Option<(article::Model, author::Model)>, DbErr> {
    match slugs::former_owner(&app.db, Kind::Article, slug).await? {
        Some(id) => with_author(app, article::Entity::find_by_id(id)).await,
        None => Ok(None),
    }
}

async fn with_author(
    app: &App,
    articles: Select<article::Entity>,
) -> Result<Option<(article::Model, author::Model)>, DbErr> {
    let found = articles.find_also_related(author::Entity).one(&app.db);
    Ok(found
        .await?
        .and_then(|(article, author)| Some((article, author?))))
}
