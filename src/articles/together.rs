//! Writing an article with others. Who is named may write it too; what it is for whom, and whether it is out,
//! stays with its lead author.

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    ExprTrait as _, FromQueryResult, QueryFilter, QueryOrder as _, QuerySelect as _,
    sea_query::Expr,
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::draft::SaveError;
use crate::{
    app::App,
    db,
    entities::{account, article, article_author, author, site},
    mail::Letter,
};

/// Puts the co-authors of an article down anew, in their order; the lead author is none of them.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    article: Uuid,
    authors: &[Uuid],
) -> Result<(), DbErr> {
    article_author::Entity::delete_many()
        .filter(article_author::Column::ArticleId.eq(article))
        .exec(tx)
        .await?;
    let rows = authors.iter().zip(1..);
    let rows = rows.map(|(author, position)| article_author::ActiveModel {
        article_id: Set(article),
        author_id: Set(*author),
        position: Set(position),
    });
    if !authors.is_empty() {
        article_author::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}

/// The co-authors of an article, in their order.
pub(super) async fn ids(db: &impl ConnectionTrait, article: Uuid) -> Result<Vec<Uuid>, DbErr> {
    article_author::Entity::of(article)
        .select_only()
        .column(article_author::Column::AuthorId)
        .into_tuple()
        .all(db)
        .await
}

/// Takes a co-author's name off an article, as they wish.
///
/// # Errors
/// If the database fails.
pub async fn leave(app: &App, article: Uuid, author: Uuid) -> Result<(), DbErr> {
    let tx = db::begin(&app.db).await?;
    // A form that was drawn before must not put the name back unseen, so this is a change like others.
    article::Entity::update_many()
        .col_expr(
            article::Column::Version,
            Expr::col(article::Column::Version).add(1),
        )
        .filter(article::Column::Id.eq(article))
        .exec(&tx)
        .await?;
    article_author::Entity::delete_by_id((article, author))
        .exec(&tx)
        .await?;
    site::Entity::touch(&tx).await?;
    tx.commit().await
}

/// Writes to those who are named as co-authors now: once an article and person, be they named again. `by` is the
/// lead author, and the account that did it where it is known; whoever names themselves hears nothing.
///
/// # Errors
/// If a letter cannot be written or the database fails.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    app: &App,
    article: &article::Model,
    (lead, by): (Uuid, Option<Uuid>),
    named: &[Uuid],
) -> anyhow::Result<()> {
    if named.is_empty() {
        return Ok(());
    }
    let lead = author::Entity::find_by_id(lead).one(tx).await?;
    let named = author::Entity::find()
        .filter(author::Column::Id.is_in(named.iter().copied()))
        .find_also_related(account::Entity)
        .all(tx)
        .await?;
    let path = format!("/studio/articles/{}", article.id);
    for (author, account) in named {
        let Some(to) = account.filter(|to| Some(to.id) != by) else {
            continue;
        };
        let letter = Letter {
            key: format!("co_author:{}:{}", article.id, author.id),
            kind: "co_author",
            to: &to,
            values: json!({
                "author_name": lead.as_ref().map(|lead| &lead.name),
                "article_title": article.title,
                "article_url": app.config.link(&path),
                "leave_url": app.config.link(&format!("{path}#leaving")),
            }),
        };
        app.outbox.enqueue(tx, app.clock.now(), letter).await?;
    }
    Ok(())
}

/// An author of this publication, as one names them.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, Serialize)]
pub struct Known {
    #[serde(skip)]
    pub id: Uuid,
    pub slug: String,
    pub name: String,
}

/// All who publish here, by name.
///
/// # Errors
/// If the database fails.
pub async fn authors_known(db: &impl ConnectionTrait) -> Result<Vec<Known>, DbErr> {
    author::Entity::find()
        .select_only()
        .columns([
            author::Column::Id,
            author::Column::Slug,
            author::Column::Name,
        ])
        .order_by_asc(author::Column::Name)
        .order_by_asc(author::Column::Slug)
        .into_model()
        .all(db)
        .await
}

/// The co-authors of an article as a form names them: by name, where that is one person's.
///
/// # Errors
/// If the database fails.
pub async fn co_authors_named(
    db: &impl ConnectionTrait,
    article: Uuid,
    known: &[Known],
) -> Result<Vec<String>, DbErr> {
    let found = ids(db, article).await?;
    let found = found
        .iter()
        .filter_map(|id| known.iter().find(|author| author.id == *id));
    let word = |author: &Known| match find(known, &author.name) {
        Ok(_) if !author.name.contains(',') => author.name.clone(),
        _ => author.slug.clone(),
    };
    Ok(found.map(word).collect())
}

/// Who is meant by these names or slugs, in this order; `lead` writes it anyway.
pub(super) async fn meant(
    db: &impl ConnectionTrait,
    lead: Uuid,
    names: &[String],
) -> Result<Vec<Uuid>, SaveError> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let known = authors_known(db).await?;
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        let id = find(&known, name)?.id;
        if id == lead || ids.contains(&id) {
            return Err(SaveError::CoAuthorTwice(name.clone()));
        }
        ids.push(id);
    }
    Ok(ids)
}

/// An author by slug, or by a name that no other has.
fn find<'a>(known: &'a [Known], name: &str) -> Result<&'a Known, SaveError> {
    if let Some(author) = known.iter().find(|author| author.slug == name) {
        return Ok(author);
    }
    let wanted = name.to_lowercase();
    let mut called = known
        .iter()
        .filter(|author| author.name.to_lowercase() == wanted);
    match (called.next(), called.next()) {
        (Some(author), None) => Ok(author),
        (None, _) => Err(SaveError::CoAuthorUnknown(name.to_owned())),
        (Some(_), Some(_)) => Err(SaveError::CoAuthorUnclear(name.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_author_is_found_by_slug_or_by_a_name_of_her_own() {
        let author = |slug: &str, name: &str| Known {
            id: Uuid::now_v7(),
            slug: slug.to_owned(),
            name: name.to_owned(),
        };
        let known = [
            author("ann", "Ann Ößer"),
            author("bea", "Bea"),
            author("bea-2", "Bea"),
        ];
        for (name, expected) in [
            ("ann", Ok("ann")),
            ("ANN ößer", Ok("ann")),
            ("bea-2", Ok("bea-2")),
            ("bea", Ok("bea")),
            (
                "Bea",
                Err("several authors are called “Bea”; their slugs tell them apart"),
            ),
            ("Cleo", Err("there is no author “Cleo”")),
        ] {
            let found = find(&known, name).map(|author| author.slug.as_str());
            assert_eq!(
                found.map_err(|error| error.to_string()),
                expected.map_err(str::to_owned)
            );
        }
    }
}
