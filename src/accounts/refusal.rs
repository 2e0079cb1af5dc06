//! What a person may be told when she joins, signs in or changes her account.

use sea_orm::DbErr;

use crate::{mail::address::Unsendable, web};

/// Why an act here was not done. Each has a sentence in the catalogues, except a failure.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("that is not an e-mail address")]
    NoAddress,
    #[error("that address has letters that mail servers cannot carry")]
    ForeignAddress,
    #[error("whoever has that address is that already")]
    AlreadyThat,
    #[error("that is the address already")]
    SameAddress,
    #[error("somebody else has that address")]
    AddressTaken,
    #[error("that address has had as many letters today as nobody's address gets")]
    WrittenOften,
    #[error("the name is missing")]
    NameMissing,
    #[error("the name is too long")]
    NameTooLong,
    #[error("the name looks like that of somebody who writes here")]
    NameOfAuthor,
    #[error("that is not a language we have")]
    UnknownLanguage,
    #[error("the password is too short")]
    PasswordTooShort,
    #[error("the password is too long")]
    PasswordTooLong,
    #[error("the password is the address or the name")]
    PasswordIsKnown,
    /// Address or password: which of the two is nobody's business.
    #[error("address and password do not match")]
    Mismatch,
    #[error("that is not the password now")]
    WrongPassword,
    #[error("the link was used or is too old")]
    LinkOver,
    #[error("a membership is still in force")]
    StillSupporting,
    #[error("she publishes here")]
    Publishes,
    #[error(transparent)]
    Failed(#[from] web::Error),
}

impl Refusal {
    /// The catalogue key of the sentence that says so.
    pub fn key(&self) -> &'static str {
        match self {
            Self::NoAddress => "accounts-refused-address",
            Self::ForeignAddress => "accounts-refused-address-foreign",
            Self::AlreadyThat => "accounts-refused-already",
            Self::SameAddress => "accounts-refused-address-same",
            Self::AddressTaken => "accounts-refused-address-taken",
            Self::WrittenOften => "accounts-refused-often",
            Self::NameMissing => "accounts-refused-name-missing",
            Self::NameTooLong => "accounts-refused-name-long",
            Self::NameOfAuthor => "accounts-refused-name-author",
            Self::UnknownLanguage => "accounts-refused-language",
            Self::PasswordTooShort => "accounts-refused-password-short",
            Self::PasswordTooLong => "accounts-refused-password-long",
            Self::PasswordIsKnown => "accounts-refused-password-known",
            Self::Mismatch => "accounts-refused-mismatch",
            Self::WrongPassword => "accounts-refused-current",
            Self::LinkOver => "accounts-refused-link",
            Self::StillSupporting => "accounts-refused-supporting",
            Self::Publishes => "accounts-refused-publishes",
            Self::Failed(_) => "web-error-500",
        }
    }

    /// The form's field it is about.
    pub(super) fn field(&self) -> &'static str {
        match self {
            Self::NoAddress
            | Self::ForeignAddress
            | Self::Mismatch
            | Self::AlreadyThat
            | Self::SameAddress
            | Self::WrittenOften
            | Self::AddressTaken => "email",
            Self::NameMissing | Self::NameTooLong | Self::NameOfAuthor => "name",
            Self::UnknownLanguage => "language",
            Self::PasswordTooShort | Self::PasswordTooLong | Self::PasswordIsKnown => "password",
            Self::WrongPassword => "current",
            Self::LinkOver | Self::StillSupporting | Self::Publishes | Self::Failed(_) => "",
        }
    }
}

impl From<Unsendable> for Refusal {
    fn from(why: Unsendable) -> Self {
        match why {
            Unsendable::NoAddress => Self::NoAddress,
            Unsendable::ForeignLocalPart => Self::ForeignAddress,
        }
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Failed(error.into())
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error.into())
    }
}
