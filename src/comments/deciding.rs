//! The buttons of those who moderate: under an article and in the queue.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use sea_orm::EntityTrait as _;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    bans::{self, LONGEST_REASON, NewBan},
    moderation::{Act, ActError, moderate},
    place::{Held, reader_at},
    standing::{Rank, rank},
};
use crate::{
    accounts::{Visitor, flash},
    app::App,
    entities::{account, author},
    tidying,
    web::{Error, Path, Result},
};

/// Where to go afterwards.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Back {
    /// A path of one of the queues.
    back: Option<String>,
}

impl Back {
    /// The queue it names; nothing else is believed.
    fn queue(&self) -> Option<&str> {
        let back = self.back.as_deref()?;
        let is_queue = ["/studio/comments", "/admin/comments"]
            .iter()
            .any(|queue| back == *queue || back.starts_with(&format!("{queue}?")));
        is_queue.then_some(back)
    }
}

/// `POST /articles/{slug}/comments/{id}/{act}`: approve, hide, show, remove, pin, unpin, pick, unpick.
pub async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id, act)): Path<(String, Uuid, String)>,
    Form(back): Form<Back>,
) -> Result<Response> {
    let act = Act::named(&act).ok_or(Error::NotFound)?;
    let reader = reader_at(visitor, &slug, id)?;
    let held = Held::find(&app, &reader.account, &slug, id).await?;
    let held = held.for_moderators()?;
    moderate(&app, reader.account.id, held.place.rank, id, act).await?;
    let path = match (back.queue(), act) {
        (Some(queue), _) => queue.to_owned(),
        (None, Act::Remove) => format!("{}#comments", held.place.path()),
        (None, _) => held.place.way_to(&app, id).await?,
    };
    // Nobody has approved it: others do not see it yet, which "Show again" would let one think.
    match act == Act::Show && held.comment.held_at.is_some() {
        true => Ok(flash(&app, &path, "flash-comment-waits-again")),
        false => Ok(Redirect::to(&path).into_response()),
    }
}

/// A ban, as typed.
#[derive(Clone, Debug, Deserialize)]
pub struct Ban {
    #[serde(default)]
    reason: String,
    /// Days; empty: for ever.
    #[serde(default)]
    days: String,
    /// `all`: in the whole publication; the owner's alone.
    #[serde(default)]
    scope: String,
    #[serde(flatten)]
    back: Back,
}

/// `POST /articles/{slug}/comments/{id}/ban`: bans whoever wrote it.
pub async fn ban(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
    Form(typed): Form<Ban>,
) -> Result<Response> {
    let reader = reader_at(visitor, &slug, id)?;
    let held = Held::find(&app, &reader.account, &slug, id).await?;
    let held = held.for_moderators()?;
    let place = &held.place;
    let path = match typed.back.queue() {
        Some(queue) => queue.to_owned(),
        None => place.way_to(&app, id).await?,
    };
    let writer = held.comment.account_id;
    let reason = tidying::line(&typed.reason);
    let days = match typed.days.trim() {
        "" => None,
        days => Some(
            days.parse::<i64>()
                .ok()
                .filter(|days| (1..=3650).contains(days)),
        ),
    };
    let is_sound = !reason.is_empty() && reason.chars().count() <= LONGEST_REASON;
    if !is_sound || days == Some(None) {
        return Ok(flash(&app, &path, "flash-ban-incomplete"));
    }
    if !is_bannable(&app, writer, &place.author, place.rank).await? {
        return Ok(flash(&app, &path, "flash-ban-refused"));
    }
    let new = NewBan {
        author: match place.rank == Rank::Owner && typed.scope == "all" {
            true => Uuid::nil(),
            false => place.author.id,
        },
        account: writer,
        reason,
        days: days.flatten(),
    };
    bans::ban(&app, reader.account.id, new).await?;
    Ok(flash(&app, &path, "flash-banned"))
}

/// Whether somebody of `rank` may ban the writer: nobody bans those who moderate here, or guests.
async fn is_bannable(app: &App, writer: Uuid, author: &author::Model, of: Rank) -> Result<bool> {
    let writer = account::Entity::find_by_id(writer).one(&app.db).await?;
    let Some(writer) = writer.filter(|writer| writer.deleted_at.is_none()) else {
        return Ok(false);
    };
    let theirs = rank(&app.db, &writer, author).await?;
    Ok(theirs == Rank::Reader || (theirs == Rank::Moderator && of > theirs))
}

impl From<ActError> for Error {
    fn from(error: ActError) -> Self {
        match error {
            ActError::Gone => Self::NotFound,
            ActError::Forbidden => Self::Forbidden,
            ActError::Db(error) => error.into(),
        }
    }
}
