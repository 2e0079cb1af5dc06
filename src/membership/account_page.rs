//! `/account`: the reader's own page, with what she supports and has paid.

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{REASONS, gifts, memberships, on_its_way, payments, tipped, visibility};
use crate::{
    accounts::{Reader, profile},
    app::App,
    web::Result,
};

/// `GET /account`
pub async fn account(State(app): State<App>, reader: Reader) -> Result<Response> {
    let id = reader.account.id;
    let page = json!({
        "profile": profile(&app, &reader).await?,
        "memberships": memberships(&app, id).await?,
        "on_its_way": on_its_way::of_account(&app.db, id).await?,
        "tips": tipped::of_account(&app.db, id, app.clock.now()).await?,
        "gifts": gifts::mine(&app, id).await?,
        "reasons": REASONS,
        "payments": payments(&app, id).await?,
        "visibility": visibility::choices(&app.db, id).await?,
    });
    reader.visitor.page(&app, "accounts/show.html", &page)
}
