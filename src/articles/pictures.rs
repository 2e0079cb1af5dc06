//! Pictures of authors: uploaded, listed, put above an article, served.

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse as _, Response},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait,
    DatabaseTransaction, DbErr, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{draft::SaveError, saving};
use crate::{
    app::App,
    db,
    entities::{article, picture, site},
    media::{Picture, Refused, Shape},
    tidying,
    web::{Error, Path, Result},
};

/// The longest words about what a picture shows, in characters.
const LONGEST_ALT: usize = 500;
/// The longest credit, in characters.
const LONGEST_CREDIT: usize = 120;
/// How many the list shows.
const SHOWN: u64 = 200;

/// What somebody uploads.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The file as it came; empty where none was chosen.
    pub bytes: Vec<u8>,
    /// What it shows.
    pub alt: String,
    /// Who made it.
    pub credit: String,
}

/// The picture above an article.
#[derive(Clone, Debug)]
pub struct Cover {
    pub path: String,
    pub alt: String,
    pub credit: String,
}

/// Why a picture was not kept. What a person can mend has a sentence in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("what the picture shows is not said")]
    AltMissing,
    #[error("what is said of the picture is longer than {LONGEST_ALT} characters")]
    WordsTooLong,
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("there is no such article or picture")]
    NotFound,
    #[error(transparent)]
    Db(#[from] DbErr),
}

impl PictureError {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::AltMissing => Some("writing-picture-alt-missing"),
            Self::WordsTooLong => Some("writing-picture-words-too-long"),
            Self::Refused(refused) => refused.key(),
            Self::NotFound | Self::Db(_) => None,
        }
    }
}

impl Upload {
    /// The same, tidied, if its words can be kept.
    fn checked(mut self) -> Result<Self, PictureError> {
        self.alt = tidying::line(&self.alt);
        self.credit = tidying::line(&self.credit);
        if self.alt.is_empty() {
            Err(PictureError::AltMissing)
        } else if self.alt.chars().count() > LONGEST_ALT
            || self.credit.chars().count() > LONGEST_CREDIT
        {
            Err(PictureError::WordsTooLong)
        } else {
            Ok(self)
        }
    }
}

/// Makes and keeps a picture of `author`'s. One that is there already gets the new words.
///
/// # Errors
/// If it is none, its words are missing, or store or database fail; then nothing is kept that anybody sees.
pub async fn add_picture(
    app: &App,
    author: Uuid,
    upload: Upload,
) -> Result<picture::Model, PictureError> {
    // First the files, then the row that speaks of them.
    let made = made(app, upload).await?;
    let tx = db::begin(&app.db).await?;
    note(&tx, app, author, &made).await?;
    let kept = own(&tx, author, &made.path).await?;
    tx.commit().await?;
    kept.ok_or(PictureError::NotFound)
}

/// Makes a picture and keeps its files, which nobody knows of yet.
pub(super) async fn made(app: &App, upload: Upload) -> Result<Cover, PictureError> {
    let Upload { bytes, alt, credit } = upload.checked()?;
    let picture = app.media.take(bytes, Shape::Whole).await?;
    let path = picture.path(None);
    Ok(Cover { path, alt, credit })
}

/// Writes down that `author` has this picture.
pub(super) async fn note(
    tx: &DatabaseTransaction,
    app: &App,
    author: Uuid,
    made: &Cover,
) -> Result<(), DbErr> {
    let row = picture::ActiveModel {
        id: Set(Uuid::now_v7()),
        author_id: Set(author),
        path: Set(made.path.clone()),
        alt: Set(made.alt.clone()),
        credit: Set(made.credit.clone()),
        created_at: Set(app.clock.now()),
    };
    let again = OnConflict::columns([picture::Column::AuthorId, picture::Column::Path])
        .update_columns([picture::Column::Alt, picture::Column::Credit])
        .to_owned();
    picture::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

async fn own(
    db: &impl ConnectionTrait,
    author: Uuid,
    path: &str,
) -> Result<Option<picture::Model>, DbErr> {
    let found = picture::Entity::of(author).filter(picture::Column::Path.eq(path));
    found.one(db).await
}

/// An author's pictures, the newest first.
///
/// # Errors
/// If the database fails.
pub async fn pictures(
    db: &impl ConnectionTrait,
    author: Uuid,
) -> Result<Vec<picture::Model>, DbErr> {
    picture::Entity::of(author)
        .order_by_desc(picture::Column::CreatedAt)
        .order_by_desc(picture::Column::Id)
        .limit(SHOWN)
        .all(db)
        .await
}

/// Puts one of its author's pictures above an article, or takes it away.
///
/// # Errors
/// If the picture is another's, and as [`add_picture`].
pub async fn set_cover(app: &App, article: Uuid, cover: Option<Cover>) -> Result<(), PictureError> {
    let tx = db::begin(&app.db).await?;
    let held = saving::held(&tx, article)
        .await
        .map_err(|error| match error {
            SaveError::Db(error) => PictureError::Db(error),
            _ => PictureError::NotFound,
        })?;
    let cover = match cover {
        Some(Cover { path, alt, credit }) => {
            let words = Upload {
                bytes: Vec::new(),
                alt,
                credit,
            };
            let Upload { alt, credit, .. } = words.checked()?;
            let is_same = held.cover.as_ref() == Some(&path);
            if !is_same && own(&tx, held.author_id, &path).await?.is_none() {
                return Err(PictureError::NotFound);
            }
            Some(Cover { path, alt, credit })
        }
        None => None,
    };
    put(&tx, app, held, cover).await?;
    tx.commit().await?;
    Ok(())
}

/// The part of [`set_cover`] inside a transaction that holds the row.
pub(super) async fn put(
    tx: &DatabaseTransaction,
    app: &App,
    article: article::Model,
    cover: Option<Cover>,
) -> Result<article::Model, DbErr> {
    let (path, alt, credit) = match cover {
        Some(cover) => (Some(cover.path), cover.alt, cover.credit),
        None => (None, String::new(), String::new()),
    };
    if (&article.cover, &article.cover_alt, &article.cover_credit) == (&path, &alt, &credit) {
        return Ok(article);
    }
    let mut row: article::ActiveModel = article.into();
    row.cover = Set(path);
    row.cover_alt = Set(alt);
    row.cover_credit = Set(credit);
    row.updated_at = Set(app.clock.now());
    let article = row.update(tx).await?;
    site::Entity::touch(tx).await?;
    Ok(article)
}

/// `GET /media/{*path}`: kept for ever by whoever asked, since a path never changes what it shows.
pub async fn serve(State(app): State<App>, Path(path): Path<String>) -> Result<Response> {
    let (picture, width) = Picture::parse_any(&path).ok_or(Error::NotFound)?;
    let found = app.media.read(&picture.path(width)).await;
    let (length, body) = found.map_err(Error::Unavailable)?.ok_or(Error::NotFound)?;
    let head = [
        (header::CONTENT_TYPE, picture.media_type().to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (
            header::CACHE_CONTROL,
            "public, max-age=31536000, immutable".to_owned(),
        ),
    ];
    Ok((head, body).into_response())
}
