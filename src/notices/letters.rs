//! What the letter about an article says, in every language and to everybody.

use std::collections::HashMap;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::{
    app::App,
    authors::Together,
    entities::{Audience, article, author},
    mail::{
        AUTHOR_PLACE, NAME_PLACE, PREFERENCES_PLACE, Rendering, Renderings, UNSUBSCRIBE_PLACE,
        inlined,
    },
    render::LANGUAGES,
};

/// Whom a variant is for. A patron reads all; the others what the article's audience lets them.
pub(super) const PATRON: &str = "patron";
pub(super) const FOLLOWER: &str = "follower";
/// Supported one of the authors when the article came out, and does no more when the letter goes.
pub(super) const FORMER: &str = "former";

/// The mail in every language and for everybody. `writers` are the article's, the lead first.
pub(super) fn renderings(
    app: &App,
    article: &article::Model,
    writers: &[author::Model],
) -> anyhow::Result<Renderings> {
    let lead = writers.first().context("an article without an author")?;
    let mut letters = HashMap::new();
    for language in LANGUAGES {
        for reason in [PATRON, FOLLOWER, FORMER] {
            let letter = rendering(app, article, writers, (language, reason))?;
            letters.insert(format!("{language}/{reason}"), letter);
        }
    }
    Ok(Renderings {
        list_id: list_id(app, &lead.slug)?,
        list_name: lead.name.clone(),
        letters,
    })
}

/// For List-Id.
pub(super) fn list_id(app: &App, name: &str) -> anyhow::Result<String> {
    let site = url::Url::parse(&app.config.server.public_url)?;
    Ok(format!("{name}.{}", site.host_str().unwrap_or("localhost")))
}

fn rendering(
    app: &App,
    article: &article::Model,
    writers: &[author::Model],
    (language, reason): (&str, &str),
) -> anyhow::Result<Rendering> {
    let mut values = told(app, article, writers, reason == PATRON);
    values["reason"] = json!(reason);
    values["author_name"] = json!(AUTHOR_PLACE);
    let frame = frame(app);
    if let (Some(values), Value::Object(frame)) = (values.as_object_mut(), frame) {
        values.extend(frame);
    }
    rendered(app, "notice", language, &values)
}

/// What every letter about new articles has around it.
pub(super) fn frame(app: &App) -> Value {
    let publication = app.house.now();
    json!({
        "name": NAME_PLACE,
        "publication": publication.name,
        "public_url": app.config.server.public_url,
        "address": publication.address,
        "unsubscribe_url": UNSUBSCRIBE_PLACE,
        "preferences_url": PREFERENCES_PLACE,
    })
}

/// What a letter tells of one article: all of it, or what makes one want to read on.
pub(super) fn told(
    app: &App,
    article: &article::Model,
    writers: &[author::Model],
    is_patron: bool,
) -> Value {
    let is_full = is_patron || article.audience_at(app.clock.now()) != Audience::Patrons;
    let public_url = &app.config.server.public_url;
    let absolute = |html: &str| {
        html.replace("href=\"/", &format!("href=\"{public_url}/"))
            .replace("src=\"/", &format!("src=\"{public_url}/"))
            .replace("srcset=\"/", &format!("srcset=\"{public_url}/"))
            .replace("w, /media/", &format!("w, {public_url}/media/"))
    };
    let lead = writers.first();
    let by: Vec<Value> = writers
        .iter()
        .map(|author| {
            let url = app.config.link(&format!("/authors/{}", author.slug));
            json!({ "name": author.name, "url": url })
        })
        .collect();
    let support = lead.map(|lead| {
        let path = format!("/authors/{}/support?article={}", lead.slug, article.slug);
        app.config.link(&path)
    });
    json!({
        "title": article.title,
        "standfirst": article.standfirst,
        "article_url": app.config.link(&format!("/articles/{}", article.slug)),
        "by": by,
        "lead_name": lead.map(|lead| &lead.name),
        "together": writers.split_first().and_then(|(lead, others)| Together::of(lead, others)),
        "support_url": support,
        "is_full": is_full,
        "body_html": if is_full { absolute(&article.body_html) } else { String::new() },
        "body_text": if is_full { article.body_markdown.as_str() } else { "" },
        // Without words of its own to open with, an article opens with its standfirst, which stands there already.
        "excerpt": Some(&article.excerpt).filter(|opening| **opening != article.standfirst),
    })
}

/// A letter's three parts.
pub(super) fn rendered(
    app: &App,
    kind: &str,
    language: &str,
    values: &Value,
) -> anyhow::Result<Rendering> {
    let part = |file: &str| {
        let name = format!("emails/{kind}/{file}");
        app.templates.render(&name, language, values)
    };
    Ok(Rendering {
        subject: part("subject.txt")?.trim().to_owned(),
        text: part("body.txt")?,
        html: inlined(&part("body.html")?)?,
    })
}
