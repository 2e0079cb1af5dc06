//! `/admin/publication/logo`: the picture that stands for the publication's name above every page.

use axum::{
    extract::{Multipart, State},
    response::Response,
};
use serde_json::json;

use super::publication::again;
use crate::{
    accounts::{Owner, flash},
    app::App,
    db,
    entities::{audit_entry, publication, site},
    media::Shape,
    web::{Error, Result, posted},
};

/// `POST /admin/publication/logo`: puts it there, or takes it away.
pub async fn change(State(app): State<App>, owner: Owner, form: Multipart) -> Result<Response> {
    let posted = posted(form).await?;
    if posted.word("what") == "remove" {
        keep(&app, &owner, None).await?;
        return Ok(flash(&app, "/admin/publication", "flash-logo-removed"));
    }
    match app.media.take(posted.file, Shape::Logo).await {
        Ok(logo) => {
            keep(&app, &owner, Some(logo.path(None))).await?;
            Ok(flash(&app, "/admin/publication", "flash-logo-saved"))
        }
        Err(refused) => match refused.key() {
            Some(problem) => again(&app, &owner, problem).await,
            None => Err(Error::Unavailable(refused.into())),
        },
    }
}

async fn keep(app: &App, owner: &Owner, logo: Option<String>) -> Result<()> {
    let now = app.clock.now();
    let detail = json!({ "logo": logo });
    let tx = db::begin(&app.db).await?;
    publication::Entity::keep_logo(&tx, now, logo).await?;
    let who = Some(owner.account.id);
    audit_entry::Entity::note(&tx, now, who, "publication", "publication", &detail).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    app.house.refresh(&app.db).await?;
    Ok(())
}
