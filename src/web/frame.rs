//! The frame every page stands in, and the response it becomes.

use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    config::Config,
    house::House,
    media::{Picture, Shown},
    render::{Templates, brand},
};

/// Who looks at a page, as far as its frame shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Viewer {
    pub name: String,
    pub is_author: bool,
    pub is_owner: bool,
}

/// A sentence shown once, after an act. Carried as a catalogue key, so it can hold no one's text.
#[derive(Clone, Debug, Serialize)]
pub struct Flash {
    pub key: String,
}

/// What the frame needs; in templates as `frame`.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    pub language: String,
    /// The language articles are written in.
    pub text_language: String,
    pub publication: String,
    pub tagline: String,
    /// The sheet with the publication's own colours, as `brand::sheet` names it; `None` where it has none.
    pub colours: Option<String>,
    /// The picture that stands for the name.
    pub logo: Option<Shown>,
    /// `https://…` without a slash at the end.
    pub public_url: String,
    /// The path of this page.
    pub path: String,
    pub viewer: Option<Viewer>,
    pub flash: Option<Flash>,
    /// Whether this is the demo, which links to its control room.
    pub is_demo: bool,
}

#[derive(Serialize)]
struct Values<'a, T> {
    frame: &'a Frame,
    #[serde(flatten)]
    page: &'a T,
}

impl Frame {
    pub fn new(
        (config, house): (&Config, &House),
        path: &str,
        viewer: Option<Viewer>,
        language: &str,
    ) -> Self {
        let publication = house.now();
        let logo = publication.logo.as_deref().and_then(Picture::parse);
        Self {
            language: language.to_owned(),
            text_language: config.publication.language.clone(),
            publication: publication.name.clone(),
            tagline: publication.tagline.clone(),
            colours: brand::sheet(
                publication.accent.as_deref(),
                publication.paper.as_deref(),
                publication.ink.as_deref(),
            ),
            logo: logo.map(|picture| picture.shown()),
            public_url: config.server.public_url.clone(),
            path: path.to_owned(),
            viewer,
            flash: None,
            is_demo: false,
        }
    }

    /// Renders a page. A page that knows its reader is never stored by anyone.
    ///
    /// # Errors
    /// If the template misses a value.
    pub fn page(
        &self,
        templates: &Templates,
        name: &str,
        page: &impl Serialize,
    ) -> Result<Response, tera::Error> {
        let values = Values { frame: self, page };
        let text = templates.render(name, &self.language, &values)?;
        Ok(html(text, self.viewer.is_some() || self.flash.is_some()))
    }
}

/// An HTML response; `personal` ones are marked `no-store`.
pub fn html(text: String, personal: bool) -> Response {
    let caching = if personal { "no-store" } else { "no-cache" };
    ([(header::CACHE_CONTROL, caching)], Html(text)).into_response()
}
