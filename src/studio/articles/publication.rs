//! Publishing now or later, taking back, a notice to oneself.

use axum::{extract::State, response::Response};
use axum_extra::extract::Form;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    form::Typed,
    led, own,
    page::{Told, editor},
};
use crate::{
    accounts::{Author, flash},
    app::App,
    articles::{self, Publication, PublishError, time_typed},
    entities::article,
    web::{Error, Path, Result},
};

/// What the publishing buttons say.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `publish`, `schedule` or `unpublish`.
    what: String,
    /// When, as the clock of the publication's place shows it.
    #[serde(default)]
    at: String,
    /// Present when readers are to hear of it.
    notice: Option<String>,
}

/// `POST /studio/articles/{id}/publication`
pub async fn publication(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let row = led(&app, &author, id).await?;
    let path = format!("/studio/articles/{id}");
    match act(&app, author.account.id, row.id, &wanted).await {
        Ok(done) => Ok(flash(&app, &path, done)),
        Err(Refused::Said(problem)) => {
            let typed = Typed::of(&app, &row).await?;
            let told = Told {
                problem: Some(problem),
                refused_at: Some(wanted.at),
                ..Told::default()
            };
            editor(&app, &author, Some(&row), (&typed, told)).await
        }
        Err(Refused::Failed(error)) => Err(error),
    }
}

enum Refused {
    /// The catalogue key of what is wrong.
    Said(&'static str),
    Failed(Error),
}

/// Returns what is said once it is done.
async fn act(app: &App, by: Uuid, id: Uuid, wanted: &Wanted) -> Result<&'static str, Refused> {
    let how = Publication {
        at: None,
        quiet: wanted.notice.is_none(),
        by: Some(by),
    };
    match wanted.what.as_str() {
        "unpublish" => {
            let was = articles::unpublish(app, id, Some(by)).await?;
            Ok(match was.withdrawn_at {
                Some(_) => "flash-article-unpublished",
                None => "flash-article-unscheduled",
            })
        }
        "schedule" => {
            let at = time_typed(&wanted.at, app.config.publication.zone());
            let at = at.map_err(|flaw| Refused::Said(flaw.key()))?;
            let at = at.ok_or(Refused::Said("writing-time-unreadable"))?;
            articles::schedule(app, id, at, how).await?;
            Ok("flash-article-scheduled")
        }
        "publish" => {
            articles::publish(app, id, how).await?;
            Ok("flash-article-published")
        }
        _ => Err(Refused::Failed(Error::BadRequest("writing-act-unknown"))),
    }
}

impl From<PublishError> for Refused {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Empty => Self::Said("writing-empty"),
            PublishError::OpensBefore => Self::Said("writing-schedule-after-opening"),
            PublishError::Past => Self::Said("writing-time-past"),
            PublishError::TooFar => Self::Said("writing-time-too-far"),
            PublishError::NotFound => Self::Failed(Error::NotFound),
            PublishError::Db(error) => Self::Failed(error.into()),
            PublishError::Notice(error) => Self::Failed(error.into()),
        }
    }
}

/// `POST /studio/articles/{id}/test-notice`
pub async fn test_notice(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row: article::Model = own(&app, &author, id).await?;
    let path = format!("/studio/articles/{id}");
    match articles::send_test_notice(&app, row.id, &author.account)
        .await
        .map_err(Refused::from)
    {
        Ok(()) => Ok(flash(&app, &path, "flash-test-notice")),
        Err(Refused::Said(_)) => Ok(flash(&app, &path, "flash-article-empty")),
        Err(Refused::Failed(error)) => Err(error),
    }
}
