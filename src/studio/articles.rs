//! `/studio/articles`: this author's articles, drafts too; writing, publishing, taking back.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder as _};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use crate::{
    accounts::{Author, flash},
    app::App,
    articles::{self, Draft, Publication, PublishError, SaveError},
    entities::{Audience, Gate, article, tier},
    notices,
    web::{Error, Result},
};

/// The editor's form, as typed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Typed {
    title: String,
    #[serde(default)]
    slug: String,
    #[serde(default)]
    standfirst: String,
    #[serde(default)]
    body: String,
    /// `public`, `readers` or `patrons`.
    audience: String,
    /// `readers`, `patrons`, `tiers` or `closed`.
    comments: String,
    /// Those that may comment, where it is by tier.
    #[serde(default)]
    tiers: Vec<Uuid>,
    /// For how many days; empty: for ever.
    #[serde(default)]
    days: String,
}

/// What the publishing buttons say.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    /// `publish` or `unpublish`.
    what: String,
    /// Present when readers are to hear of it.
    notice: Option<String>,
}

/// `GET /studio/articles`
pub async fn list(State(app): State<App>, author: Author) -> Result<Response> {
    let rows = article::Entity::find()
        .filter(article::Column::AuthorId.eq(author.author.id))
        .order_by_desc(article::Column::CreatedAt)
        .all(&app.db)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let letters = notices::counts(&app.db, &ids).await?;
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "id": row.id,
                "title": row.title,
                "slug": row.slug,
                "published_at": row.published_at,
                "updated_at": row.updated_at,
                "audience": audience_word(row.audience),
                "letters": letters.get(&row.id),
            })
        })
        .collect();
    let page = json!({ "articles": rows });
    author.visitor.page(&app, "studio/articles.html", &page)
}

/// `GET /studio/articles/new`
pub async fn start(State(app): State<App>, author: Author) -> Result<Response> {
    let typed = Typed {
        title: String::new(),
        slug: String::new(),
        standfirst: String::new(),
        body: String::new(),
        audience: "public".to_owned(),
        comments: gate_word(app.config.comments.default_gate()).to_owned(),
        tiers: Vec::new(),
        days: String::new(),
    };
    page(&app, &author, None, &typed, None).await
}

/// `GET /studio/articles/{id}`
pub async fn open(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let typed = Typed {
        title: row.title.clone(),
        slug: row.slug.clone(),
        standfirst: row.standfirst.clone(),
        body: row.body_markdown.clone(),
        audience: audience_word(row.audience).to_owned(),
        comments: gate_word(row.gate).to_owned(),
        tiers: row.tiers().collect(),
        days: row
            .gate_days
            .map(|days| days.to_string())
            .unwrap_or_default(),
    };
    page(&app, &author, Some(&row), &typed, None).await
}

/// `POST /studio/articles/new`
pub async fn save_new(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let tiers = tiers_of(&app, &author).await?;
    let saved = articles::create(&app, author.author.id, draft(&typed, &tiers)).await;
    answer(&app, &author, None, &typed, saved).await
}

/// `POST /studio/articles/{id}`
pub async fn save(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let tiers = tiers_of(&app, &author).await?;
    let saved = articles::update(&app, row.id, draft(&typed, &tiers)).await;
    answer(&app, &author, Some(&row), &typed, saved).await
}

async fn answer(
    app: &App,
    author: &Author,
    row: Option<&article::Model>,
    typed: &Typed,
    saved: Result<article::Model, SaveError>,
) -> Result<Response> {
    match saved {
        Ok(saved) => {
            let path = format!("/studio/articles/{}", saved.id);
            Ok(flash(app, &path, "flash-article-saved"))
        }
        Err(SaveError::Db(error)) => Err(error.into()),
        Err(problem) => {
            let key = problem.key().ok_or(Error::NotFound)?;
            let page = page(app, author, row, typed, Some(key)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// `POST /studio/articles/{id}/publication`
pub async fn publication(
    State(app): State<App>,
    author: Author,
    Path(id): Path<Uuid>,
    Form(wanted): Form<Wanted>,
) -> Result<Response> {
    let row = own(&app, &author, id).await?;
    let result = match wanted.what.as_str() {
        "unpublish" => articles::unpublish(&app, row.id).await,
        _ => {
            let how = Publication {
                at: None,
                quiet: wanted.notice.is_none(),
            };
            articles::publish(&app, row.id, how).await
        }
    };
    let path = format!("/studio/articles/{id}");
    match result {
        Ok(article) if article.published_at.is_some() => {
            Ok(flash(&app, &path, "flash-article-published"))
        }
        Ok(_) => Ok(flash(&app, &path, "flash-article-unpublished")),
        Err(PublishError::Empty) => Ok(flash(&app, &path, "flash-article-empty")),
        Err(PublishError::NotFound) => Err(Error::NotFound),
        Err(PublishError::Db(error)) => Err(error.into()),
        Err(PublishError::Notice(error)) => Err(error.into()),
    }
}

async fn own(app: &App, author: &Author, id: Uuid) -> Result<article::Model> {
    article::Entity::find_by_id(id)
        .filter(article::Column::AuthorId.eq(author.author.id))
        .one(&app.db)
        .await?
        .ok_or(Error::NotFound)
}

async fn page(
    app: &App,
    author: &Author,
    row: Option<&article::Model>,
    typed: &Typed,
    problem: Option<&str>,
) -> Result<Response> {
    let tiers = tiers_of(app, author).await?;
    let tiers: Vec<_> = tiers
        .iter()
        .filter(|tier| tier.archived_at.is_none() || typed.tiers.contains(&tier.id))
        .map(|tier| json!({ "id": tier.id, "name": tier.name }))
        .collect();
    let letters = match row {
        Some(row) => notices::counts(&app.db, &[row.id]).await?.remove(&row.id),
        None => None,
    };
    let page = json!({
        "tiers": tiers,
        "id": row.map(|row| row.id),
        "slug": row.map(|row| &row.slug),
        "letters": letters,
        "published_at": row.and_then(|row| row.published_at),
        "preview": row.map(|row| &row.body_html),
        "typed": typed,
        "problem": problem,
    });
    author.visitor.page(app, "studio/article.html", &page)
}

/// Every tier this author ever had on sale.
async fn tiers_of(app: &App, author: &Author) -> Result<Vec<tier::Model>> {
    let tiers = tier::Entity::find()
        .filter(tier::Column::AuthorId.eq(author.author.id))
        .order_by_asc(tier::Column::CreatedAt);
    Ok(tiers.all(&app.db).await?)
}

fn draft(typed: &Typed, tiers: &[tier::Model]) -> Draft {
    let chosen = tiers.iter().filter(|tier| typed.tiers.contains(&tier.id));
    let chosen: Vec<String> = chosen.map(|tier| tier.id.to_string()).collect();
    Draft {
        gate_tiers: Some(chosen.join(" ")),
        gate_days: match typed.days.trim() {
            "" => None,
            days => Some(days.parse().unwrap_or(0)),
        },
        title: typed.title.clone(),
        slug: typed.slug.clone(),
        standfirst: typed.standfirst.clone(),
        body_markdown: typed.body.clone(),
        audience: match typed.audience.as_str() {
            "readers" => Audience::Readers,
            "patrons" => Audience::Patrons,
            _ => Audience::Public,
        },
        gate: match typed.comments.as_str() {
            "readers" => Gate::Readers,
            "tiers" => Gate::Tiers,
            "closed" => Gate::Closed,
            _ => Gate::Patrons,
        },
    }
}

fn audience_word(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "public",
        Audience::Readers => "readers",
        Audience::Patrons => "patrons",
    }
}

fn gate_word(gate: Gate) -> &'static str {
    match gate {
        Gate::Readers => "readers",
        Gate::Patrons => "patrons",
        Gate::Tiers => "tiers",
        Gate::Closed => "closed",
    }
}
