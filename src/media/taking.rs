//! Taking what somebody uploads.

use super::{Picture, Shape, Store, shrinking::Flaw};

/// The most an uploaded picture may weigh, in bytes: 15 MB.
pub const HEAVIEST: usize = 15 * 1024 * 1024;

/// Why an upload was not taken; nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("no file was chosen")]
    Missing,
    #[error("it weighs more than 15 MB")]
    TooHeavy,
    #[error(transparent)]
    Flaw(#[from] Flaw),
    /// The media store is away.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl Store {
    /// Makes a picture of what was uploaded and keeps its files, which nobody knows of yet.
    ///
    /// # Errors
    /// If it is none, or the store fails.
    pub async fn take(&self, bytes: Vec<u8>, shape: Shape) -> Result<Picture, Refused> {
        if bytes.is_empty() {
            return Err(Refused::Missing);
        }
        if bytes.len() > HEAVIEST {
            return Err(Refused::TooHeavy);
        }
        let made = self.make(bytes, shape).await??;
        let picture = made.picture.clone();
        self.keep(made).await?;
        Ok(picture)
    }
}

impl Refused {
    /// The catalogue key of the sentence that says so; `None` for what is no one's doing.
    pub fn key(&self) -> Option<&'static str> {
        match self {
            Self::Missing => Some("writing-picture-missing"),
            Self::TooHeavy => Some("writing-picture-too-heavy"),
            Self::Flaw(flaw) => Some(flaw.key()),
            Self::Failed(_) => None,
        }
    }
}
