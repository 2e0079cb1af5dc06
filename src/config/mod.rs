//! What can be set, and where from: `config/default.toml`, a file of your own, the environment.

mod check;
mod load;

use chrono::{DateTime, FixedOffset, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;
use std::path::PathBuf;

pub use check::is_near;
pub use load::{Fault, Faults, load, load_from};

use crate::entities::Gate;

/// The whole configuration. Every key stands, commented, in `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub secrets: Secrets,
    pub stripe: Stripe,
    pub mail: Mail,
    pub membership: Membership,
    pub comments: Comments,
    pub notices: Notices,
    pub publication: Publication,
    pub media: Media,
    pub log: Log,
    pub production: Production,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Server {
    pub listen: String,
    /// Without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    pub metrics_listen: String,
    pub max_connections: usize,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Database {
    pub url: String,
    pub migrate_on_start: bool,
}

#[derive(Clone, Deserialize)]
pub struct Secrets {
    /// Hex, 32 bytes or more.
    pub key: String,
}

#[derive(Clone, Deserialize)]
pub struct Stripe {
    pub secret_key: String,
    pub webhook_secrets: Vec<String>,
    pub api_base: String,
    pub livemode: String,
    /// How long Stripe may take to answer a call.
    pub timeout_seconds: u32,
    /// How many calls a second a comparison makes; at least 1.
    pub reconcile_per_second: u32,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    pub transport: MailTransport,
    pub smtp_url: String,
    /// Empty: the authorities everybody knows.
    pub ca_file: PathBuf,
    pub folder: PathBuf,
    pub from: String,
    pub reply_to: String,
    /// Empty: mail comes back to `from`. See [`crate::mail::verp`].
    pub bounce_address: String,
    pub bounces: Bounces,
    pub rate_per_second: u32,
    pub domain_per_second: u32,
    pub connections: u32,
    pub timeout_seconds: u32,
    pub dkim: Dkim,
}

/// How reports about mail come in.
#[derive(Clone, Deserialize)]
pub struct Bounces {
    /// What `/webhooks/mail` trusts; empty: nothing.
    pub webhook_token: String,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum MailTransport {
    Smtp,
    File,
    Memory,
}

#[derive(Clone, Deserialize)]
pub struct Dkim {
    pub domain: String,
    pub selector: String,
    pub private_key: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Membership {
    pub grace_days: u32,
    pub reconcile: Reconcile,
}

/// What is done once a day about differences with Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reconcile {
    Mend,
    Report,
    Off,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Comments {
    pub default_gate: String,
}

/// When letters of the day and the week go out.
#[derive(Clone, Debug, Deserialize)]
pub struct Notices {
    /// As the clock shows it in the publication's zone.
    pub digest_hour: u32,
    /// The day of the weekly one.
    pub weekly_on: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Publication {
    pub name: String,
    pub tagline: String,
    pub language: String,
    /// As the IANA names it.
    pub time_zone: String,
    pub address: String,
    /// Who sells, on receipts; empty: `name`.
    pub legal_name: String,
    pub vat_id: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Media {
    pub folder: PathBuf,
    pub s3: S3,
}

#[derive(Clone, Deserialize)]
pub struct S3 {
    pub endpoint: String,
    pub region: String,
    /// Empty: pictures are kept in a folder.
    pub bucket: String,
    pub access_key: String,
    pub secret_key: String,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Production {
    pub enforce: bool,
}

impl Config {
    /// `path` (which starts with a slash) as a link readers can follow.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.server.public_url)
    }

    /// Whether readers come over https; decides on Secure cookies and HSTS.
    pub fn is_https(&self) -> bool {
        self.server.public_url.starts_with("https://")
    }
}

impl Publication {
    /// Where the day begins for those who write.
    pub fn zone(&self) -> Tz {
        self.time_zone.parse().unwrap_or(Tz::UTC)
    }

    /// An instant as the clock there shows it.
    pub fn local(&self, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&self.zone()).fixed_offset()
    }
}

impl Notices {
    pub fn weekday(&self) -> Weekday {
        self.weekly_on.parse().unwrap_or(Weekday::Sat)
    }
}

impl Comments {
    pub fn default_gate(&self) -> Gate {
        match self.default_gate.as_str() {
            "readers" => Gate::Readers,
            "closed" => Gate::Closed,
            _ => Gate::Patrons,
        }
    }
}

impl Stripe {
    /// Whether this service works with real money.
    pub fn livemode(&self) -> bool {
        match self.livemode.as_str() {
            "true" => true,
            "false" => false,
            _ => self.secret_key.contains("_live_"),
        }
    }
}

impl std::fmt::Debug for S3 {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "S3({} at {})", self.bucket, self.endpoint)
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl std::fmt::Debug for Bounces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bounces(…)")
    }
}

impl std::fmt::Debug for Dkim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dkim({} {})", self.selector, self.domain)
    }
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Stripe({}, livemode {})", self.api_base, self.livemode())
    }
}
