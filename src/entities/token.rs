//! A single-use token that was mailed to somebody. Only its hash is kept.

use sea_orm::entity::prelude::*;

/// What a token is good for; it is good for nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
pub enum Purpose {
    SignIn,
    Claim,
    Password,
    /// Puts the address it was mailed to in place of an account's.
    Address,
    /// Puts the old address back.
    AddressUndo,
    /// Makes an author or an owner of whoever was asked.
    Invitation,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "token")]
pub struct Model {
    /// SHA-256 of the token, hex.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub purpose: Purpose,
    pub account_id: Option<Uuid>,
    /// The address the token was mailed to, which using it therefore proves.
    pub email: Option<String>,
    /// The name a newcomer gave when she asked to join.
    pub name: Option<String>,
    /// An own path to go to afterwards.
    pub return_to: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub expires_at: ChronoDateTimeUtc,
    pub used_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
