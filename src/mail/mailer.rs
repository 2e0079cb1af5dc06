//! Where mail goes: to an SMTP relay, into a folder, or into memory.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    address::Envelope,
    transport::smtp::{self, PoolConfig},
};
use sha2::{Digest as _, Sha256};

use crate::config::{self, MailTransport};

/// How long one exchange with the relay may take.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends finished messages. Production takes `Smtp` alone.
#[derive(Clone)]
pub enum Mailer {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
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

/// Why a message did not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SendError {
    /// The relay refused it for good (5xx), or it can never be sent.
    Refused(String),
    /// The relay is away or busy (4xx, no connection, time-out).
    Later(String),
}

impl Mailer {
    /// # Errors
    /// If the relay's address cannot be used.
    pub fn open(config: &config::Mail) -> anyhow::Result<Self> {
        Ok(match config.transport {
            MailTransport::Smtp => {
                let pool = PoolConfig::new().max_size(config.connections);
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&config.smtp_url)?
                    .timeout(Some(TIMEOUT))
                    .pool_config(pool)
                    .build();
                Self::Smtp(transport)
            }
            MailTransport::File => Self::Folder(config.folder.clone()),
            MailTransport::Memory => Self::Memory(Captured::default()),
        })
    }

    /// Hands one message over.
    ///
    /// # Errors
    /// It says whether trying again is any use.
    pub async fn send(&self, envelope: &Envelope, raw: &[u8]) -> Result<(), SendError> {
        let to = envelope.to().first().map(ToString::to_string);
        match self {
            Self::Smtp(transport) => match transport.send_raw(envelope, raw).await {
                Ok(_) => Ok(()),
                Err(error) => Err(of_smtp(&error)),
            },
            Self::Folder(folder) => write(folder, raw)
                .await
                .map_err(|error| SendError::Later(error.to_string())),
            Self::Memory(captured) => {
                captured.push(Sent {
                    to: to.unwrap_or_default(),
                    raw: raw.to_vec(),
                });
                Ok(())
            }
        }
    }

    /// Whether the relay answers, for `plaudit check`.
    ///
    /// # Errors
    /// With what went wrong.
    pub async fn test(&self) -> anyhow::Result<()> {
        match self {
            Self::Smtp(transport) => {
                let answers = transport.test_connection().await?;
                anyhow::ensure!(answers, "the relay does not answer");
                Ok(())
            }
            Self::Folder(folder) => Ok(tokio::fs::create_dir_all(folder).await?),
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

fn of_smtp(error: &smtp::Error) -> SendError {
    let words = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    if error.is_permanent() {
        SendError::Refused(words)
    } else {
        SendError::Later(words)
    }
}

/// Written beside and renamed, so that nobody reads half a mail. Named by its Message-ID's hash, so a
/// repetition replaces it.
async fn write(folder: &std::path::Path, raw: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let text = String::from_utf8_lossy(raw);
    let id = text.lines().find(|line| line.starts_with("Message-ID:"));
    let name = hex::encode(&Sha256::digest(id.unwrap_or_default().as_bytes())[..12]);
    let beside = folder.join(format!("{name}.new"));
    tokio::fs::write(&beside, raw).await?;
    tokio::fs::rename(&beside, folder.join(format!("{name}.eml"))).await
}
