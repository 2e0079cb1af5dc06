//! What an author tells readers about themselves.

use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, IntoActiveModel, QuerySelect, SqlErr,
};
use uuid::Uuid;

use super::links::{self, Link};
use crate::{
    accounts,
    app::App,
    db,
    entities::{
        author::{self, Hears},
        site,
        slug_redirect::Kind,
    },
    slugs, tidying,
};

/// The longest name, in characters.
const LONGEST_NAME: usize = 100;
/// The longest bio, in characters.
const LONGEST_BIO: usize = 2000;
/// The longest sentence of one's own in the support call, in characters.
const LONGEST_WORDS: usize = 300;
/// The longest welcome, in characters.
pub const LONGEST_WELCOME: usize = 2000;

/// The author's page as the author wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub slug: String,
    /// Plain text.
    pub bio: String,
    /// The author's own sentence in the support call; empty: the publication's.
    pub support_words: String,
    /// What a new patron is told first; Markdown. Empty: nothing.
    pub welcome: String,
    /// Where else the author is found; rows that say nothing are none.
    pub links: Vec<Link>,
    pub hears: Hears,
}

/// Why a profile was not saved. Each has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    #[error("the name is missing")]
    NameMissing,
    #[error("somebody else who writes here, or helps to, goes by that name or one like it")]
    NameTaken,
    #[error("the name is longer than {LONGEST_NAME} characters")]
    NameTooLong,
    #[error("the bio is longer than {LONGEST_BIO} characters")]
    BioTooLong,
    #[error("the words are longer than {LONGEST_WORDS} characters")]
    WordsTooLong,
    #[error("the welcome is longer than {LONGEST_WELCOME} characters")]
    WelcomeTooLong,
    #[error("a link is not as it must be")]
    Link(links::Flaw),
    #[error("the slug may hold small letters, digits and single dashes")]
    SlugInvalid,
    #[error("the slug is longer than {} characters", slugs::LONGEST)]
    SlugTooLong,
    #[error("the slug “{0}” belongs to another author, or once did")]
    SlugTaken(String),
    #[error("there is no such author")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl ProfileError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::NameMissing => Some("authors-name-missing"),
            Self::NameTaken => Some("authors-name-taken"),
            Self::NameTooLong => Some("authors-name-too-long"),
            Self::BioTooLong => Some("authors-bio-too-long"),
            Self::WordsTooLong => Some("authors-words-too-long"),
            Self::WelcomeTooLong => Some("authors-welcome-too-long"),
            Self::Link(links::Flaw::AddressMissing(_)) => Some("authors-link-address-missing"),
            Self::Link(links::Flaw::AddressInvalid(_)) => Some("authors-link-invalid"),
            Self::Link(links::Flaw::TooLong(_)) => Some("authors-link-too-long"),
            Self::Link(links::Flaw::TooMany) => Some("authors-links-too-many"),
            Self::SlugInvalid => Some("authors-slug-invalid"),
            Self::SlugTooLong => Some("authors-slug-too-long"),
            Self::SlugTaken(_) => Some("authors-slug-taken"),
            Self::NotFound | Self::Db(_) => None,
        }
    }

    /// Which of the links it is about, counted from 1.
    pub fn link(&self) -> Option<usize> {
        match self {
            Self::Link(
                links::Flaw::AddressMissing(number)
                | links::Flaw::AddressInvalid(number)
                | links::Flaw::TooLong(number),
            ) => Some(*number),
            _ => None,
        }
    }
}

/// Saves a profile. A slug that changes goes on leading here.
///
/// # Errors
/// What the author can mend, or the database.
pub async fn update_profile(
    app: &App,
    author: Uuid,
    profile: Profile,
) -> Result<author::Model, ProfileError> {
    let profile = checked(profile)?;
    let slug = profile.slug.clone();
    let tx = db::begin(&app.db).await?;
    let found = author::Entity::find_by_id(author)
        .lock_exclusive()
        .one(&tx)
        .await?;
    let old = found.ok_or(ProfileError::NotFound)?;
    let is_new = profile.name != old.name;
    if is_new && accounts::is_anothers(app, &tx, &profile.name, Some(old.account_id)).await? {
        return Err(ProfileError::NameTaken);
    }
    let said = |words: String| Some(words).filter(|words| !words.is_empty());
    let mut row = old.clone().into_active_model();
    row.name = Set(profile.name);
    row.slug = Set(profile.slug);
    row.bio = Set(profile.bio);
    row.support_words = Set(said(profile.support_words));
    row.welcome = Set(said(profile.welcome));
    row.hears = Set(profile.hears);
    let author = row.update(&tx).await.map_err(|error| taken(error, &slug))?;
    links::write(&tx, old.id, profile.links).await?;
    if slug != old.slug {
        if slugs::is_kept_for_another(&tx, Kind::Author, &slug, old.id).await? {
            return Err(ProfileError::SlugTaken(slug));
        }
        let names = (old.slug.as_str(), slug.as_str());
        slugs::moved(&tx, app.clock.now(), Kind::Author, old.id, names).await?;
    }
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    Ok(author)
}

fn checked(profile: Profile) -> Result<Profile, ProfileError> {
    let profile = Profile {
        name: tidying::line(&profile.name),
        slug: profile.slug.trim().to_owned(),
        bio: tidying::body(&profile.bio),
        support_words: tidying::line(&profile.support_words),
        welcome: tidying::body(&profile.welcome),
        links: links::checked(&profile.links).map_err(ProfileError::Link)?,
        hears: profile.hears,
    };
    let is_longer = |text: &str, longest: usize| text.chars().count() > longest;
    if profile.name.is_empty() {
        return Err(ProfileError::NameMissing);
    }
    if is_longer(&profile.name, LONGEST_NAME) {
        return Err(ProfileError::NameTooLong);
    }
    if is_longer(&profile.bio, LONGEST_BIO) {
        return Err(ProfileError::BioTooLong);
    }
    if is_longer(&profile.support_words, LONGEST_WORDS) {
        return Err(ProfileError::WordsTooLong);
    }
    if is_longer(&profile.welcome, LONGEST_WELCOME) {
        return Err(ProfileError::WelcomeTooLong);
    }
    if is_longer(&profile.slug, slugs::LONGEST) {
        return Err(ProfileError::SlugTooLong);
    }
    if !slugs::is_valid(&profile.slug) {
        return Err(ProfileError::SlugInvalid);
    }
    Ok(profile)
}

fn taken(error: DbErr, slug: &str) -> ProfileError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => ProfileError::SlugTaken(slug.to_owned()),
        _ => ProfileError::Db(error),
    }
}
