//! What an article's text once was, or what somebody has typed and not saved.

use sea_orm::entity::prelude::*;

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Kind {
    Saved,
    /// Brought back from an earlier one.
    Restored,
    /// Typed while somebody else saved: kept, and never in force.
    Crossed,
    /// Kept while it is being typed; one an article and account.
    Unsaved,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article_version")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub article_id: Uuid,
    /// Whose it is; `None` where a command or somebody unknown wrote it.
    pub account_id: Option<Uuid>,
    pub kind: Kind,
    /// The article's version that it made, or that it was written upon.
    pub number: i32,
    pub title: String,
    pub standfirst: String,
    pub body_markdown: String,
    pub created_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
