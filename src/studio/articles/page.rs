//! The editor's page, whatever led to it.

use axum::{
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use chrono::{DateTime, FixedOffset};
use sea_orm::EntityTrait as _;
use serde::Serialize;
use uuid::Uuid;

use super::{form::Typed, is_lead, tiers_of};
use crate::{
    accounts::Author,
    app::App,
    articles::{self, DeskShown, Difference, Known, Text, as_typed, compare},
    entities::{article, author, tier},
    media::{Picture, Shown},
    notices::{self, Counts},
    web::Result,
};

/// How many authors are named as those who may write it too.
const MOST_NAMED: usize = 12;

/// What the editor shows beside its form.
#[derive(Default)]
pub struct Told<'a> {
    /// The catalogue key of what is wrong.
    pub problem: Option<&'a str>,
    /// The name it speaks of.
    pub about: Option<String>,
    /// The text as readers would see it.
    pub preview: Option<String>,
    /// What somebody else changed meanwhile.
    pub crossed: Option<Crossed>,
    /// The moment of the publication form that was refused, as typed.
    pub refused_at: Option<String>,
}

/// Two who wrote at once.
#[derive(Serialize)]
pub struct Crossed {
    /// Who saved first, and when.
    pub name: Option<String>,
    /// Where her own text is kept, if it is not what is saved.
    pub kept: Option<Uuid>,
    /// The form as it would be filled now.
    pub saved: Typed,
    /// What the other changed, and how hers differs from what is saved now.
    pub theirs: Vec<Difference>,
    pub hers: Vec<Difference>,
}

#[derive(Serialize)]
struct Page<'a> {
    article: Option<Facts<'a>>,
    typed: &'a Typed,
    /// Whether this is its lead author, who decides whom it is for, and when it is out.
    is_lead: bool,
    /// Those that can be chosen for the conversation.
    tiers: Vec<Choice>,
    /// The others who publish here, unless they are too many to be named.
    others: Vec<Known>,
    problem: Option<&'a str>,
    about: Option<String>,
    preview: Option<String>,
    crossed: Option<Crossed>,
    refused_at: Option<String>,
    zone: &'a str,
    now: String,
}

/// A tier to choose.
#[derive(Serialize)]
struct Choice {
    id: Uuid,
    name: String,
}

/// An article there is.
#[derive(Serialize)]
struct Facts<'a> {
    id: Uuid,
    slug: &'a str,
    /// Its lead author.
    author_name: String,
    /// What became of its letters.
    letters: Option<Counts>,
    state: &'static str,
    published_at: Option<DateTime<FixedOffset>>,
    withdrawn_at: Option<DateTime<FixedOffset>>,
    scheduled: String,
    unsaved: Option<Unsaved>,
    cover: Option<Shown>,
    cover_alt: &'a str,
    cover_credit: &'a str,
}

/// Text that was typed and not saved.
#[derive(Serialize)]
struct Unsaved {
    id: Uuid,
    at: DateTime<FixedOffset>,
}

/// Draws the editor: of an article, or empty for a new one.
pub async fn editor(
    app: &App,
    author: &Author,
    row: Option<&article::Model>,
    (typed, told): (&Typed, Told<'_>),
) -> Result<Response> {
    let status = match (&told.crossed, told.problem) {
        (Some(_), _) => StatusCode::CONFLICT,
        (None, Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, None) => StatusCode::OK,
    };
    let publication = &app.config.publication;
    let page = Page {
        article: match row {
            Some(row) => Some(facts(app, author, row, typed).await?),
            None => None,
        },
        typed,
        is_lead: row.is_none_or(|row| is_lead(author, row)),
        tiers: choices(app, author, typed).await?,
        others: others(app, author).await?,
        problem: told.problem,
        about: told.about,
        preview: told.preview,
        crossed: told.crossed,
        refused_at: told.refused_at,
        zone: &publication.time_zone,
        now: as_typed(Some(app.clock.now()), publication.zone()),
    };
    let page = author.visitor.page(app, "studio/article.html", &page)?;
    Ok((status, page).into_response())
}

async fn others(app: &App, author: &Author) -> Result<Vec<Known>> {
    let mut known = articles::authors_known(&app.db).await?;
    known.retain(|other| other.id != author.author.id);
    match known.len() > MOST_NAMED {
        true => Ok(Vec::new()),
        false => Ok(known),
    }
}

async fn choices(app: &App, author: &Author, typed: &Typed) -> Result<Vec<Choice>> {
    let tiers = tiers_of(app, author).await?.into_iter();
    let tiers = tiers.filter(|tier| tier.archived_at.is_none() || typed.tiers.contains(&tier.id));
    let choice = |tier: tier::Model| Choice {
        id: tier.id,
        name: tier.name,
    };
    Ok(tiers.map(choice).collect())
}

async fn facts<'a>(
    app: &App,
    author: &Author,
    row: &'a article::Model,
    typed: &Typed,
) -> Result<Facts<'a>> {
    let (now, publication) = (app.clock.now(), &app.config.publication);
    let state = DeskShown::of(now, row.published_at, row.withdrawn_at);
    let unsaved = articles::unsaved(&app.db, row, author.account.id).await?;
    let unsaved = unsaved.filter(|version| {
        let text = Text::of_version(version);
        (&text.title, &text.standfirst, &text.body)
            != (&typed.title, &typed.standfirst, &typed.body)
    });
    let cover = row.cover.as_deref().and_then(Picture::parse);
    Ok(Facts {
        id: row.id,
        slug: &row.slug,
        author_name: match is_lead(author, row) {
            true => author.author.name.clone(),
            false => {
                let lead = author::Entity::find_by_id(row.author_id).one(&app.db);
                lead.await?.map(|lead| lead.name).unwrap_or_default()
            }
        },
        letters: notices::counts(&app.db, &[row.id]).await?.remove(&row.id),
        state: state.word(),
        published_at: row.published_at.map(|at| publication.local(at)),
        withdrawn_at: row.withdrawn_at.map(|at| publication.local(at)),
        scheduled: as_typed(row.published_at, publication.zone()),
        unsaved: unsaved.map(|version| Unsaved {
            id: version.id,
            at: publication.local(version.created_at),
        }),
        cover: cover.map(|cover| cover.shown()),
        cover_alt: &row.cover_alt,
        cover_credit: &row.cover_credit,
    })
}

/// What the second of two who saved is told.
pub async fn crossed(
    app: &App,
    row: &article::Model,
    typed: &Typed,
    kept: Option<Uuid>,
) -> Result<Crossed> {
    let history = articles::history(&app.db, row.id).await?;
    let of = |number: i32| {
        let in_force = |word| word == number;
        history
            .iter()
            .find(move |version| in_force(version.number) && version.is_in_force())
    };
    let before = match of(typed.version) {
        Some(version) => articles::version(&app.db, row.id, version.id).await?,
        None => None,
    };
    let before = before
        .map(|version| version.body_markdown)
        .unwrap_or_default();
    Ok(Crossed {
        name: of(row.version).and_then(|version| version.name.clone()),
        kept,
        saved: Typed::of(app, row).await?,
        theirs: compare(&before, &row.body_markdown),
        hers: compare(&row.body_markdown, &typed.body),
    })
}
