//! A notice to its writer alone, before anybody else gets one.

use anyhow::Context as _;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait as _};
use uuid::Uuid;

use super::{
    fan_out::to_one_of_many,
    letters::{PATRON, renderings},
};
use crate::{
    app::App,
    authors,
    entities::{account, article, outbox},
};

/// Writes the notice of `article` as patrons would get it now, marked as a test, to `to`.
///
/// # Errors
/// If a template misses a value or the database fails.
pub async fn send_test(
    app: &App,
    tx: &DatabaseTransaction,
    article: &article::Model,
    to: &account::Model,
) -> anyhow::Result<()> {
    let writers = authors::writers(tx, article).await?;
    let letters = renderings(app, article, &writers)?.letters;
    let letter = letters.get(&format!("{}/{PATRON}", to.language));
    let letter = letter.context("a language without a letter")?;
    let lead = writers.first().context("an article without an author")?;
    // Nothing can be left by it: it goes to nobody else.
    let preferences = app.config.link("/account/notices");
    let said = letter.to((&to.name, &lead.name), (&preferences, &preferences));
    let mark = app
        .templates
        .words()
        .plain(&to.language, "mail-notice-test");
    let id = Uuid::now_v7();
    let key = format!("notice-test:{id}");
    let row = outbox::ActiveModel {
        subject: Set(format!("{mark} {}", said.subject)),
        body_text: Set(said.text),
        body_html: Set(said.html),
        priority: Set(0),
        ..to_one_of_many((key, "notice"), to, app.clock.now())
    };
    outbox::Entity::insert(row)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
