//! `/password/…` and `/account/password`: forgotten, chosen, changed.

use axum::{
    Form,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{form, let_in, link_over, refused};
use crate::{
    accounts::{
        Address, Reader, Refusal, Visitor,
        links::{Asked, Entered, mail_password},
        passwords,
        sessions::user_agent,
    },
    app::App,
    web::{Action, Network, Path, Result},
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Forgotten {
    email: String,
}

/// `GET /password/forgot`
pub async fn forgot(State(app): State<App>, visitor: Visitor) -> Result<Response> {
    form(
        &app,
        &visitor,
        "accounts/forgot.html",
        &Forgotten::default(),
    )
}

/// `POST /password/forgot`: a mail, and the same answer for every address.
pub async fn send(
    State(app): State<App>,
    visitor: Visitor,
    network: Network,
    Form(typed): Form<Forgotten>,
) -> Result<Response> {
    app.limits.check(Action::MailForm, &network.0)?;
    match ask(&app, &visitor, &typed).await {
        Ok(()) => Ok(Redirect::to("/sign-in/sent").into_response()),
        Err(refusal) => refused(&app, &visitor, "accounts/forgot.html", &typed, refusal),
    }
}

async fn ask(app: &App, visitor: &Visitor, typed: &Forgotten) -> Result<(), Refusal> {
    let address = Address::parse(&typed.email)?;
    app.limits.check(Action::MailFormBy, address.as_str())?;
    let asked = Asked {
        address,
        name: "",
        return_to: None,
        language: visitor.language(app),
    };
    mail_password(app, asked).await
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Choosing {
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_deserializing)]
    email: String,
}

/// `GET /password/{token}`: the form. Uses nothing up.
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    match passwords::open(&app, &secret).await {
        Ok(address) => {
            let choosing = Choosing {
                email: address.as_str().to_owned(),
                ..Choosing::default()
            };
            form(&app, &visitor, "accounts/choose_password.html", &choosing)
        }
        Err(Refusal::Failed(error)) => Err(error),
        Err(_) => link_over(&app, &visitor),
    }
}

/// `POST /password/{token}`: uses the link up, keeps the password, and comes in.
pub async fn choose(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
    headers: HeaderMap,
    Form(mut typed): Form<Choosing>,
) -> Result<Response> {
    let agent = user_agent(&headers);
    match passwords::reset(&app, &visitor, &secret, &typed.password, agent).await {
        Ok(entered) => Ok(let_in(&app, &entered, "flash-password-changed")),
        Err(refusal) => {
            if let Ok(address) = passwords::open(&app, &secret).await {
                address.as_str().clone_into(&mut typed.email);
            }
            let template = "accounts/choose_password.html";
            refused(&app, &visitor, template, &typed, refusal)
        }
    }
}

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Changing {
    #[serde(skip_serializing)]
    current: String,
    #[serde(skip_serializing)]
    password: String,
    #[serde(skip_deserializing)]
    has_password: bool,
    /// For password keepers, which file passwords under it.
    #[serde(skip_deserializing)]
    email: String,
}

impl Changing {
    fn of(self, reader: &Reader) -> Self {
        Self {
            has_password: reader.account.password_hash.is_some(),
            email: reader.account.email.clone().unwrap_or_default(),
            ..self
        }
    }
}

/// `GET /account/password`
pub async fn show(State(app): State<App>, reader: Reader) -> Result<Response> {
    let changing = Changing::default().of(&reader);
    let template = "accounts/change_password.html";
    form(&app, &reader.visitor, template, &changing)
}

/// `POST /account/password`: all other sessions end.
pub async fn change(
    State(app): State<App>,
    reader: Reader,
    headers: HeaderMap,
    Form(typed): Form<Changing>,
) -> Result<Response> {
    let account = reader.account.id.to_string();
    app.limits.check(Action::SignInBy, &account)?;
    let agent = user_agent(&headers);
    match passwords::change(&app, &reader, &typed.current, &typed.password, agent).await {
        Ok(secret) => {
            let return_to = Some("/account".to_owned());
            let entered = Entered { secret, return_to };
            Ok(let_in(&app, &entered, "flash-password-changed"))
        }
        Err(refusal) => {
            let typed = typed.of(&reader);
            let template = "accounts/change_password.html";
            refused(&app, &reader.visitor, template, &typed, refusal)
        }
    }
}
