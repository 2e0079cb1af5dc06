//! `/join`: becoming a reader.

use axum::{
    Form,
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{Way, form, refused};
use crate::{
    accounts::{
        Address, Refusal, Visitor,
        links::{Asked, mail_sign_in},
        profile::named,
    },
    app::App,
    web::{Action, Network, Result},
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Joining {
    name: String,
    email: String,
    return_to: String,
}

/// `GET /join`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(way): Query<Way>,
) -> Result<Response> {
    let empty = Joining {
        return_to: way.return_to.unwrap_or_default(),
        ..Joining::default()
    };
    form(&app, &visitor, "accounts/join.html", &empty)
}

/// `POST /join`: a mail, whether or not the address is known, and the same page after it. No password is
/// asked for here: one that was typed before the address was proven may be anybody's.
pub async fn submit(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    Form(typed): Form<Joining>,
) -> Result<Response> {
    app.limits.check(Action::Join, &network.0)?;
    match join(&app, &visitor, &typed).await {
        Ok(()) => Ok(Redirect::to("/sign-in/sent").into_response()),
        Err(refusal) => refused(&app, &visitor, "accounts/join.html", &typed, refusal),
    }
}

async fn join(app: &App, visitor: &Visitor, typed: &Joining) -> Result<(), Refusal> {
    let name = named(&typed.name)?;
    let address = Address::parse(&typed.email)?;
    app.limits.check(Action::MailFormBy, address.as_str())?;
    let asked = Asked {
        address,
        name: &name,
        return_to: Some(typed.return_to.as_str()).filter(|path| !path.is_empty()),
        language: visitor.language(app),
    };
    mail_sign_in(app, asked).await
}
