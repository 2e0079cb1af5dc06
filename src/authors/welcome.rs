//! What an author tells a new patron first.

use serde::Serialize;

use crate::{entities::author, render::marked, tidying};

/// A welcome in both its forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Welcome {
    /// As typed.
    pub text: String,
    /// Sanitised.
    pub html: String,
}

/// The author's welcome; `None` where there is none.
pub fn welcome(author: &author::Model) -> Option<Welcome> {
    welcome_as(author.welcome.as_deref()?)
}

/// What a welcome typed like that will be.
pub fn welcome_as(typed: &str) -> Option<Welcome> {
    let text = tidying::body(typed);
    let html = marked::render(&text);
    (!html.is_empty()).then_some(Welcome { text, html })
}
