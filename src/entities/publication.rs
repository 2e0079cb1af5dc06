//! What the owner has typed about the publication: one row at most. What is missing is as configured.

use sea_orm::{ActiveValue::Set, entity::prelude::*, sea_query::OnConflict};

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
    /// That of the paper, and of what is written on it; likewise.
    pub paper: Option<String>,
    pub ink: Option<String>,
    /// Where the logo is in the media store; see `media::Picture`.
    pub logo: Option<String>,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Keeps a logo, or none, and leaves the rest as it is.
    pub async fn keep_logo(
        db: &impl ConnectionTrait,
        now: ChronoDateTimeUtc,
        logo: Option<String>,
    ) -> Result<(), DbErr> {
        let row = ActiveModel {
            id: Set(ONLY),
            logo: Set(logo),
            updated_at: Set(now),
            ..Default::default()
        };
        let again = OnConflict::column(Column::Id)
            .update_columns([Column::Logo, Column::UpdatedAt])
            .to_owned();
        Self::insert(row)
            .on_conflict(again)
            .exec_without_returning(db)
            .await
            .map(drop)
    }
}
