//! What authors choose for their pages and tiers, and the owner's logo. A portrait is one of the media store from
//! here on; before, nobody could choose one.

use sea_orm_migration::{prelude::*, schema::*};

use crate::reference;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, mut column) in [
            ("tier", integer_null("seats")),
            ("author", text("portrait_alt").default("").take()),
            ("author", text_null("welcome")),
            ("publication", string_null("logo")),
        ] {
            let mut alter = Table::alter();
            alter.table(table).add_column(&mut column);
            manager.alter_table(alter.to_owned()).await?;
        }
        let no_portrait = Query::update()
            .table("author")
            .value("portrait", Option::<String>::None)
            .to_owned();
        manager.execute(no_portrait).await?;
        let link = Table::create()
            .table("author_link")
            .col(uuid("author_id"))
            .col(integer("position"))
            .col(string("label"))
            .col(text("address"))
            .primary_key(Index::create().col("author_id").col("position"))
            .foreign_key(&mut reference(
                "author_link",
                "author_id",
                "author",
                ForeignKeyAction::Cascade,
            ))
            .to_owned();
        manager.create_table(link).await
    }
}
