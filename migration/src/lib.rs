//! The schema, one purpose a file. A file that has shipped is never edited: expand, move, contract.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_accounts;
mod m0002_publishing;
mod m0003_membership;
mod m0004_conversation;
mod m0005_mail;
mod m0006_newcomers;
mod m0007_money;
mod m0008_owner;
mod m0009_changing;
mod m0010_tips;
mod m0011_reconciliation;
mod m0012_prices;
mod m0013_grants;
mod m0014_connect;
mod m0016_delivery;
mod m0017_suppression;
mod m0018_receipts;
mod m0019_letters;
mod m0020_coauthors;
mod m0021_notices;
mod m0022_bounces;
mod m0023_conversation;
mod m0024_moderation;
mod m0025_comment_mail;
mod m0026_writing;
mod m0027_pictures;
mod m0028_roll;
mod m0029_supporters;
mod m0030_house;
mod m0031_settings;
mod m0032_tallies;
mod m0034_changes;
mod m0035_ledger;
mod m0036_paying;
mod m0037_unconfirmed;
mod m0038_changes_paid;
mod m0039_comparers;
mod m0040_inquiries;
mod m0041_labels;
mod m0042_bought;
mod m0043_colours;

/// Runs every migration in order, on SQLite and PostgreSQL alike.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_publishing::Migration),
            Box::new(m0003_membership::Migration),
            Box::new(m0004_conversation::Migration),
            Box::new(m0005_mail::Migration),
            Box::new(m0006_newcomers::Migration),
            Box::new(m0007_money::Migration),
            Box::new(m0008_owner::Migration),
            Box::new(m0009_changing::Migration),
            Box::new(m0010_tips::Migration),
            Box::new(m0011_reconciliation::Migration),
            Box::new(m0012_prices::Migration),
            Box::new(m0016_delivery::Migration),
            Box::new(m0017_suppression::Migration),
            Box::new(m0013_grants::Migration),
            Box::new(m0018_receipts::Migration),
            Box::new(m0019_letters::Migration),
            Box::new(m0023_conversation::Migration),
            Box::new(m0024_moderation::Migration),
            Box::new(m0025_comment_mail::Migration),
            Box::new(m0020_coauthors::Migration),
            Box::new(m0021_notices::Migration),
            Box::new(m0022_bounces::Migration),
            Box::new(m0026_writing::Migration),
            Box::new(m0027_pictures::Migration),
            Box::new(m0028_roll::Migration),
            Box::new(m0029_supporters::Migration),
            Box::new(m0030_house::Migration),
            Box::new(m0014_connect::Migration),
            Box::new(m0031_settings::Migration),
            Box::new(m0032_tallies::Migration),
            Box::new(m0034_changes::Migration),
            Box::new(m0037_unconfirmed::Migration),
            Box::new(m0039_comparers::Migration),
            Box::new(m0043_colours::Migration),
            Box::new(m0035_ledger::Migration),
            Box::new(m0038_changes_paid::Migration),
            Box::new(m0036_paying::Migration),
            Box::new(m0040_inquiries::Migration),
            Box::new(m0041_labels::Migration),
            Box::new(m0042_bought::Migration),
        ]
    }
}

/// A foreign key `table.column → parent.id`, with what deleting the parent does.
fn reference(
    table: &'static str,
    column: &'static str,
    parent: &'static str,
    on_delete: ForeignKeyAction,
) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .from(table, column)
        .to(parent, "id")
        .on_delete(on_delete)
        .to_owned()
}

/// A plain index named after its table and columns.
async fn index(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut statement = Index::create();
    statement.name(format!("{table}_{}", columns.join("_")));
    statement.table(table);
    for column in columns {
        statement.col(*column);
    }
    manager.create_index(statement.to_owned()).await
}
