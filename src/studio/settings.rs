//! `/studio/settings`: how this author is shown, the words of the support call, and what a new patron is told.

use axum::{
    extract::{Multipart, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use axum_extra::extract::Form;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    accounts::{Author, flash},
    app::App,
    authors::{
        self, LONGEST_ALT, LONGEST_LABEL, LONGEST_WELCOME, Link, MOST_LINKS, PortraitError,
        Profile, ProfileError, update_profile,
    },
    entities::author::Hears,
    web::{Error, Result, posted},
};

/// The form, as typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Typed {
    name: String,
    slug: String,
    #[serde(default)]
    bio: String,
    #[serde(default)]
    support_words: String,
    #[serde(default)]
    welcome: String,
    /// The links, column by column.
    #[serde(default)]
    link_label: Vec<String>,
    #[serde(default)]
    link_address: Vec<String>,
    /// When to hear of patrons and tips; empty: as before.
    #[serde(default)]
    hears: String,
    /// `preview`: only to be shown.
    #[serde(default, skip_serializing)]
    what: String,
}

impl Typed {
    fn links(&self) -> Vec<Link> {
        let rows = self.link_label.len().max(self.link_address.len());
        let said = |column: &[String], row: usize| column.get(row).cloned().unwrap_or_default();
        let link = |row| Link {
            label: said(&self.link_label, row),
            address: said(&self.link_address, row),
        };
        (0..rows).map(link).collect()
    }
}

/// What is wrong with what was typed.
#[derive(Default, Serialize)]
struct Problem {
    key: &'static str,
    /// The link it is about, counted from 1.
    link: Option<usize>,
    /// Whether it is the portrait's form.
    is_portrait: bool,
}

/// `GET /studio/settings`
pub async fn show(State(app): State<App>, author: Author) -> Result<Response> {
    let typed = kept(&app, &author).await?;
    page(&app, &author, &typed, None)
}

/// `POST /studio/settings`
pub async fn save(
    State(app): State<App>,
    author: Author,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    if typed.what == "preview" {
        return page(&app, &author, &typed, None);
    }
    let profile = Profile {
        name: typed.name.clone(),
        slug: typed.slug.clone(),
        bio: typed.bio.clone(),
        support_words: typed.support_words.clone(),
        welcome: typed.welcome.clone(),
        links: typed.links(),
        hears: hears(&typed.hears).unwrap_or(author.author.hears),
    };
    match update_profile(&app, author.author.id, profile).await {
        Ok(_) => Ok(flash(&app, "/studio/settings", "flash-settings-saved")),
        Err(ProfileError::Db(error)) => Err(error.into()),
        Err(flaw) => {
            let problem = Problem {
                key: flaw.key().ok_or(Error::NotFound)?,
                link: flaw.link(),
                is_portrait: false,
            };
            page(&app, &author, &typed, Some(problem))
        }
    }
}

/// `POST /studio/settings/portrait`: puts it there, changes its words, or takes it away.
pub async fn portrait(State(app): State<App>, author: Author, form: Multipart) -> Result<Response> {
    let posted = posted(form).await?;
    let id = author.author.id;
    if posted.word("what") == "remove" {
        authors::remove_portrait(&app, id).await?;
        return Ok(flash(&app, "/studio/settings", "flash-portrait-removed"));
    }
    let alt = posted.word("alt").to_owned();
    match authors::set_portrait(&app, id, posted.file, &alt).await {
        Ok(()) => Ok(flash(&app, "/studio/settings", "flash-portrait-saved")),
        Err(PortraitError::Db(error)) => Err(error.into()),
        Err(error) => refused(&app, author, alt, error).await,
    }
}

async fn refused(
    app: &App,
    mut author: Author,
    alt: String,
    error: PortraitError,
) -> Result<Response> {
    let Some(key) = error.key() else {
        return Err(Error::Unavailable(error.into()));
    };
    let typed = kept(app, &author).await?;
    author.author.portrait_alt = alt;
    let problem = Problem {
        key,
        is_portrait: true,
        ..Problem::default()
    };
    page(app, &author, &typed, Some(problem))
}

/// The form as it stands before anybody types.
async fn kept(app: &App, author: &Author) -> Result<Typed> {
    let row = &author.author;
    let links = authors::links(&app.db, row.id).await?;
    let (labels, addresses) = links
        .into_iter()
        .map(|link| (link.label, link.address))
        .unzip();
    Ok(Typed {
        name: row.name.clone(),
        slug: row.slug.clone(),
        bio: row.bio.clone(),
        support_words: row.support_words.clone().unwrap_or_default(),
        welcome: row.welcome.clone().unwrap_or_default(),
        link_label: labels,
        link_address: addresses,
        hears: hears_word(row.hears).to_owned(),
        what: String::new(),
    })
}

/// The choices of the form, as they travel.
const CHOICES: [(&str, Hears); 3] = [
    ("at_once", Hears::AtOnce),
    ("daily", Hears::Daily),
    ("never", Hears::Never),
];

fn hears(word: &str) -> Option<Hears> {
    let chosen = CHOICES.iter().find(|(known, _)| *known == word);
    chosen.map(|(_, hears)| *hears)
}

fn hears_word(hears: Hears) -> &'static str {
    let chosen = CHOICES.iter().find(|(_, known)| *known == hears);
    chosen.map_or("at_once", |(word, _)| *word)
}

fn page(app: &App, author: &Author, typed: &Typed, problem: Option<Problem>) -> Result<Response> {
    let mut links = typed.links();
    links.resize(MOST_LINKS.max(links.len()), Link::default());
    let page = json!({
        "typed": typed,
        "links": links,
        "preview": authors::welcome_as(&typed.welcome),
        "is_preview": typed.what == "preview",
        "portrait": authors::portrait(&author.author),
        "portrait_alt": author.author.portrait_alt,
        "author_name": author.author.name,
        "longest_alt": LONGEST_ALT,
        "longest_label": LONGEST_LABEL,
        "longest_welcome": LONGEST_WELCOME,
        "problem": problem,
        "slug": author.author.slug,
    });
    let page = author.visitor.page(app, "studio/settings.html", &page)?;
    Ok(match problem {
        Some(_) => (StatusCode::UNPROCESSABLE_ENTITY, page).into_response(),
        None => page,
    })
}
