//! A person known here, signed in or not.

use sea_orm::{QueryOrder as _, entity::prelude::*};

/// What an account may do. Each role may do what the ones before it may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Reader,
    Author,
    Owner,
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The address this person has proven to read; lower case. `None` until the account is claimed.
    #[sea_orm(unique)]
    pub email: Option<String>,
    /// Where mail goes while `email` is unproven: what the payer typed at Stripe. Never an identity.
    pub contact_email: Option<String>,
    /// The address Stripe bills, as last changed there. Never an identity, and nothing is mailed to it.
    pub billing_email: Option<String>,
    pub name: String,
    pub role: Role,
    /// `en` or `de`: pages and mails for this person.
    pub language: String,
    /// argon2id, PHC string.
    pub password_hash: Option<String>,
    #[sea_orm(unique)]
    pub stripe_customer_id: Option<String>,
    pub created_at: ChronoDateTimeUtc,
    pub deleted_at: Option<ChronoDateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The address mail for this person goes to, if there is one.
    pub fn address(&self) -> Option<&str> {
        self.email.as_deref().or(self.contact_email.as_deref())
    }
}

impl Entity {
    /// The account that has proven this address; compared in lower case.
    pub fn by_email(email: &str) -> Select<Self> {
        Self::find()
            .filter(Column::Email.eq(email.to_lowercase()))
            .filter(Column::DeletedAt.is_null())
    }

    /// The accounts that payments under this address have made and nobody has claimed, oldest first.
    pub fn unclaimed(email: &str) -> Select<Self> {
        Self::find()
            .filter(Column::ContactEmail.eq(email.to_lowercase()))
            .filter(Column::Email.is_null())
            .filter(Column::DeletedAt.is_null())
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
    }
}
