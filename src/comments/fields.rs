//! The comment form as it is shown, and the way in where there is none.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    place::Place,
    policy::{Refusal, read_only_from},
};
use crate::{entities::ban, membership::Standing};

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

/// What `comments/way_in.html` shows.
#[derive(Clone, Debug, Serialize)]
pub(super) struct WayIn {
    /// Which of the template's parts is said: a [`Refusal`]'s word.
    part: &'static str,
    author: String,
    support_path: String,
    sign_in_path: String,
    /// Where she mends her card; a POST.
    mend_path: Option<String>,
    /// Where she pays what is owed, or confirms it to her bank; a POST.
    pay_path: Option<String>,
    /// Where she chooses another tier.
    tier_path: Option<String>,
    /// When the conversation became read-only, or her ban ends.
    until: Option<DateTime<Utc>>,
    /// Why she may not comment.
    reason: Option<String>,
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
fn sign_in_path(return_to: &str) -> String {
    let query = serde_urlencoded::to_string([("return_to", return_to)]);
    format!("/sign-in?{}", query.unwrap_or_default())
}

impl WayIn {
    pub fn new(refusal: Refusal, place: &Place, standing: &Standing) -> Self {
        let slug = &place.article.slug;
        let mended = standing.membership_id.filter(|_| standing.needs_mending());
        let other = standing
            .membership_id
            .filter(|_| refusal == Refusal::OtherTier);
        Self {
            part: refusal.word(),
            author: place.author.name.clone(),
            support_path: format!("/authors/{}/support?article={slug}", place.author.slug),
            sign_in_path: sign_in_path(&format!("/articles/{slug}#comment-form")),
            mend_path: mended.map(|id| format!("/account/memberships/{id}/card")),
            pay_path: mended.map(|id| format!("/account/memberships/{id}/pay")),
            tier_path: other.map(|id| format!("/account/memberships/{id}/tier")),
            until: read_only_from(&place.article).filter(|_| refusal == Refusal::Over),
            reason: None,
        }
    }

    /// For somebody who was banned.
    pub fn banned(ban: &ban::Model, place: &Place) -> Self {
        Self {
            part: "banned",
            until: ban.until,
            reason: Some(ban.reason.clone()),
            ..Self::new(Refusal::Closed, place, &Standing::NONE)
        }
    }
}
