//! Where mail goes: to an SMTP relay, into a folder, or into memory.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context as _;
use lettre::transport::smtp::client::Certificate;

use super::{message::Parcel, relay::Relay};
use crate::config::{self, MailTransport};

/// Sends finished messages. Production takes `Smtp` alone.
pub enum Mailer {
    Smtp(Relay),
    /// A folder of .eml files.
    Folder(PathBuf),
    Memory(Captured),
}

/// The mails a `Memory` mailer has taken, oldest first.
#[derive(Clone, Default)]
pub struct Captured(Arc<Mutex<Vec<Sent>>>);

/// A message as it went out.
#[derive(Clone, Debug)]
pub struct Sent {
    pub to: String,
    /// The whole message as bytes of RFC 5322.
    pub raw: Vec<u8>,
}

/// Why a message did not go, in the relay's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It was refused for good, or can never be sent.
    #[error("{0}")]
    Refused(String),
    /// There is no such mailbox: nothing will ever arrive there.
    #[error("{0}")]
    NoMailbox(String),
    /// Not now, for this recipient.
    #[error("{0}")]
    Later(String),
    /// Not now, for the recipient's whole domain: it is busy, or did not answer.
    #[error("{0}")]
    Busy(String),
    /// There is no way to the relay now, for any mail.
    #[error("{0}")]
    Away(String),
    /// The relay refuses us, or cannot prove who it is: somebody must mend that.
    #[error("{0}")]
    Stopped(String),
}

impl Mailer {
    /// # Errors
    /// If the relay's address cannot be used.
    pub fn open(config: &config::Mail) -> anyhow::Result<Self> {
        Ok(match config.transport {
            MailTransport::Smtp => {
                let patience = Duration::from_secs(u64::from(config.timeout_seconds));
                let from: lettre::message::Mailbox = config.from.parse().context("mail.from")?;
                let roots = roots(&config.ca_file)?;
                let way = (config.smtp_url.as_str(), roots.as_slice());
                Self::Smtp(Relay::open(way, patience, from.email)?)
            }
            MailTransport::File => Self::Folder(config.folder.clone()),
            MailTransport::Memory => Self::Memory(Captured::default()),
        })
    }

    /// Hands one message over.
    ///
    /// # Errors
    /// `SendError` says whether trying again is any use.
    pub async fn send(&self, parcel: &Parcel) -> Result<(), SendError> {
        match self {
            Self::Smtp(relay) => relay.send(&parcel.envelope, &parcel.raw).await,
            Self::Folder(folder) => write(folder, parcel)
                .await
                .map_err(|error| SendError::Away(error.to_string())),
            Self::Memory(captured) => {
                captured.push(Sent {
                    to: parcel.to(),
                    raw: parcel.raw.clone(),
                });
                Ok(())
            }
        }
    }

    /// Says that there is nothing to send for now.
    pub async fn rest(&self) {
        if let Self::Smtp(relay) = self {
            relay.rest().await;
        }
    }

    /// Whether mail could be sent now.
    ///
    /// # Errors
    /// `Stopped` if the relay refuses us, `Away` if there is no way to it.
    pub async fn probe(&self) -> Result<(), SendError> {
        match self {
            Self::Smtp(relay) => relay.probe().await,
            Self::Folder(folder) => {
                let made = tokio::fs::create_dir_all(folder).await;
                made.map_err(|error| SendError::Away(error.to_string()))
            }
            Self::Memory(_) => Ok(()),
        }
    }

    /// The mails taken so far, where this is the memory mailer.
    pub fn captured(&self) -> Option<&Captured> {
        match self {
            Self::Memory(captured) => Some(captured),
            Self::Smtp(_) | Self::Folder(_) => None,
        }
    }
}

impl Captured {
    pub fn all(&self) -> Vec<Sent> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.clone()
    }

    fn push(&self, sent: Sent) {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push(sent);
    }
}

/// The authorities a relay's certificate may also be signed by.
fn roots(file: &Path) -> anyhow::Result<Vec<Certificate>> {
    if file.as_os_str().is_empty() {
        return Ok(Vec::new());
    }
    let pem = std::fs::read(file).with_context(|| format!("mail.ca_file {}", file.display()))?;
    let root = Certificate::from_pem(&pem);
    Ok(vec![root.with_context(|| {
        format!("mail.ca_file {} is no certificate in PEM", file.display())
    })?])
}

/// Written beside and renamed, so that nobody reads half a mail; a repetition replaces it.
async fn write(folder: &Path, parcel: &Parcel) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let beside = folder.join(format!("{}.new", parcel.name));
    tokio::fs::write(&beside, &parcel.raw).await?;
    tokio::fs::rename(&beside, folder.join(format!("{}.eml", parcel.name))).await
}
