//! `/sign-in` and `/sign-out`.

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Way, form, let_in, link_over, refused, unkept};
use crate::{
    accounts::{
        Address, Reader, Refusal, SESSION_COOKIE, Visitor, flash,
        links::{self, Asked, Entered},
        passwords,
        sessions::{end_sessions, user_agent},
    },
    app::App,
    web::{Action, Network, Path, Result},
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct SigningIn {
    email: String,
    #[serde(skip_serializing)]
    password: String,
    return_to: String,
}

/// `GET /sign-in`
pub async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(way): Query<Way>,
) -> Result<Response> {
    let empty = SigningIn {
        return_to: way.return_to.unwrap_or_default(),
        ..SigningIn::default()
    };
    form(&app, &visitor, "accounts/sign_in.html", &empty)
}

/// `POST /sign-in`: by password.
pub async fn by_password(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    headers: HeaderMap,
    Form(typed): Form<SigningIn>,
) -> Result<Response> {
    app.limits.check(Action::SignIn, &network.0)?;
    match check(&app, &visitor, &typed, user_agent(&headers)).await {
        Ok(entered) => Ok(let_in(&app, &entered, "flash-signed-in")),
        Err(refusal) => refused(&app, &visitor, "accounts/sign_in.html", &typed, refusal),
    }
}

async fn check(
    app: &App,
    visitor: &Visitor,
    typed: &SigningIn,
    user_agent: &str,
) -> Result<Entered, Refusal> {
    let address = Address::parse(&typed.email)?;
    app.limits.check(Action::SignInBy, address.as_str())?;
    let secret = passwords::sign_in(app, visitor, &address, &typed.password, user_agent).await?;
    Ok(Entered {
        secret,
        return_to: Some(typed.return_to.clone()).filter(|path| !path.is_empty()),
    })
}

/// `POST /sign-in/link`: by mail. The answer is the same for every address.
pub async fn by_mail(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    Form(typed): Form<SigningIn>,
) -> Result<Response> {
    app.limits.check(Action::MailForm, &network.0)?;
    match ask(&app, &visitor, &typed).await {
        Ok(()) => Ok(Redirect::to("/sign-in/sent").into_response()),
        Err(refusal) => refused(&app, &visitor, "accounts/sign_in.html", &typed, refusal),
    }
}

async fn ask(app: &App, visitor: &Visitor, typed: &SigningIn) -> Result<(), Refusal> {
    let address = Address::parse(&typed.email)?;
    app.limits.check(Action::MailFormBy, address.as_str())?;
    let asked = Asked {
        address,
        name: "",
        return_to: Some(typed.return_to.as_str()).filter(|path| !path.is_empty()),
        language: visitor.language(app),
    };
    links::mail_sign_in(app, asked).await
}

/// `GET /sign-in/sent`: look in your mailbox.
pub async fn sent(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    let page = visitor.page(&app, "accounts/sent.html", &json!({}))?;
    Ok(unkept(page))
}

/// What opening a link asks of a newcomer.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Entering {
    name: String,
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_deserializing)]
    email: String,
    #[serde(skip_deserializing)]
    is_new: bool,
}

/// `GET /sign-in/{token}`: a page with a button. Mail scanners open links too, so this uses nothing up.
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    match links::open(&app, &secret).await {
        Ok(opened) => {
            let entering = Entering {
                name: opened.token.name.unwrap_or_default(),
                email: opened.address.as_str().to_owned(),
                is_new: opened.account.is_none(),
                ..Entering::default()
            };
            form(&app, &visitor, "accounts/enter.html", &entering)
        }
        Err(Refusal::Failed(error)) => Err(error),
        Err(_) => link_over(&app, &visitor),
    }
}

/// `POST /sign-in/{token}`: uses the link up and comes in.
pub async fn enter(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Form(mut typed): Form<Entering>,
) -> Result<Response> {
    let agent = user_agent(&headers);
    let wished = (typed.name.as_str(), typed.password.as_str());
    match links::sign_in(&app, &visitor, &secret, wished, agent).await {
        Ok(entered) => Ok(let_in(&app, &entered, "flash-signed-in")),
        Err(refusal) => {
            if let Ok(opened) = links::open(&app, &secret).await {
                opened.address.as_str().clone_into(&mut typed.email);
            }
            typed.is_new = true;
            refused(&app, &visitor, "accounts/enter.html", &typed, refusal)
        }
    }
}

/// `POST /sign-out`: this browser.
pub async fn sign_out(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    links::sign_out(&app, &visitor).await?;
    Ok(signed_out(&app))
}

/// `POST /sign-out/everywhere`: every browser of hers, this one too.
pub async fn sign_out_everywhere(State(app): State<App>, reader: Reader) -> Result<Response> {
    end_sessions(&app.db, reader.account.id).await?;
    Ok(signed_out(&app))
}

pub(super) fn signed_out(app: &App) -> Response {
    let mut response = flash(app, "/", "flash-signed-out");
    let cookie = app.cookies.clear(SESSION_COOKIE);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
