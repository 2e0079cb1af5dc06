//! The SMTP relay: connections kept while there is mail, and every exchange held to a time.
//!
//! The library's own pool has no time limit after connecting, and takes a connection back in the
//! middle of an exchange that was given up; so the connections are kept here.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail};
use lettre::{
    address::Envelope,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        extension::ClientId,
    },
};
use tokio::net::TcpStream;
use url::Url;

use super::mailer::SendError;

/// How long greeting, TLS and signing in may take together.
pub(super) const GREETING: Duration = Duration::from_secs(30);

/// One relay, and the connections to it that are open.
pub struct Relay {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    /// How long one mail may take on an open connection.
    patience: Duration,
    idle: Mutex<Vec<AsyncSmtpConnection>>,
}

/// When the conversation becomes private.
enum Security {
    Never,
    IfOffered(TlsParameters),
    Required(TlsParameters),
    /// From the first byte, as `smtps://` asks.
    AtOnce(TlsParameters),
}

impl Relay {
    /// `url` is `smtp://user:password@host:port`, with `?tls=required` or `?tls=opportunistic`, or
    /// `smtps://…`. Without a port it is 25, 587 and 465.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn open(url: &str, patience: Duration) -> anyhow::Result<Self> {
        let url = Url::parse(url).context("mail.smtp_url")?;
        let host = url.host_str().context("mail.smtp_url names no host")?;
        // An address of the sixth version stands in brackets in a URL alone.
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = || TlsParameters::new(host.clone());
        let wish = url.query_pairs().find(|(key, _)| key == "tls");
        let wish = wish.map(|(_, value)| value.into_owned());
        let (security, port) = match (url.scheme(), wish.as_deref()) {
            ("smtps", _) => (Security::AtOnce(tls()?), 465),
            ("smtp", None) => (Security::Never, 25),
            ("smtp", Some("opportunistic")) => (Security::IfOffered(tls()?), 587),
            ("smtp", Some("required")) => (Security::Required(tls()?), 587),
            _ => bail!("mail.smtp_url: tls is “required” or “opportunistic”"),
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(
                decoded(url.username())?,
                decoded(password)?,
            )),
            None => None,
        };
        Ok(Self {
            port: url.port().unwrap_or(port),
            host,
            security,
            credentials,
            patience,
            idle: Mutex::default(),
        })
    }

    /// Hands one message over. A kept connection that the relay has closed meanwhile is replaced.
    ///
    /// # Errors
    /// `SendError` says whether trying again is any use.
    pub async fn send(&self, envelope: &Envelope, raw: &[u8]) -> Result<(), SendError> {
        loop {
            let kept = self.idle().pop();
            let is_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                None => self.connect().await.map_err(SendError::Away)?,
            };
            let sending = connection.send(envelope, raw);
            match tokio::time::timeout(self.patience, sending).await {
                Ok(Ok(_)) => {
                    self.idle().push(connection);
                    return Ok(());
                }
                Ok(Err(error)) if is_kept && is_hung_up(&error) => {}
                Ok(Err(error)) => return Err(of_relay(&error)),
                // Dropped in the middle of an exchange, the connection is closed and not kept.
                Err(_) => return Err(SendError::Later(no_answer(self.patience))),
            }
        }
    }

    /// Whether the relay answers and lets us in.
    ///
    /// # Errors
    /// With what went wrong.
    pub async fn test(&self) -> anyhow::Result<()> {
        let mut connection = self.connect().await.map_err(anyhow::Error::msg)?;
        let goodbye = async { Ok(connection.quit().await?) };
        within(self.patience, goodbye)
            .await
            .map_err(anyhow::Error::msg)?;
        Ok(())
    }

    /// Closes what is open: there is nothing to send for now.
    pub async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for mut connection in idle {
            let goodbye = async { Ok(connection.quit().await?) };
            if let Err(why) = within(GREETING, goodbye).await {
                tracing::debug!(why, "the relay was gone before we said goodbye");
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, String> {
        within(GREETING, self.greet()).await
    }

    async fn greet(&self) -> anyhow::Result<AsyncSmtpConnection> {
        let own_name = ClientId::default();
        let relay = (self.host.as_str(), self.port);
        if let Security::AtOnce(tls) = &self.security {
            let (time, tls) = (Some(GREETING), Some(tls.clone()));
            let connection = AsyncSmtpConnection::connect_tokio1(relay, time, &own_name, tls, None);
            return self.signed_in(connection.await?).await;
        }
        let stream = TcpStream::connect(relay).await?;
        // A message goes out in two pieces; the second must not wait until the first is acknowledged.
        stream.set_nodelay(true)?;
        let stream = Box::new(stream);
        let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &own_name).await?;
        match &self.security {
            Security::IfOffered(tls) if connection.can_starttls() => {
                connection.starttls(tls.clone(), &own_name).await?;
            }
            Security::Required(tls) => connection.starttls(tls.clone(), &own_name).await?,
            _ => {}
        }
        self.signed_in(connection).await
    }

    async fn signed_in(
        &self,
        mut connection: AsyncSmtpConnection,
    ) -> anyhow::Result<AsyncSmtpConnection> {
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decoded(text: &str) -> anyhow::Result<String> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8();
    Ok(text.context("mail.smtp_url")?.into_owned())
}

async fn within<T>(
    time: Duration,
    exchange: impl Future<Output = anyhow::Result<T>>,
) -> Result<T, String> {
    match tokio::time::timeout(time, exchange).await {
        Ok(done) => done.map_err(|error| format!("{error:#}")),
        Err(_) => Err(no_answer(time)),
    }
}

fn no_answer(time: Duration) -> String {
    format!("no answer within {} seconds", time.as_secs())
}

/// Whether the other side has ended the conversation: 421, or the line is dead.
fn is_hung_up(error: &Error) -> bool {
    match error.status() {
        Some(code) => code.to_string() == "421",
        None => !error.is_client(),
    }
}

fn of_relay(error: &Error) -> SendError {
    let status = error.status().map(|code| code.to_string());
    match status.as_deref() {
        // Ours to mend, not the recipient's: STARTTLS or signing in is missing (RFC 4954, 3207).
        Some("530" | "534" | "535" | "538") => SendError::Away(error.to_string()),
        _ if error.is_permanent() => SendError::Refused(error.to_string()),
        _ => SendError::Later(error.to_string()),
    }
}
