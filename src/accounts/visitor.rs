//! Who is asking. `Visitor` is anyone; `Reader`, `Author` and `Owner` are the authorization.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde::Serialize;

use super::sessions::{SESSION_COOKIE, session_account};
use crate::{
    app::App,
    db::Seen,
    entities::{Role, account, author},
    web::{Cacheable, Error, Flash, Frame, Network, Result, Viewer},
};

/// The cookie that carries one sentence to the next page.
pub const FLASH_COOKIE: &str = "flash";

/// Anyone, signed in or not.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub account: Option<account::Model>,
    /// Path and query of this request.
    pub path: String,
    /// The state of the database this request goes by; none for a stranger.
    pub seen: Option<Seen>,
    /// The hash of the session she is signed in with.
    pub(super) session: Option<String>,
    /// The network this request comes from.
    pub(super) network: String,
    /// What the catalogue key in the flash cookie says, once.
    flash: Option<String>,
}

/// Somebody signed in.
#[derive(Clone, Debug)]
pub struct Reader {
    pub account: account::Model,
    pub visitor: Visitor,
}

/// Somebody who may publish, and as whom.
#[derive(Clone, Debug)]
pub struct Author {
    pub account: account::Model,
    pub author: author::Model,
    pub visitor: Visitor,
}

/// Whoever runs the publication.
#[derive(Clone, Debug)]
pub struct Owner {
    pub account: account::Model,
    pub visitor: Visitor,
}

impl Visitor {
    /// Whether this page is the same for everybody who is not signed in.
    pub fn is_stranger(&self) -> bool {
        self.account.is_none() && self.flash.is_none()
    }

    /// Renders a public page; for strangers it may be kept.
    ///
    /// # Errors
    /// As [`Visitor::page`].
    pub fn public_page(&self, app: &App, name: &str, values: &impl Serialize) -> Result<Response> {
        let mut response = self.page(app, name, values)?;
        if self.is_stranger() {
            response.extensions_mut().insert(Cacheable::Public);
        }
        Ok(response)
    }

    /// The language this page is shown in.
    pub fn language<'a>(&'a self, app: &'a App) -> &'a str {
        match &self.account {
            Some(account) => &account.language,
            None => &app.config.publication.language,
        }
    }

    /// The frame of a page for this visitor.
    pub fn frame(&self, app: &App) -> Frame {
        let viewer = self.account.as_ref().map(|account| Viewer {
            name: account.name.clone(),
            is_author: account.role >= Role::Author,
            is_owner: account.role == Role::Owner,
        });
        let house = (&*app.config, &*app.house);
        let mut frame = Frame::new(house, &self.path, viewer, self.language(app));
        frame.is_demo = app.is_demo;
        frame.flash = self.flash.clone().map(|key| Flash { key });
        frame
    }

    /// Renders a page in this visitor's frame and language.
    ///
    /// # Errors
    /// If the template misses a value.
    pub fn page(&self, app: &App, name: &str, values: &impl Serialize) -> Result<Response> {
        let mut response = self.frame(app).page(&app.templates, name, values)?;
        if self.flash.is_some() {
            let clear = app.cookies.clear(FLASH_COOKIE);
            response.headers_mut().append(header::SET_COOKIE, clear);
        }
        Ok(response)
    }
}

/// Goes on to `path`, where the sentence `key` (a catalogue key starting with `flash-`) is shown once.
pub fn flash(app: &App, path: &str, key: &str) -> Response {
    let mut response = Redirect::to(path).into_response();
    let cookie = app.cookies.set(FLASH_COOKIE, key, Some(60));
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let secret = app.cookies.get(&parts.headers, SESSION_COOKIE);
        let (mut seen, mut found) = (None, None);
        if let Some(secret) = secret {
            let now = app.readings.now().await?;
            found = session_account(app, now, &secret).await?;
            seen = found.is_some().then_some(now);
        }
        let (session, account) = found.unzip();
        let uri = &parts.uri;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let visitor = Self {
            account,
            seen,
            path: path.to_owned(),
            session: session.map(|session| session.token_hash),
            network: parts
                .extensions
                .get::<Network>()
                .map_or_else(String::new, |network| network.0.clone()),
            flash: flashed(app, &parts.headers),
        };
        parts.extensions.insert(visitor.clone());
        Ok(visitor)
    }
}

fn flashed(app: &App, headers: &HeaderMap) -> Option<String> {
    let key = app.cookies.get(headers, FLASH_COOKIE)?;
    let known = key.starts_with("flash-") && app.templates.words().knows("en", &key);
    known.then_some(key)
}

impl FromRequestParts<App> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let visitor = Visitor::from_request_parts(parts, app).await?;
        match visitor.account.clone() {
            Some(account) => Ok(Self { account, visitor }),
            None => Err(Error::SignIn {
                return_to: way_back(parts),
            }),
        }
    }
}

/// Where to go after signing in: this page, or for a form the page it stood on.
fn way_back(parts: &Parts) -> String {
    if parts.method == axum::http::Method::GET {
        let path = parts.uri.path_and_query();
        return path.map_or("/", |path| path.as_str()).to_owned();
    }
    let referer = parts.headers.get(header::REFERER);
    let referer = referer.map(HeaderValue::to_str).and_then(Result::ok);
    let page = referer.and_then(|text| url::Url::parse(text).ok());
    page.map_or_else(|| "/".to_owned(), |page| page.path().to_owned())
}

impl FromRequestParts<App> for Author {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Reader { account, visitor } = Reader::from_request_parts(parts, app).await?;
        if account.role < Role::Author {
            return Err(Error::Forbidden);
        }
        let author = author::Entity::of_account(account.id).one(&app.db).await?;
        match author {
            Some(author) => Ok(Self {
                account,
                author,
                visitor,
            }),
            None => Err(Error::Forbidden),
        }
    }
}

impl FromRequestParts<App> for Owner {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Reader { account, visitor } = Reader::from_request_parts(parts, app).await?;
        match account.role {
            Role::Owner => Ok(Self { account, visitor }),
            Role::Reader | Role::Author => Err(Error::Forbidden),
        }
    }
}
