//! `/account/…`: what a reader does with her own account. The page itself stands in `membership`, which
//! knows what else belongs on it.

use axum::{
    Form, Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{form, refused, sign_in::signed_out, unkept};
use crate::{
    accounts::{Reader, export, flash, leaving, profile},
    app::App,
    web::Result,
};

#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Settings {
    name: String,
    language: String,
}

/// `POST /account`: name and language.
pub async fn change(
    State(app): State<App>,
    reader: Reader,
    Form(typed): Form<Settings>,
) -> Result<Response> {
    match profile::change(&app, &reader, &typed.name, &typed.language).await {
        Ok(()) => Ok(flash(&app, "/account", "flash-account-changed")),
        Err(refusal) => {
            let template = "accounts/settings.html";
            refused(&app, &reader.visitor, template, &typed, refusal)
        }
    }
}

/// `GET /account/export`: everything kept about her, as a file.
pub async fn export(State(app): State<App>, reader: Reader) -> Result<Response> {
    let document = export::export(&app, &reader).await?;
    let file = (
        header::CONTENT_DISPOSITION,
        "attachment; filename=\"account.json\"",
    );
    Ok(unkept(([file], Json(document)).into_response()))
}

/// `GET /account/delete`: asks once more, or says why not.
pub async fn leave(State(app): State<App>, reader: Reader) -> Result<Response> {
    match leaving::obstacle(&app.db, &reader.account).await? {
        None => form(&app, &reader.visitor, "accounts/delete.html", &json!({})),
        Some(why) => {
            let mut page = refused(
                &app,
                &reader.visitor,
                "accounts/delete.html",
                &json!({}),
                why,
            )?;
            *page.status_mut() = axum::http::StatusCode::OK;
            Ok(page)
        }
    }
}

/// `POST /account/delete`
pub async fn delete(State(app): State<App>, reader: Reader) -> Result<Response> {
    match leaving::delete(&app, &reader).await {
        Ok(()) => Ok(signed_out(&app)),
        Err(refusal) => {
            let template = "accounts/delete.html";
            refused(&app, &reader.visitor, template, &json!({}), refusal)
        }
    }
}
