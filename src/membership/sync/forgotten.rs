//! Ending what Stripe does not know, by a person's own press: no sync does so by itself.

use anyhow::Context as _;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, QuerySelect as _};
use uuid::Uuid;

use super::{
    letters::{self, Story},
    place,
};
use crate::{
    app::App,
    db,
    entities::{
        account, author,
        membership::{self, State, Stopped},
        site,
    },
    membership::roll,
};

/// Ends a flagged membership whose subscription Stripe has just said it does not know. Should Stripe show it again,
/// a sync brings it back.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(in super::super) async fn end_duplicate(app: &App, id: Uuid) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let found = membership::Entity::find_by_id(id).one(&tx).await?;
    let found = found.context("no such membership")?;
    let locked = account::Entity::find_by_id(found.account_id).lock_exclusive();
    let account = locked.one(&tx).await?.context("a membership of nobody")?;
    let author = author::Entity::find_by_id(found.author_id).one(&tx).await?;
    let author = author.context("a membership for nobody")?;
    let locked = membership::Entity::find_by_id(id).lock_exclusive();
    let row = locked.one(&tx).await?.context("no such membership")?;
    if !row.is_duplicate() {
        return Ok(());
    }
    let generation = row.generation + 1;
    let mut row: membership::ActiveModel = row.into();
    row.state = Set(State::Ended);
    row.stopped_why = Set(Some(Stopped::Ended));
    row.ended_at = Set(Some(now));
    row.is_current = Set(false);
    row.flag = Set(None);
    row.generation = Set(generation);
    row.updated_at = Set(now);
    let row = row.update(&tx).await?;
    let others = place::others(app, &tx, &row).await?;
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    if row.started_at.is_some() {
        let has_other = !others.in_force.is_empty();
        letters::ended(&tx, &story, &row, has_other).await?;
    }
    roll::reckon(app, &tx, row.author_id, &[row.account_id]).await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}
