//! The comment form as it is shown.

use serde::Serialize;
use uuid::Uuid;

use super::place::Place;

/// What `comments/fields.html` shows.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Fields {
    /// Where the form goes.
    pub action: String,
    /// The path of the article.
    pub path: String,
    /// The words as typed.
    pub body: String,
    /// The comment it answers.
    pub parent: Option<Uuid>,
    /// Who wrote that one; `None` too where the account is gone.
    pub reply_to: Option<String>,
    /// The key of what is wrong with it.
    pub problem: Option<&'static str>,
    /// Whether it changes a comment that is there.
    pub is_edit: bool,
    /// How it will look, where that was asked for: sanitised HTML.
    pub preview: Option<String>,
}

impl Fields {
    /// An empty form for a new comment.
    pub fn new(place: &Place) -> Self {
        let path = place.path();
        Self {
            action: format!("{path}/comments"),
            path,
            ..Self::default()
        }
    }

    /// Where she signs in who was signed out while she wrote, and then finds the form again.
    pub fn sign_in_path(&self) -> String {
        sign_in_path(&match self.parent {
            _ if self.is_edit => self.action.clone(),
            Some(parent) => format!("{}?reply={parent}#comment-form", self.path),
            None => format!("{}#comment-form", self.path),
        })
    }
}

/// Where to sign in, and then go on to this path.
pub(super) fn sign_in_path(return_to: &str) -> String {
    let query = serde_urlencoded::to_string([("return_to", return_to)]);
    format!("/sign-in?{}", query.unwrap_or_default())
}
