//! What a reader does with a comment: posts, edits and deletes it, and takes that back.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::Form;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    body::Body,
    deleting,
    fields::Fields,
    form::{self, Refused},
    place::{Held, Place, reader_at},
    posting::{self, NewComment, Posted},
    section::answerable,
    way_in::WayIn,
};
use crate::{
    accounts::{Reader, Visitor, flash},
    app::App,
    entities::account,
    web::{Action, Error, Network, Path, Result},
};

/// What the form sends.
#[derive(Clone, Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    body: String,
    #[serde(default)]
    parent: String,
    /// Present where she only wants to see how it will look.
    preview: Option<String>,
}

/// `POST /articles/{slug}/comments`: on to the comment by a 303, or the form comes back as typed.
pub async fn post(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    Path(slug): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let place = Place::find(&app, visitor.account.as_ref(), &slug).await?;
    let Some(reader) = &visitor.account else {
        let fields = typed_fields(&app, &place, &typed).await?;
        return form::signed_out(&app, &visitor, &place, fields);
    };
    if typed.preview.is_some() {
        let fields = typed_fields(&app, &place, &typed).await?;
        return form::preview(&app, &visitor, &place, fields);
    }
    match attempt(&app, &place, reader, &network, &typed).await {
        Ok(posted) => over(&app, &place, posted).await,
        Err(refused) => {
            let fields = typed_fields(&app, &place, &typed).await?;
            form::back(&app, &visitor, &place, fields, refused)
        }
    }
}

/// `GET /articles/{slug}/comments/{id}/edit`: the words as they are.
pub async fn edit_form(
    State(app): State<App>,
    reader: Reader,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let held = own(&app, &reader, &slug, id).await?;
    let fields = edit_fields(&held.place, id, held.comment.body_markdown.clone());
    if !posting::is_fresh(held.comment.created_at, app.clock.now()) {
        return form::back(&app, &reader.visitor, &held.place, fields, Refused::TooLate);
    }
    form::show(&app, &reader.visitor, &held.place, fields)
}

/// `POST /articles/{slug}/comments/{id}/edit`: one's own, while it is fresh.
pub async fn edit(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Some(account) = visitor.account.clone() else {
        let place = Place::find(&app, None, &slug).await?;
        let fields = edit_fields(&place, id, typed.body);
        return form::signed_out(&app, &visitor, &place, fields);
    };
    let reader = Reader { account, visitor };
    edit_as(&app, &reader, (&slug, id), typed).await
}

async fn edit_as(
    app: &App,
    reader: &Reader,
    (slug, id): (&str, Uuid),
    typed: Typed,
) -> Result<Response> {
    let held = own(app, reader, slug, id).await?;
    if typed.preview.is_some() {
        let fields = edit_fields(&held.place, id, typed.body);
        return form::preview(app, &reader.visitor, &held.place, fields);
    }
    match change(app, reader, &held, &typed).await {
        Ok(is_held) => over(app, &held.place, Posted { id, is_held }).await,
        Err(refused) => {
            let fields = edit_fields(&held.place, id, typed.body);
            form::back(app, &reader.visitor, &held.place, fields, refused)
        }
    }
}

/// `POST /articles/{slug}/comments/{id}/delete`: one's own, at any time. On to its place, where she can take
/// that back for a while.
pub async fn delete(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let held = hers(&app, visitor, &slug, id).await?;
    deleting::delete(&app, &held.comment).await?;
    let path = held.place.way_to(&app, id).await?;
    Ok(Redirect::to(&path).into_response())
}

/// `POST /articles/{slug}/comments/{id}/restore`: takes the deletion back.
pub async fn restore(
    State(app): State<App>,
    visitor: Visitor,
    Path((slug, id)): Path<(String, Uuid)>,
) -> Result<Response> {
    let held = hers(&app, visitor, &slug, id).await?;
    if held.comment.deleted_at.is_some() && !deleting::restore(&app, &held.comment).await? {
        let path = format!("{}#comments", held.place.path());
        return Ok(flash(&app, &path, "flash-comment-gone"));
    }
    let path = held.place.way_to(&app, id).await?;
    Ok(Redirect::to(&path).into_response())
}

/// Her own comment, whether it is deleted or not.
async fn hers(app: &App, visitor: Visitor, slug: &str, id: Uuid) -> Result<Held> {
    let reader = reader_at(visitor, slug, id)?;
    let held = Held::find(app, &reader.account, slug, id).await?;
    held.for_its_writer()
}

/// To where the comment is seen now, saying so if others do not see it yet.
async fn over(app: &App, place: &Place, posted: Posted) -> Result<Response> {
    let path = place.way_to(app, posted.id).await?;
    Ok(match posted.is_held {
        true => flash(app, &path, "flash-comment-held"),
        false => Redirect::to(&path).into_response(),
    })
}

async fn attempt(
    app: &App,
    place: &Place,
    reader: &account::Model,
    network: &Network,
    typed: &Typed,
) -> Result<Posted, Refused> {
    app.limits.check(Action::Comment, &network.0)?;
    app.limits.check(Action::Comment, &reader.id.to_string())?;
    let standing = place.standing_of(app, reader.id).await?;
    if let Err(refusal) = place.admits(true, &standing, app.clock.now()) {
        let way_in = WayIn::new(app, refusal, place, &standing).await?;
        return Err(Refused::May(Box::new(way_in)));
    }
    let parent = match typed.parent.trim() {
        "" => None,
        id => Some(Uuid::parse_str(id).map_err(|_| Refused::ParentGone)?),
    };
    let new = NewComment {
        article_id: place.article.id,
        account_id: reader.id,
        parent,
        body: Body::parse(&typed.body)?,
    };
    match posting::post(app, new).await {
        Ok(posted) => Ok(posted),
        Err(error) => Err(Refused::of(app, place, error).await),
    }
}

async fn change(app: &App, reader: &Reader, held: &Held, typed: &Typed) -> Result<bool, Refused> {
    let key = reader.account.id.to_string();
    app.limits.check(Action::Comment, &key)?;
    if !posting::is_fresh(held.comment.created_at, app.clock.now()) {
        return Err(Refused::TooLate);
    }
    let body = Body::parse(&typed.body)?;
    match posting::edit(app, &held.comment, body).await {
        Ok(is_held) => Ok(is_held),
        Err(error) => Err(Refused::of(app, &held.place, error).await),
    }
}

/// A comment of her own that is still there.
async fn own(app: &App, reader: &Reader, slug: &str, id: Uuid) -> Result<Held> {
    let held = Held::find(app, &reader.account, slug, id).await?;
    let held = held.for_its_writer()?;
    match held.comment.deleted_at {
        Some(_) => Err(Error::NotFound),
        None => Ok(held),
    }
}

fn edit_fields(place: &Place, id: Uuid, body: String) -> Fields {
    Fields {
        action: format!("{}/comments/{id}/edit", place.path()),
        body,
        is_edit: true,
        ..Fields::new(place)
    }
}

/// The form for a new comment with what was typed into it.
async fn typed_fields(app: &App, place: &Place, typed: &Typed) -> Result<Fields> {
    let mut fields = Fields {
        body: typed.body.clone(),
        ..Fields::new(place)
    };
    if let Ok(parent) = Uuid::parse_str(&typed.parent)
        && let Some((id, name)) = answerable(app, place.article.id, parent).await?
    {
        fields.parent = Some(id);
        fields.reply_to = name;
    }
    Ok(fields)
}
