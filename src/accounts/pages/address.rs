//! `/account/address…`: another address, and the way back. Opening a link uses nothing up.

use axum::{Form, extract::State, response::Response};
use serde::{Deserialize, Serialize};

use super::{form, link_over, refused};
use crate::{
    accounts::{Reader, Refusal, Visitor, flash, moving},
    app::App,
    entities::token::Purpose,
    web::{Action, Path, Result},
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    email: String,
    #[serde(skip_serializing)]
    current: String,
    #[serde(skip_deserializing)]
    has_password: bool,
}

impl Typed {
    fn of(self, reader: &Reader) -> Self {
        let has_password = reader.account.password_hash.is_some();
        Self {
            has_password,
            ..self
        }
    }
}

/// `GET /account/address`
pub async fn show(State(app): State<App>, reader: Reader) -> Result<Response> {
    let typed = Typed::default().of(&reader);
    form(&app, &reader.visitor, CHANGE, &typed)
}

/// `POST /account/address`: a mail to the new address.
pub async fn ask(
    State(app): State<App>,
    reader: Reader,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let account = reader.account.id.to_string();
    app.limits.check(Action::MailFormBy, &account)?;
    match moving::ask(&app, &reader, &typed.email, &typed.current).await {
        Ok(()) => Ok(flash(&app, "/account", "flash-address-asked")),
        Err(refusal) => {
            let typed = typed.of(&reader);
            refused(&app, &reader.visitor, CHANGE, &typed, refusal)
        }
    }
}

const CHANGE: &str = "accounts/change_address.html";
const LINK: &str = "accounts/address_link.html";

/// A link that was opened: which address it puts in place, and whether that is the old one.
#[derive(Serialize)]
struct Opened {
    email: String,
    is_undo: bool,
}

/// `GET /account/address/{token}`
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    opened(&app, &visitor, &secret, &moving::TO_MOVE).await
}

/// `GET /account/address/undo/{token}`
pub async fn open_undo(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    opened(&app, &visitor, &secret, &moving::TO_MOVE_BACK).await
}

async fn opened(
    app: &App,
    visitor: &Visitor,
    secret: &str,
    purposes: &[Purpose],
) -> Result<Response> {
    match moving::open(app, secret, purposes).await {
        Ok(address) => {
            let opened = Opened {
                email: address.as_str().to_owned(),
                is_undo: purposes == moving::TO_MOVE_BACK,
            };
            form(app, visitor, LINK, &opened)
        }
        Err(Refusal::Failed(error)) => Err(error),
        Err(_) => link_over(app, visitor),
    }
}

/// `POST /account/address/{token}`
pub async fn confirm(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    let done = moving::confirm(&app, &secret).await;
    settled(&app, &visitor, done, "flash-address-changed")
}

/// `POST /account/address/undo/{token}`
pub async fn undo(
    State(app): State<App>,
    visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response> {
    let done = moving::undo(&app, &secret).await;
    settled(&app, &visitor, done, "flash-address-back")
}

fn settled(
    app: &App,
    visitor: &Visitor,
    done: std::result::Result<(), Refusal>,
    key: &str,
) -> Result<Response> {
    let path = match visitor.account {
        Some(_) if key == "flash-address-changed" => "/account",
        _ => "/sign-in",
    };
    match done {
        Ok(()) => Ok(flash(app, path, key)),
        Err(refusal) => {
            let opened = Opened {
                email: String::new(),
                is_undo: false,
            };
            refused(app, visitor, LINK, &opened, refusal)
        }
    }
}
