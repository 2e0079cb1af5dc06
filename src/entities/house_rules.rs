//! What is held and what is refused under an author's articles, or in the whole publication.

use sea_orm::entity::prelude::*;

/// Which comments wait until somebody has looked them over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Mode {
    /// None, but for the words.
    Off,
    /// Everybody's first one.
    First,
    /// Those with links.
    Links,
    All,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "house_rules")]
pub struct Model {
    /// Nil: the publication's own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub author_id: Uuid,
    pub mode: Mode,
    /// A word, a phrase, an address or an `@domain` a line: comments of these wait.
    pub hold: String,
    /// The same: comments of these are not taken.
    pub refuse: String,
    pub updated_at: ChronoDateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
