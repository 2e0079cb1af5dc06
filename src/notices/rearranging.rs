//! What waits for a letter of the day or the week, after its reader has changed how often she hears.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    IntoActiveModel as _, ModelTrait as _, QueryFilter, QuerySelect as _,
};
use std::collections::HashMap;
use uuid::Uuid;

use super::{fan_out, hours, wishes::Known};
use crate::{
    app::App,
    authors,
    entities::{Frequency, account, article, digest_item, notice},
};

/// Brings all that waits for a reader to where it belongs now: into the letter of the other kind, into
/// one of its own, or nowhere.
pub(super) async fn rearrange(
    app: &App,
    tx: &DatabaseTransaction,
    account: Uuid,
) -> Result<(), DbErr> {
    let waiting = digest_item::Entity::find()
        .filter(digest_item::Column::AccountId.eq(account))
        .filter(digest_item::Column::DigestId.is_null())
        .lock_exclusive()
        .all(tx)
        .await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let reader = account::Entity::find_by_id(account).one(tx).await?;
    let Some(reader) = reader else {
        return Ok(());
    };
    let writers = writers_of(tx, &waiting).await?;
    let authors: Vec<Uuid> = writers.values().flatten().copied().collect();
    let time = (app.clock.now(), app.config.membership.grace_days);
    let known = Known::load(tx, &authors, &[account], time).await?;
    for item in waiting {
        let authors = writers.get(&item.article_id).map(Vec::as_slice);
        let wish = known.wish(account, authors.unwrap_or_default());
        place(app, tx, &reader, (item, wish.frequency)).await?;
    }
    Ok(())
}

async fn place(
    app: &App,
    tx: &DatabaseTransaction,
    reader: &account::Model,
    (item, frequency): (digest_item::Model, Frequency),
) -> Result<(), DbErr> {
    let now = app.clock.now();
    match frequency {
        _ if frequency == item.frequency => Ok(()),
        Frequency::Daily | Frequency::Weekly => {
            let mut row = item.into_active_model();
            row.frequency = Set(frequency);
            row.due_at = Set(hours::next(app, frequency, now));
            row.update(tx).await.map(drop)
        }
        Frequency::None => item.delete(tx).await.map(drop),
        Frequency::AtOnce => {
            let notice = notice::Entity::find()
                .filter(notice::Column::ArticleId.eq(item.article_id))
                .one(tx)
                .await?;
            if let Some(notice) = notice {
                let letter = fan_out::letter(&notice, reader, now);
                fan_out::write(tx, vec![letter]).await?;
            }
            app.work.notify_one();
            item.delete(tx).await.map(drop)
        }
    }
}

/// Who wrote each of the articles, the lead first.
async fn writers_of(
    tx: &DatabaseTransaction,
    waiting: &[digest_item::Model],
) -> Result<HashMap<Uuid, Vec<Uuid>>, DbErr> {
    let ids: Vec<Uuid> = waiting.iter().map(|item| item.article_id).collect();
    let leads: Vec<(Uuid, Uuid)> = article::Entity::find()
        .select_only()
        .columns([article::Column::Id, article::Column::AuthorId])
        .filter(article::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(tx)
        .await?;
    let mut others = authors::co_authors_of(tx, &ids).await?;
    let all = leads.into_iter().map(|(article, lead)| {
        let others = others.remove(&article).unwrap_or_default();
        let others = others.into_iter().map(|author| author.id);
        (article, std::iter::once(lead).chain(others).collect())
    });
    Ok(all.collect())
}
