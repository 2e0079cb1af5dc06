//! Which mails about comments somebody wants; who has no row wants them as they come.

use sea_orm::entity::prelude::*;

/// How an author hears of comments under the own articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Pace {
    AtOnce,
    Daily,
    Never,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment_mail")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Replies to what she wrote.
    pub replies: bool,
    pub own_articles: Pace,
    /// Up to when she was told once a day.
    pub digest_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
