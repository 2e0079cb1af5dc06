//! A row of the outbox as a message: headers, text part first, signed where a key is configured.

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Mailbox, MultiPart,
        dkim::{
            DkimCanonicalization, DkimCanonicalizationType, DkimConfig, DkimSigningAlgorithm,
            DkimSigningKey,
        },
        header::{Header, HeaderName, HeaderValue},
    },
};
use sha2::{Digest as _, Sha256};

use super::mailer::SendError;
use crate::config;

/// A message about to be made.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The outbox row's unique key; the Message-ID follows from it.
    pub key: &'a str,
    pub to_address: &'a str,
    pub to_name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    pub date: DateTime<Utc>,
    /// For mail to many: whose list it is, and where one press leaves it.
    pub list: Option<List<'a>>,
}

/// The headers of mail that was not asked for singly (RFC 2919, 2369, 8058).
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Such as `matthew-smith.example.org`.
    pub id: &'a str,
    pub name: &'a str,
    pub unsubscribe_url: &'a str,
}

/// Makes messages for one configuration.
pub struct Press {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    domain: String,
    dkim: Option<DkimConfig>,
}

impl Press {
    /// # Errors
    /// If the sender's address or the DKIM key cannot be used.
    pub fn new(config: &config::Mail) -> anyhow::Result<Self> {
        let from: Mailbox = config.from.parse().context("mail.from")?;
        let reply_to = match config.reply_to.as_str() {
            "" => None,
            text => Some(text.parse().context("mail.reply_to")?),
        };
        Ok(Self {
            domain: from.email.domain().to_owned(),
            from,
            reply_to,
            dkim: signer(&config.dkim)?,
        })
    }

    /// The Message-ID of the mail with this key: the same whenever it is sent again.
    pub fn message_id(&self, key: &str) -> String {
        let hash = hex::encode(&Sha256::digest(key.as_bytes())[..16]);
        format!("<{hash}@{}>", self.domain)
    }

    /// The message's bytes and envelope.
    ///
    /// # Errors
    /// `Refused` if the address can never be written to.
    pub fn print(&self, draft: &Draft<'_>) -> Result<(Envelope, Vec<u8>), SendError> {
        let message = self.message(draft);
        let message = message.map_err(|error| SendError::Refused(format!("{error:#}")))?;
        Ok((message.envelope().clone(), message.formatted()))
    }

    fn message(&self, draft: &Draft<'_>) -> anyhow::Result<Message> {
        let address: Address = draft.to_address.parse().context("the address")?;
        let name = Some(clean(draft.to_name)).filter(|name| !name.is_empty());
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(clean(draft.subject))
            .date(draft.date.into())
            .message_id(Some(self.message_id(draft.key)))
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        if let Some(list) = &draft.list {
            let id = format!("{} <{}>", ascii(list.name), list.id);
            message = message
                .header(ListId(id))
                .header(ListUnsubscribe(format!("<{}>", list.unsubscribe_url)))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()))
                .header(Precedence("bulk".to_owned()));
        }
        let body = MultiPart::alternative_plain_html(draft.text.to_owned(), draft.html.to_owned());
        let mut message = message.multipart(body)?;
        if let Some(dkim) = &self.dkim {
            message.sign(dkim);
        }
        Ok(message)
    }
}

/// Takes line breaks and other control characters out of what goes into a header.
fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.trim().to_owned()
}

/// What is left of a name in a header that takes ASCII alone.
fn ascii(text: &str) -> String {
    let kept = |c: &char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.');
    text.chars().filter(kept).collect()
}

/// Signs with relaxed canonicalisation: the library's default signs headers as it does not send them.
fn signer(config: &config::Dkim) -> anyhow::Result<Option<DkimConfig>> {
    if config.domain.is_empty() {
        return Ok(None);
    }
    let algorithm = match config.private_key.contains("BEGIN") {
        true => DkimSigningAlgorithm::Rsa,
        false => DkimSigningAlgorithm::Ed25519,
    };
    let key = DkimSigningKey::new(&config.private_key, algorithm)
        .map_err(|error| anyhow!("mail.dkim.private_key: {error}"))?;
    let headers = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    ];
    Ok(Some(DkimConfig::new(
        config.selector.clone(),
        config.domain.clone(),
        key,
        headers.map(HeaderName::new_from_ascii_str).to_vec(),
        DkimCanonicalization {
            header: DkimCanonicalizationType::Relaxed,
            body: DkimCanonicalizationType::Relaxed,
        },
    )))
}

macro_rules! headers {
    ($($name:ident: $text:literal),* $(,)?) => {
        $(#[derive(Clone)]
        struct $name(String);

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($text)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self(text.to_owned()))
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), self.0.clone())
            }
        })*
    };
}

headers! {
    AutoSubmitted: "Auto-Submitted",
    ListId: "List-Id",
    ListUnsubscribe: "List-Unsubscribe",
    ListUnsubscribePost: "List-Unsubscribe-Post",
    Precedence: "Precedence",
}
