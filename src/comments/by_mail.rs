//! The pages behind the links in mails: a GET shows what would happen, a POST does it. Nobody has to sign in,
//! and whatever is done concerns the recipient of that mail alone.

use axum::{body::Bytes, extract::State, response::Response};
use axum_extra::extract::Form;
use sea_orm::EntityTrait as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    link::{Link, Purpose},
    moderation::{Act, moderate},
    standing::rank,
    wishes,
};
use crate::{
    accounts::Visitor,
    app::App,
    entities::{account, article, author, comment, comment_mail::Pace},
    web::{Error, Path, Result},
};

/// `GET /comments/mail/{token}`: what she hears of, and the buttons to change it.
pub async fn wishes_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    show_wishes(&app, &visitor, &token, false).await
}

/// `POST /comments/mail/{token}`: with nothing said but `List-Unsubscribe=One-Click` (RFC 8058) it is the
/// least of what its button would do: this thread is muted, or mail about own articles ends.
pub async fn change_wishes(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Response> {
    let (link, _) = opened(&app, &token).await?;
    let wanted = url::form_urlencoded::parse(&body).find(|(name, _)| name == "wanted");
    let wanted = wanted.map(|(_, value)| value.into_owned());
    let (account, now) = (link.account, app.clock.now());
    match (link.purpose, wanted.as_deref()) {
        (Purpose::Replies, None | Some("mute")) => {
            wishes::mute(&app, account, link.about, true, now).await?;
        }
        (Purpose::Replies, Some("unmute")) => {
            wishes::mute(&app, account, link.about, false, now).await?;
        }
        (Purpose::Replies, Some(wanted @ ("stop" | "start"))) => {
            wishes::keep(&app, account, Some(wanted == "start"), None).await?;
        }
        (Purpose::Own, wanted) => {
            let pace = pace(wanted.unwrap_or("never")).ok_or(Error::NotFound)?;
            wishes::keep(&app, account, None, Some(pace)).await?;
        }
        _ => return Err(Error::NotFound),
    }
    show_wishes(&app, &visitor, &token, true).await
}

/// The pace a form names.
pub(super) fn pace(word: &str) -> Option<Pace> {
    match word {
        "at_once" => Some(Pace::AtOnce),
        "daily" => Some(Pace::Daily),
        "never" => Some(Pace::Never),
        _ => None,
    }
}

/// The word forms name a pace by.
pub(super) fn pace_word(pace: Pace) -> &'static str {
    match pace {
        Pace::AtOnce => "at_once",
        Pace::Daily => "daily",
        Pace::Never => "never",
    }
}

async fn show_wishes(app: &App, visitor: &Visitor, token: &str, is_done: bool) -> Result<Response> {
    let (link, account) = opened(app, token).await?;
    let wants = wishes::of(&app.db, account.id).await?;
    let mut page = json!({
        "token": token,
        "is_done": is_done,
        "is_own": link.purpose == Purpose::Own,
        "replies": wants.replies,
        "pace": pace_word(wants.own_articles),
        "is_muted": false,
        "article": Value::Null,
        "permalink": Value::Null,
    });
    if link.purpose == Purpose::Replies {
        let about = comment::Entity::find_by_id(link.about).find_also_related(article::Entity);
        if let Some((comment, Some(article))) = about.one(&app.db).await? {
            page["article"] = json!(article.title);
            page["permalink"] = json!(format!(
                "/articles/{}/comments/{}",
                article.slug, comment.id
            ));
        }
        let is_muted = wishes::is_muted(&app.db, account.id, link.about).await?;
        page["is_muted"] = json!(is_muted);
    }
    visitor.page(app, "comments/mail.html", &page)
}

/// The link and its recipient, for links about mail.
async fn opened(app: &App, token: &str) -> Result<(Link, account::Model)> {
    let link = Link::open(&app.key, token).ok_or(Error::NotFound)?;
    let account = account::Entity::find_by_id(link.account)
        .one(&app.db)
        .await?;
    let account = account.filter(|account| account.deleted_at.is_none());
    match (link.purpose, account) {
        (Purpose::Replies | Purpose::Own, Some(account)) => Ok((link, account)),
        _ => Err(Error::NotFound),
    }
}

/// What is decided on a page behind a mail.
#[derive(Debug, Deserialize)]
pub struct Decision {
    #[serde(default)]
    act: String,
}

/// `GET /comments/decide/{token}`: the comment, and the buttons to approve or hide it.
pub async fn decision_page(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response> {
    let case = Case::of(&app, &token).await?;
    visitor.page(&app, "comments/decide.html", &case.page(&token, false))
}

/// `POST /comments/decide/{token}`: approves or hides it, as its recipient, if that is still theirs to do.
pub async fn decide(
    State(app): State<App>,
    visitor: Visitor,
    Path(token): Path<String>,
    Form(decision): Form<Decision>,
) -> Result<Response> {
    let case = Case::of(&app, &token).await?;
    let act = Act::named(&decision.act);
    let act = act.filter(|act| matches!(act, Act::Approve | Act::Hide | Act::Show));
    let act = act.ok_or(Error::BadRequest("comments-decide-unknown"))?;
    let rank = rank(&app.db, &case.account, &case.author).await?;
    moderate(&app, case.account.id, rank, case.comment.id, act).await?;
    let case = Case::of(&app, &token).await?;
    visitor.page(&app, "comments/decide.html", &case.page(&token, true))
}

/// A comment somebody may decide on.
struct Case {
    comment: comment::Model,
    article: article::Model,
    author: author::Model,
    writer: Option<String>,
    account: account::Model,
}

impl Case {
    async fn of(app: &App, token: &str) -> Result<Self> {
        let link = Link::open(&app.key, token).filter(|link| link.purpose == Purpose::Decide);
        let link = link.ok_or(Error::NotFound)?;
        let comment = comment::Entity::find_by_id(link.about).one(&app.db).await?;
        let comment = comment.ok_or(Error::NotFound)?;
        let article = article::Entity::find_by_id(comment.article_id)
            .find_also_related(author::Entity)
            .one(&app.db)
            .await?;
        let account = account::Entity::find_by_id(link.account)
            .one(&app.db)
            .await?;
        let writer = account::Entity::find_by_id(comment.account_id)
            .one(&app.db)
            .await?;
        let (Some((article, Some(author))), Some(account)) = (article, account) else {
            return Err(Error::NotFound);
        };
        if !rank(&app.db, &account, &author).await?.moderates() || account.deleted_at.is_some() {
            return Err(Error::NotFound);
        }
        Ok(Self {
            article,
            author,
            writer: writer
                .filter(|writer| writer.deleted_at.is_none())
                .map(|writer| writer.name)
                .or_else(|| comment.guest_name.clone()),
            comment,
            account,
        })
    }

    fn page(&self, token: &str, is_done: bool) -> Value {
        let comment = &self.comment;
        json!({
            "token": token,
            "is_done": is_done,
            "state": match () {
                () if comment.deleted_at.is_some() => "deleted",
                () if comment.hidden_at.is_some() => "hidden",
                () if comment.held_at.is_some() => "held",
                () => "shown",
            },
            "name": self.writer,
            "article": self.article.title,
            "permalink": format!("/articles/{}/comments/{}", self.article.slug, comment.id),
            "body": comment.body_html,
        })
    }
}
