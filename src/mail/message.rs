//! A row of the outbox as a message: headers, text part first, signed where a key is configured.

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, Utc};
use lettre::{
    Address, Message,
    address::Envelope,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        dkim::DkimConfig,
        header::{ContentTransferEncoding, ContentType, Header, HeaderName, HeaderValue},
    },
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{dkim, mailer::SendError, verp};
use crate::config;

/// A message about to be made.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The outbox row, which the envelope's sender names.
    pub row: Uuid,
    /// Its unique key; the Message-ID follows from it.
    pub key: &'a str,
    pub to_address: &'a str,
    pub to_name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// When it was written; the same whenever it is sent again.
    pub date: DateTime<Utc>,
    /// For mail to many: whose list it is, and where one press leaves it.
    pub list: Option<List<'a>>,
    /// The keys of what it answers to, oldest first, a line each.
    pub thread: Option<&'a str>,
}

/// The headers of mail that was not asked for singly (RFC 2919, 2369, 8058).
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Such as `matthew-smith.example.org`.
    pub id: &'a str,
    pub name: &'a str,
    pub unsubscribe_url: &'a str,
}

/// A finished message: byte for byte the same whenever its row is sent again, but for a signature's time.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Time and key, as a file's name.
    pub name: String,
    pub envelope: Envelope,
    /// As RFC 5322 has it.
    pub raw: Vec<u8>,
}

impl Parcel {
    pub fn to(&self) -> String {
        let to = self.envelope.to().first();
        to.map(ToString::to_string).unwrap_or_default()
    }
}

/// Makes messages for one configuration.
pub struct Press {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    domain: String,
    bounces: Option<Bounces>,
    dkim: Option<DkimConfig>,
}

/// Where mail comes back to, and what its addresses are signed with.
struct Bounces {
    pattern: String,
    key: Vec<u8>,
}

impl Press {
    /// `key` signs the addresses mail comes back to.
    ///
    /// # Errors
    /// If an address or the DKIM key cannot be used.
    pub fn new(config: &config::Mail, key: &[u8]) -> anyhow::Result<Self> {
        let from: Mailbox = config.from.parse().context("mail.from")?;
        let reply_to = match config.reply_to.as_str() {
            "" => None,
            text => Some(text.parse().context("mail.reply_to")?),
        };
        let pattern = &config.bounce_address;
        let bounces = match pattern.as_str() {
            "" => None,
            _ => Some(Bounces {
                pattern: pattern.clone(),
                key: key.to_vec(),
            }),
        };
        if let Some(bounces) = &bounces {
            verp::address(&bounces.pattern, &[], Uuid::nil())?;
        }
        Ok(Self {
            bounces,
            domain: from.email.domain().to_owned(),
            from,
            reply_to,
            dkim: dkim::signer(&config.dkim)?,
        })
    }

    /// The Message-ID of the mail with this key: the same whenever it is sent again.
    pub fn message_id(&self, key: &str) -> String {
        format!("<{}@{}>", hash(key), self.domain)
    }

    /// # Errors
    /// `Refused` if the address can never be written to.
    pub fn print(&self, draft: &Draft<'_>) -> Result<Parcel, SendError> {
        let message = self.message(draft);
        let message = message.map_err(|error| SendError::Refused(format!("{error:#}")))?;
        Ok(Parcel {
            name: format!(
                "{}-{}",
                draft.date.format("%Y%m%dT%H%M%SZ"),
                hash(draft.key)
            ),
            envelope: message.envelope().clone(),
            raw: message.formatted(),
        })
    }

    fn message(&self, draft: &Draft<'_>) -> anyhow::Result<Message> {
        let address: Address = draft.to_address.parse().context("the address")?;
        let name = Some(clean(draft.to_name)).filter(|name| !name.is_empty());
        let mut message = Message::builder()
            .envelope(self.envelope(draft, &address)?)
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(clean(draft.subject))
            .date(draft.date.into())
            .message_id(Some(self.message_id(draft.key)))
            .header(AutoSubmitted("auto-generated".to_owned()));
        if let Some(reply_to) = &self.reply_to {
            message = message.reply_to(reply_to.clone());
        }
        let thread = draft.thread.unwrap_or_default().lines();
        let thread: Vec<String> = thread.map(|key| self.message_id(key)).collect();
        if let Some(last) = thread.last() {
            message = message
                .in_reply_to(last.clone())
                .references(thread.join(" "));
        }
        if let Some(list) = &draft.list {
            let id = format!("{} <{}>", worded(list.name), list.id);
            message = message
                .header(ListId(id))
                .header(ListUnsubscribe(self.ways_out(draft.row, list)?))
                .header(ListUnsubscribePost("List-Unsubscribe=One-Click".to_owned()))
                .header(Precedence("bulk".to_owned()));
        }
        let body = MultiPart::alternative()
            .boundary(format!("=_{}", hash(draft.key)))
            .singlepart(part(ContentType::TEXT_PLAIN, draft.text)?)
            .singlepart(part(ContentType::TEXT_HTML, draft.html)?);
        let mut message = message.multipart(body)?;
        if let Some(dkim) = &self.dkim {
            message.sign(dkim);
        }
        Ok(message)
    }

    /// Sent from the address that names the row, so that a bounce does; else from what the mail says.
    fn envelope(&self, draft: &Draft<'_>, to: &Address) -> anyhow::Result<Envelope> {
        let from = match &self.bounces {
            Some(bounces) => verp::address(&bounces.pattern, &bounces.key, draft.row)?,
            None => self.from.email.clone(),
        };
        Ok(Envelope::new(Some(from), vec![to.clone()])?)
    }

    /// The link first: it is the one that one press follows (RFC 8058).
    fn ways_out(&self, row: Uuid, list: &List<'_>) -> anyhow::Result<String> {
        let link = format!("<{}>", list.unsubscribe_url);
        let Some(bounces) = &self.bounces else {
            return Ok(link);
        };
        let address = verp::leaving(&bounces.pattern, &bounces.key, row)?;
        Ok(format!("{link}, <mailto:{address}?subject=unsubscribe>"))
    }
}

/// Always in quoted-printable: no relay on the way has a reason to change it, which would break the
/// signature, and no line is too long.
fn part(kind: ContentType, text: &str) -> anyhow::Result<SinglePart> {
    let encoding = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(text.to_owned(), encoding);
    let body = body.map_err(|_| anyhow!("a body that cannot be encoded"))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

/// 32 hexadecimal digits that stand for a key.
fn hash(key: &str) -> String {
    hex::encode(&Sha256::digest(key.as_bytes())[..16])
}

/// Takes line breaks and other control characters out of what goes into a header.
fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.trim().to_owned()
}

/// What is left of a name before an address in brackets; the library encodes what is not ASCII.
fn worded(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.');
    text.chars().filter(kept).collect()
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
