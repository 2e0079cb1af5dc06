//! The SMTP relay: connections kept while there is mail, and every exchange held to a time.
//!
//! The library's own pool has no time limit after connecting, takes a connection back in the middle of an
//! exchange that was given up, and does not say which command was refused; so the conversation is held here.

mod greeting;
mod verdict;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail};
use lettre::{
    Address,
    address::Envelope,
    transport::smtp::{
        authentication::Credentials,
        client::{AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailBodyParameter, MailParameter},
        response::Response,
    },
};
use url::Url;

use self::verdict::{Fault, Stage, dangerous, within};
use super::mailer::SendError;
use crate::config;

/// How many messages one connection carries.
const MESSAGES: usize = 100;
/// How long the relay may take over the whole text once it has it (RFC 5321, 4.5.3.2.6): giving up earlier
/// would send twice.
const TEXT: Duration = Duration::from_secs(600);

/// One relay, and the connections to it that are open.
pub struct Relay {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    /// How long one command may take.
    patience: Duration,
    /// Who is asked about when nothing is sent.
    sender: Address,
    idle: Mutex<Vec<Line>>,
}

/// A connection that is signed in.
struct Line {
    connection: AsyncSmtpConnection,
    /// How many messages it has carried.
    carried: usize,
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
    /// `smtps://…`. Without a port it is 25, 587 and 465. With no `tls` another machine's STARTTLS is used
    /// where it is offered, whoever signed its certificate (RFC 7435): better read by one than by all.
    /// `roots` sign beside the authorities everybody knows.
    ///
    /// # Errors
    /// If it is none of these.
    pub fn open(
        (url, roots): (&str, &[Certificate]),
        patience: Duration,
        sender: Address,
    ) -> anyhow::Result<Self> {
        let url = Url::parse(url).context("mail.smtp_url")?;
        let host = url.host_str().context("mail.smtp_url names no host")?;
        // An address of the sixth version stands in brackets in a URL alone.
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = |is_anyone: bool| {
            let all = TlsParameters::builder(host.clone());
            let all = roots
                .iter()
                .cloned()
                .fold(all, TlsParametersBuilder::add_root_certificate);
            all.dangerous_accept_invalid_certs(is_anyone).build()
        };
        let wish = url.query_pairs().find(|(key, _)| key == "tls");
        let wish = wish.map(|(_, value)| value.into_owned());
        let (security, port) = match (url.scheme(), wish.as_deref()) {
            ("smtps", _) => (Security::AtOnce(tls(false)?), 465),
            ("smtp", None) if config::is_near(&host) => (Security::Never, 25),
            ("smtp", None) => (Security::IfOffered(tls(true)?), 25),
            ("smtp", Some("never")) => (Security::Never, 25),
            ("smtp", Some("opportunistic")) => (Security::IfOffered(tls(false)?), 587),
            ("smtp", Some("required")) => (Security::Required(tls(false)?), 587),
            _ => bail!("mail.smtp_url: tls is “required”, “opportunistic” or “never”"),
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
            sender,
            idle: Mutex::default(),
        })
    }

    /// Hands one message over. A kept connection that the relay has closed meanwhile is replaced, as long as
    /// the text is not on its way.
    ///
    /// # Errors
    /// `SendError` says whether trying again is any use.
    pub async fn send(&self, envelope: &Envelope, raw: &[u8]) -> Result<(), SendError> {
        if let Some(what) = dangerous(raw) {
            return Err(SendError::Refused(what.to_owned()));
        }
        loop {
            let kept = self.idle().pop();
            let is_kept = kept.is_some();
            let mut line = match kept {
                Some(line) => line,
                None => self.connect().await?,
            };
            match self.converse(&mut line.connection, envelope, raw).await {
                Ok(()) => {
                    line.carried += 1;
                    self.keep(line).await;
                    return Ok(());
                }
                Err(fault) if is_kept && fault.is_stale() => {}
                Err(fault) => {
                    if fault.is_answer() && self.begins_anew(&mut line.connection).await {
                        self.keep(line).await;
                    }
                    return Err(fault.verdict());
                }
            }
        }
    }

    async fn converse(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        raw: &[u8],
    ) -> Result<(), Fault> {
        let parameters = self.parameters(connection, envelope, raw)?;
        let mail = Mail::new(envelope.from().cloned(), parameters);
        self.say(Stage::Mail, connection.command(mail)).await?;
        for recipient in envelope.to() {
            let recipient = Rcpt::new(recipient.clone(), Vec::new());
            self.say(Stage::Rcpt, connection.command(recipient)).await?;
        }
        self.say(Stage::Data, connection.command(Data)).await?;
        let text = within(
            Stage::Text,
            TEXT.max(self.patience),
            connection.message(raw),
        );
        text.await.map(drop)
    }

    fn parameters(
        &self,
        connection: &AsyncSmtpConnection,
        envelope: &Envelope,
        raw: &[u8],
    ) -> Result<Vec<MailParameter>, Fault> {
        let offers = |what| connection.server_info().supports_feature(what);
        let mut all = Vec::new();
        let addresses = envelope.from().into_iter().chain(envelope.to());
        let mut addresses = addresses.map(AsRef::<str>::as_ref);
        if !addresses.all(str::is_ascii) {
            if !offers(Extension::SmtpUtfEight) {
                return Err(Fault::unable("the relay takes ASCII addresses alone"));
            }
            all.push(MailParameter::SmtpUtfEight);
        }
        if !raw.is_ascii() {
            if !offers(Extension::EightBitMime) {
                return Err(Fault::unable("the relay takes ASCII messages alone"));
            }
            all.push(MailParameter::Body(MailBodyParameter::EightBitMime));
        }
        Ok(all)
    }

    async fn say(
        &self,
        stage: Stage,
        exchange: impl Future<Output = Result<Response, lettre::transport::smtp::Error>>,
    ) -> Result<Response, Fault> {
        within(stage, self.patience, exchange).await
    }

    /// Whether the relay lets us in and takes mail from this sender, without sending any.
    ///
    /// # Errors
    /// `Stopped` if it refuses us, `Away` if it does not answer.
    pub async fn probe(&self) -> Result<(), SendError> {
        let mut line = self.connect().await?;
        let mail = Mail::new(Some(self.sender.clone()), Vec::new());
        let said = self.say(Stage::Mail, line.connection.command(mail)).await;
        said.map_err(|fault| fault.verdict())?;
        if self.begins_anew(&mut line.connection).await {
            self.part(line).await;
        }
        Ok(())
    }

    /// Closes what is open: there is nothing to send for now.
    pub async fn rest(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for line in idle {
            self.part(line).await;
        }
    }

    /// Keeps a connection for the next message, unless it has carried enough.
    async fn keep(&self, line: Line) {
        match line.carried < MESSAGES {
            true => self.idle().push(line),
            false => self.part(line).await,
        }
    }

    async fn part(&self, mut line: Line) {
        if let Err(fault) = self.say(Stage::Mail, line.connection.quit()).await {
            let why = fault.to_string();
            tracing::debug!(why, "the relay was gone before we said goodbye");
        }
    }

    async fn begins_anew(&self, connection: &mut AsyncSmtpConnection) -> bool {
        let reset = self.say(Stage::Mail, connection.command(Rset)).await;
        reset.is_ok()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Line>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn decoded(text: &str) -> anyhow::Result<String> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8();
    Ok(text.context("mail.smtp_url")?.into_owned())
}
