//! `/admin/publication`: what the publication is called, who sells, and its colour.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ActiveModelTrait as _, EntityTrait, sea_query::OnConflict};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::page::room;
use crate::{
    accounts::{Owner, flash},
    app::App,
    db,
    entities::{
        audit_entry,
        publication::{self, Column, ONLY},
        site,
    },
    render::brand,
    tidying,
    web::Result,
};

/// The longest each may be, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_TAGLINE: usize = 200;
const LONGEST_ADDRESS: usize = 500;

/// The form, as typed. What is left empty is as configured.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    tagline: String,
    address: String,
    legal_name: String,
    vat_id: String,
    accent: String,
    paper: String,
    ink: String,
}

/// `GET /admin/publication`
pub async fn show(State(app): State<App>, owner: Owner) -> Result<Response> {
    let kept = publication::Entity::find_by_id(ONLY).one(&app.db).await?;
    let typed = kept.map(Typed::of).unwrap_or_default();
    page(&app, &owner, &typed, None).await
}

/// The page again, with what a form beside has got wrong.
pub(super) async fn again(app: &App, owner: &Owner, problem: &str) -> Result<Response> {
    let kept = publication::Entity::find_by_id(ONLY).one(&app.db).await?;
    let typed = kept.map(Typed::of).unwrap_or_default();
    let page = page(app, owner, &typed, Some(problem)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// `POST /admin/publication`
pub async fn save(
    State(app): State<App>,
    owner: Owner,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let row = match typed.checked(&app) {
        Ok(row) => row,
        Err(problem) => {
            let page = page(&app, &owner, &typed, Some(problem)).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    keep(&app, &owner, row).await?;
    Ok(flash(&app, "/admin/publication", "flash-publication-saved"))
}

impl Typed {
    fn of(row: publication::Model) -> Self {
        Self {
            name: row.name.unwrap_or_default(),
            tagline: row.tagline.unwrap_or_default(),
            address: row.address.unwrap_or_default(),
            legal_name: row.legal_name.unwrap_or_default(),
            vat_id: row.vat_id.unwrap_or_default(),
            accent: shown(row.accent),
            paper: shown(row.paper),
            ink: shown(row.ink),
        }
    }

    /// The row, or the sentence that says what cannot be.
    fn checked(&self, app: &App) -> Result<publication::Model, &'static str> {
        let colour = |typed: &str| match typed.trim() {
            "" => Ok(None),
            typed => brand::colour(typed).map(Some).ok_or("admin-accent-unknown"),
        };
        let text = |typed: &str, longest: usize| {
            let lines: Vec<String> = typed.trim().lines().map(tidying::line).collect();
            let text = lines.join("\n");
            match text.chars().count() <= longest {
                true => Ok(Some(text).filter(|text| !text.is_empty())),
                false => Err("admin-publication-too-long"),
            }
        };
        let line = |typed: &str, longest| text(&tidying::line(typed), longest);
        Ok(publication::Model {
            id: ONLY,
            name: line(&self.name, LONGEST_NAME)?,
            tagline: line(&self.tagline, LONGEST_TAGLINE)?,
            address: text(&self.address, LONGEST_ADDRESS)?,
            legal_name: line(&self.legal_name, LONGEST_TAGLINE)?,
            vat_id: line(&self.vat_id, LONGEST_NAME)?,
            accent: colour(&self.accent)?,
            paper: colour(&self.paper)?,
            ink: colour(&self.ink)?,
            // Kept as it is: it has a form of its own.
            logo: None,
            updated_at: app.clock.now(),
        })
    }
}

fn shown(colour: Option<String>) -> String {
    colour
        .map(|digits| format!("#{digits}"))
        .unwrap_or_default()
}

async fn keep(app: &App, owner: &Owner, row: publication::Model) -> Result<()> {
    let detail = json!({
        "name": row.name, "tagline": row.tagline, "address": row.address,
        "legal_name": row.legal_name, "vat_id": row.vat_id, "accent": row.accent,
        "paper": row.paper, "ink": row.ink,
    });
    let now = row.updated_at;
    let tx = db::begin(&app.db).await?;
    let own = [
        Column::Name,
        Column::Tagline,
        Column::Address,
        Column::LegalName,
        Column::VatId,
        Column::Accent,
        Column::Paper,
        Column::Ink,
        Column::UpdatedAt,
    ];
    let row: publication::ActiveModel = row.into();
    let again = OnConflict::column(Column::Id)
        .update_columns(own)
        .to_owned();
    publication::Entity::insert(row.reset_all())
        .on_conflict(again)
        .exec_without_returning(&tx)
        .await?;
    let who = Some(owner.account.id);
    audit_entry::Entity::note(&tx, now, who, "publication", "publication", &detail).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    app.house.refresh(&app.db).await?;
    Ok(())
}

async fn page(app: &App, owner: &Owner, typed: &Typed, problem: Option<&str>) -> Result<Response> {
    let page = json!({
        "typed": typed,
        "problem": problem,
        "configured": app.house.configured(),
        "longest_name": LONGEST_NAME,
        "longest_tagline": LONGEST_TAGLINE,
        "longest_address": LONGEST_ADDRESS,
    });
    room(app, owner, "admin/publication.html", page).await
}
