//! Labels of one author that differ by the case of their letters alone become one: the one most supporters have.

use std::collections::BTreeMap;

use sea_orm_migration::{prelude::*, sea_orm::prelude::Uuid};

const TABLE: &str = "supporter_label";

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let given = Query::select()
            .columns(["author_id", "label"])
            .expr_as(Expr::col("account_id").count(), "people")
            .from(TABLE)
            .group_by_columns(["author_id", "label"])
            .to_owned();
        // SQLite knows both cases of ASCII's letters alone, so they are compared here.
        let mut alike: BTreeMap<(Uuid, String), Vec<(i64, String)>> = BTreeMap::new();
        for row in db.query_all(&given).await? {
            let label: String = row.try_get("", "label")?;
            let one = (row.try_get("", "author_id")?, label.to_lowercase());
            let people = row.try_get("", "people")?;
            alike.entry(one).or_default().push((people, label));
        }
        for ((author, _), mut labels) in alike {
            // Of two that as many have, the one in smaller letters: they are sorted behind the large ones.
            labels.sort();
            let kept = labels.pop().map(|(_, label)| label).unwrap_or_default();
            for (_, other) in &labels {
                merge(db, author, other, &kept).await?;
            }
        }
        Ok(())
    }
}

async fn merge(
    db: &SchemaManagerConnection<'_>,
    author: Uuid,
    from: &str,
    to: &str,
) -> Result<(), DbErr> {
    let is = |label: &str| {
        Expr::col("author_id")
            .eq(author)
            .and(Expr::col("label").eq(label))
    };
    let have_it = Query::select()
        .column("account_id")
        .from(TABLE)
        .and_where(is(to))
        .to_owned();
    let renamed = Query::update()
        .table(TABLE)
        .value("label", to)
        .and_where(is(from))
        .and_where(Expr::col("account_id").not_in_subquery(have_it))
        .to_owned();
    db.execute(&renamed).await?;
    let had_both = Query::delete()
        .from_table(TABLE)
        .and_where(is(from))
        .to_owned();
    db.execute(&had_both).await.map(drop)
}
