//! The buttons of those who moderate: under an article and in the queue.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    bannable::{Writer, bannable},
    bans::{self, LONGEST_REASON, MOST_DAYS, NewBan},
    moderation::{Act, ActError, moderate},
    place::{Held, reader_at},
    standing::Rank,
};
use crate::{
    accounts::{Reader, Visitor, flash},
    app::App,
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
    let writer = Writer {
        account: held.comment.account_id,
        author: place.author.id,
    };
    if bannable(&app.db, &reader.account, &[writer])
        .await?
        .is_empty()
    {
        return Ok(flash(&app, &path, "flash-ban-refused"));
    }
    let reason = tidying::line(&typed.reason);
    let days = match typed.days.trim() {
        "" => Some(None),
        days => days
            .parse::<i64>()
            .ok()
            .filter(|days| (1..=MOST_DAYS).contains(days))
            .map(Some),
    };
    let problem = match reason.chars().count() {
        0 => Some(("reason", "comments-ban-no-reason")),
        length if length > LONGEST_REASON => Some(("reason", "comments-ban-long-reason")),
        _ if days.is_none() => Some(("days", "comments-ban-bad-days")),
        _ => None,
    };
    if let Some(problem) = problem {
        return ban_again(&app, &reader, &held, &typed, problem);
    }
    let new = NewBan {
        author: match place.rank == Rank::Owner && typed.scope == "all" {
            true => Uuid::nil(),
            false => place.author.id,
        },
        account: writer.account,
        reason,
        days: days.flatten(),
    };
    bans::ban(&app, reader.account.id, new).await?;
    Ok(flash(&app, &path, "flash-banned"))
}

/// The form as it came, with what is wrong about which field, 422.
fn ban_again(
    app: &App,
    reader: &Reader,
    held: &Held,
    typed: &Ban,
    (field, problem): (&str, &str),
) -> Result<Response> {
    let page = json!({
        "one": { "id": held.comment.id, "path": held.place.permalink(held.comment.id) },
        "article": held.place.article.title,
        "body": held.comment.body_html,
        "back": typed.back.queue().unwrap_or_default(),
        "is_owner": held.place.rank == Rank::Owner,
        "typed": {
            "reason": typed.reason,
            "days": typed.days,
            "is_everywhere": typed.scope == "all",
            "field": field,
            "problem": problem,
        },
    });
    let page = reader.visitor.page(app, "comments/ban.html", &page)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
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
