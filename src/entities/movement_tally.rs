//! Movements of one kind on one day added up. Rows are added and now and then gathered into one: only their
//! sum says anything.

use sea_orm::entity::prelude::*;

use super::movement::Kind;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "movement_tally")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub author_id: Uuid,
    /// In UTC: `2026-11-26`.
    pub day: String,
    pub kind: Kind,
    pub currency: Option<String>,
    /// The month in which these readers first supported this author: `2026-11`.
    pub cohort: String,
    /// By how much the support of twelve months changed, in minor units.
    pub yearly: i64,
    /// Patrons more, or less.
    pub patrons: i64,
    /// Patrons for the first time.
    pub firsts: i64,
    /// Who ceased to be patrons.
    pub lost: i64,
}

impl ActiveModelBehavior for ActiveModel {}
