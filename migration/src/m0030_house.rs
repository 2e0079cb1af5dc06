//! What the owner says of the publication, and who is invited to write for it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let publication = Table::create()
            .table("publication")
            .col(integer("id").primary_key())
            .col(text_null("name"))
            .col(text_null("tagline"))
            .col(text_null("address"))
            .col(text_null("legal_name"))
            .col(text_null("vat_id"))
            .col(string_null("accent"))
            .col(timestamp_with_time_zone("updated_at"))
            .to_owned();
        manager.create_table(publication).await?;
        let invitation = Table::create()
            .table("invitation")
            .col(pk_uuid("id"))
            .col(string("email"))
            .col(string("name"))
            .col(string("role"))
            .col(uuid_null("invited_by"))
            .col(timestamp_with_time_zone("created_at"))
            .col(timestamp_with_time_zone("expires_at"))
            .to_owned();
        manager.create_table(invitation).await?;
        manager
            .create_index(
                Index::create()
                    .unique()
                    .name("invitation_one_an_address")
                    .table("invitation")
                    .col("email")
                    .to_owned(),
            )
            .await
    }
}
