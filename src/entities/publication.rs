//! What the owner has typed about the publication: one row at most. What is missing is as configured.

use sea_orm::entity::prelude::*;

/// The row's id.
pub const ONLY: i32 = 1;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub name: Option<String>,
    pub tagline: Option<String>,
    /// With line breaks, as receipts print it.
    pub address: Option<String>,
    pub legal_name: Option<String>,
    pub vat_id: Option<String>,
    /// The colour of links and buttons: six hexadecimal digits, lower case.
    pub accent: Option<String>,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
