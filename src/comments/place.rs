//! Where a comment stands: under which article, and what whoever asks is there.

use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use super::policy::{Asking, Refusal, gate_of, may_comment};
use crate::{
    app::App,
    entities::{Role, account, article, author, comment, slug_redirect::Kind},
    membership::{Standing, standing},
    slugs,
    web::{Error, Result},
};

/// An article that somebody may talk about.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub article: article::Model,
    pub author: author::Model,
    /// Whether whoever asks is the article's author or the publication's owner.
    pub own: bool,
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
        let own = viewer.is_some_and(|viewer| is_own(viewer, &author));
        let is_out = article.published_at.is_some_and(|at| at <= app.clock.now());
        if !is_out && !own {
            return Err(Error::NotFound);
        }
        Ok(Self {
            article,
            author,
            own,
        })
    }

    /// Where this reader stands with the author now.
    pub async fn standing_of(&self, app: &App, reader: Uuid) -> Result<Standing, DbErr> {
        if self.own {
            return Ok(Standing::NONE);
        }
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        standing(&app.db, reader, self.author.id, now, grace).await
    }

    /// Whether somebody of this standing may comment here.
    ///
    /// # Errors
    /// Why not.
    pub fn admits(&self, signed_in: bool, standing: &Standing) -> Result<(), Refusal> {
        let asking = Asking {
            signed_in,
            support: standing.support,
            own: self.own,
        };
        may_comment(gate_of(&self.article), asking)
    }

    /// The article's own path.
    pub fn path(&self) -> String {
        format!("/articles/{}", self.article.slug)
    }

    /// Where one comment is seen.
    pub fn anchor(&self, comment: Uuid) -> String {
        format!("{}#comment-{comment}", self.path())
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
        let is_seen = is_writer || (!is_gone && (place.own || comment.hidden_at.is_none()));
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
        self.place.own.then_some(self).ok_or(Error::Forbidden)
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

/// Whether this is the author himself, or the owner, who may do what each author may.
pub(super) fn is_own(viewer: &account::Model, author: &author::Model) -> bool {
    viewer.id == author.account_id || viewer.role == Role::Owner
}
