//! Writing mail: rendered in the reader's language and stored, to be delivered by the worker.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, EntityTrait,
    sea_query::OnConflict,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Rendering, samples,
    suppression::{self, Fingerprint, Purpose},
};
use crate::{
    config::Config,
    entities::{account, outbox},
    house::House,
    render::Templates,
};

/// A mail about to be written.
pub struct Letter<'a, T> {
    /// What this mail is about, once: `receipt:in_…`. A second letter with the same key is not written.
    pub key: String,
    /// The folder under `templates/emails/`.
    pub kind: &'a str,
    /// Who it is for; somebody who is no account yet has the nil id.
    pub to: &'a account::Model,
    /// Values for the templates, beside `name`, `publication`, `public_url`, `address` and `lang`.
    pub values: T,
}

/// Writes letters. Cloning is cheap.
#[derive(Clone)]
pub struct Outbox {
    templates: Arc<Templates>,
    config: Arc<Config>,
    house: Arc<House>,
}

#[derive(Serialize)]
struct Values<'a, T> {
    name: &'a str,
    publication: &'a str,
    public_url: &'a str,
    address: &'a str,
    #[serde(flatten)]
    letter: &'a T,
}

impl Outbox {
    pub fn new(templates: Arc<Templates>, config: Arc<Config>, house: Arc<House>) -> Self {
        Self {
            templates,
            config,
            house,
        }
    }

    /// Writes a letter as part of the caller's act. Returns whether it is new; a reader without any
    /// address gets none.
    ///
    /// # Errors
    /// If a template misses a value or the database fails: then the act fails too.
    pub async fn enqueue<T: Serialize>(
        &self,
        tx: &impl ConnectionTrait,
        now: DateTime<Utc>,
        letter: Letter<'_, T>,
    ) -> anyhow::Result<bool> {
        self.enqueue_in_thread(tx, now, letter, &[]).await
    }

    /// The same for a letter that belongs to a conversation. `thread` are the keys of what it answers to,
    /// oldest first: of letters, or of anything that is always called the same, such as
    /// `conversation:{article}`. Mail clients show together what shares one of them.
    ///
    /// # Errors
    /// As [`Outbox::enqueue`].
    pub async fn enqueue_in_thread<T: Serialize>(
        &self,
        tx: &impl ConnectionTrait,
        now: DateTime<Utc>,
        letter: Letter<'_, T>,
        thread: &[String],
    ) -> anyhow::Result<bool> {
        let Some(address) = letter.to.address() else {
            return Ok(false);
        };
        let language = &letter.to.language;
        let said = self.rendering(letter.kind, language, &letter.to.name, &letter.values)?;
        let held_back = self.held_back(tx, address).await?;
        let row = outbox::ActiveModel {
            id: Set(Uuid::now_v7()),
            key: Set(letter.key),
            kind: Set(letter.kind.to_owned()),
            account_id: Set(Some(letter.to.id).filter(|id| !id.is_nil())),
            notice_id: Set(None),
            variant: Set(None),
            to_address: Set(address.to_owned()),
            to_name: Set(letter.to.name.clone()),
            language: Set(language.clone()),
            subject: Set(said.subject),
            body_text: Set(said.text),
            body_html: Set(said.html),
            thread: Set(Some(thread.join("\n")).filter(|keys| !keys.is_empty())),
            state: Set(match held_back {
                Some(_) => outbox::State::Suppressed,
                None => outbox::State::Waiting,
            }),
            priority: Set(0),
            attempts: Set(0),
            run_at: Set(now),
            locked_until: NotSet,
            worker: NotSet,
            error: Set(held_back),
            created_at: Set(now),
            sent_at: NotSet,
        };
        let written = outbox::Entity::insert(row)
            .on_conflict(
                OnConflict::column(outbox::Column::Key)
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(tx)
            .await?;
        Ok(written > 0)
    }

    /// Why nothing is sent to this address, if so. The letter is kept all the same.
    async fn held_back(
        &self,
        db: &impl ConnectionTrait,
        address: &str,
    ) -> anyhow::Result<Option<String>> {
        let key = hex::decode(&self.config.secrets.key)?;
        let whom = Fingerprint::of(&key, address);
        let found = suppression::is_suppressed(db, &whom, Purpose::All).await?;
        Ok(found.as_ref().map(suppression::sentence))
    }

    /// What a letter of this kind says to somebody of this name.
    ///
    /// # Errors
    /// If a template misses a value; where debugging is built in, also if the values differ from the sample's.
    pub fn rendering(
        &self,
        kind: &str,
        language: &str,
        name: &str,
        letter: &impl Serialize,
    ) -> anyhow::Result<Rendering> {
        if cfg!(debug_assertions) {
            samples::compare(&self.templates, kind, letter)?;
        }
        let house = self.house.now();
        let values = Values {
            name,
            publication: &house.name,
            public_url: &self.config.server.public_url,
            address: &house.address,
            letter,
        };
        let part = |file: &str| {
            let name = format!("emails/{kind}/{file}");
            self.templates
                .render(&name, language, &values)
                .with_context(|| name)
        };
        Ok(Rendering {
            subject: part("subject.txt")?.trim().to_owned(),
            text: tidy(&part("body.txt")?),
            html: inlined(&part("body.html")?)?,
        })
    }

    /// Every kind of letter there is, by name.
    pub fn kinds(&self) -> Vec<String> {
        samples::kinds(&self.templates)
    }

    /// The sample values of a kind, several where its words differ.
    ///
    /// # Errors
    /// If there are none.
    pub fn samples(&self, kind: &str) -> anyhow::Result<Vec<serde_json::Value>> {
        samples::of(&self.templates, kind)
    }

    /// Every letter of a kind as it would be written, for whoever wants to see it.
    ///
    /// # Errors
    /// If a sample misses a value.
    pub fn previews(&self, kind: &str, language: &str) -> anyhow::Result<Vec<Rendering>> {
        let samples = self.samples(kind)?;
        let preview = |values| self.rendering(kind, language, samples::NAME, values);
        samples.iter().map(preview).collect()
    }
}

/// Without the empty lines that parts left out leave behind.
fn tidy(text: &str) -> String {
    let mut text = text.trim_start().to_owned();
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

/// An HTML mail with its style sheet's rules on the elements themselves, as mail clients want it.
///
/// # Errors
/// If it is no HTML.
pub fn inlined(html: &str) -> anyhow::Result<String> {
    let inliner = css_inline::CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(true)
        .build();
    Ok(inliner.inline(html)?)
}
