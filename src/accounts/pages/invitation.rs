//! `/invitations/{token}`: somebody was asked to write here, or to help to run it.

use axum::{Form, extract::State, http::HeaderMap, response::Response};
use serde::{Deserialize, Serialize};

use super::{form, let_in, link_over, refused};
use crate::{
    accounts::{Refusal, Visitor, invitations, sessions::user_agent},
    app::App,
    entities::Role,
    web::{Path, Result},
};

const TEMPLATE: &str = "accounts/invitation.html";

/// What she is asked, and what she answers.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Answer {
    name: String,
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_deserializing)]
    email: String,
    #[serde(skip_deserializing)]
    is_new: bool,
    #[serde(skip_deserializing)]
    is_owner: bool,
    /// Who asks; empty if nobody knows any more.
    #[serde(skip_deserializing)]
    by: String,
}

impl Answer {
    fn to(self, asked: invitations::Asked) -> Self {
        Self {
            email: asked.opened.address.as_str().to_owned(),
            is_new: asked.opened.account.is_none(),
            is_owner: asked.invitation.role == Role::Owner,
            by: asked.by.unwrap_or_default(),
            ..self
        }
    }
}

/// `GET /invitations/{token}`: uses nothing up.
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    match invitations::open(&app, &secret).await {
        Ok(asked) => {
            let name = asked.invitation.name.clone();
            let blank = Answer {
                name,
                ..Answer::default()
            };
            form(&app, &visitor, TEMPLATE, &blank.to(asked))
        }
        Err(Refusal::Failed(error)) => Err(error),
        Err(_) => link_over(&app, &visitor),
    }
}

/// `POST /invitations/{token}`: she is in.
pub async fn accept(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Form(typed): Form<Answer>,
) -> Result<Response> {
    let wished = (typed.name.as_str(), typed.password.as_str());
    let agent = user_agent(&headers);
    match invitations::accept(&app, &visitor, &secret, wished, agent).await {
        Ok(entered) => Ok(let_in(&app, &entered, "flash-invitation-accepted")),
        Err(refusal) => {
            let typed = match invitations::open(&app, &secret).await {
                Ok(asked) => typed.to(asked),
                Err(_) => typed,
            };
            refused(&app, &visitor, TEMPLATE, &typed, refusal)
        }
    }
}
