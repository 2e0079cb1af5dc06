//! Taking what somebody uploads.

use super::{Picture, Shape, Store, shrinking::Flaw};

/// Why an upload was not taken; nothing is kept then.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("no file was chosen")]
    Missing,
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
            Self::Flaw(flaw) => Some(flaw.key()),
            Self::Failed(_) => None,
        }
    }
}
