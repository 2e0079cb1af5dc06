//! Reading what comes back: delivery reports (RFC 3464), complaints (RFC 5965) and wishes to leave a list.
//! A report counts only by an address or header of ours that names the mail it is about and is signed; what
//! else it says decides how bad the news is, never whose they are.

use mailparse::{MailHeaderMap as _, ParsedMail};
use uuid::Uuid;

use super::verp::{self, Told};
use crate::entities::mail_report::Kind;

/// The longest text that is kept of what the other server said, in characters.
const LONGEST: usize = 500;

/// What a report tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The row of the outbox.
    pub outbox_id: Uuid,
    pub kind: Kind,
    pub said: String,
}

/// Why a message tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error("this is no mail")]
    NoMail,
    #[error("no address in it is one of ours, so nobody knows what it is about")]
    NotOurs,
    #[error("it tells of nothing that has failed")]
    Nothing,
}

/// Reads one message. `pattern` is `mail.bounce_address`.
///
/// # Errors
/// Why it tells nothing.
pub fn read(pattern: &str, key: &[u8], raw: &[u8]) -> Result<Report, Unread> {
    let mail = mailparse::parse_mail(raw).map_err(|_| Unread::NoMail)?;
    let told = told(pattern, key, &mail).ok_or(Unread::NotOurs)?;
    let (outbox_id, kind, said) = match told {
        Told::Leaves(row) => (row, Kind::Leaves, String::new()),
        Told::Bounced(row) => {
            let (kind, said) = news(&mail).ok_or(Unread::Nothing)?;
            (row, kind, said)
        }
    };
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Report {
        outbox_id,
        kind,
        said: said.chars().take(LONGEST).collect(),
    })
}

/// The address of ours it was sent to. A complaint comes to another mailbox: there, the envelope sender of
/// the mail it encloses is.
fn told(pattern: &str, key: &[u8], mail: &ParsedMail<'_>) -> Option<Told> {
    const OURS: [&str; 6] = [
        "Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "To",
        "Original-Mail-From",
        "Return-Path",
    ];
    let named = |part: &ParsedMail<'_>| {
        let headers = OURS
            .iter()
            .flat_map(|name| part.headers.get_all_values(name));
        let mut words = headers.flat_map(|value| {
            let words = value.split([',', ' ', ';', '<', '>']);
            words.map(str::to_owned).collect::<Vec<_>>()
        });
        words.find_map(|word| verp::read(pattern, key, &word))
    };
    if let Some(told) = named(mail) {
        return Some(told);
    }
    let parts: Vec<_> = mail.parts().skip(1).collect();
    parts.into_iter().find_map(|part| {
        named(part).or_else(|| {
            let body = part.get_body().ok()?;
            let (headers, _) = mailparse::parse_headers(body.as_bytes()).ok()?;
            let values = OURS.iter().flat_map(|name| headers.get_all_values(name));
            let mut values = values.collect::<Vec<_>>().into_iter();
            values.find_map(|value| verp::read(pattern, key, &value))
        })
    })
}

/// How bad it is, and what the other side said.
fn news(mail: &ParsedMail<'_>) -> Option<(Kind, String)> {
    for part in mail.parts() {
        match part.ctype.mimetype.as_str() {
            "message/feedback-report" => return complaint(&part.get_body().ok()?),
            "message/delivery-status" | "message/global-delivery-status" => {
                return status(&part.get_body().ok()?);
            }
            _ => {}
        }
    }
    None
}

/// RFC 5965, 3.1: other types of feedback are no complaint.
fn complaint(body: &str) -> Option<(Kind, String)> {
    let kind = field(body, "Feedback-Type")?;
    let is_one = ["abuse", "fraud", "virus", "other"].contains(&kind.to_lowercase().as_str());
    is_one.then_some((Kind::Complaint, kind))
}

/// RFC 3464, 2.3: the fields of the first recipient that has failed. What is only late is no news yet.
fn status(body: &str) -> Option<(Kind, String)> {
    let body = body.replace("\r\n", "\n");
    let failed = body.split("\n\n").find(|group| {
        field(group, "Action").is_some_and(|action| action.eq_ignore_ascii_case("failed"))
    })?;
    let status = field(failed, "Status").unwrap_or_default();
    let said = field(failed, "Diagnostic-Code").unwrap_or_else(|| status.clone());
    Some((severity(&status, &said), said))
}

/// RFC 3463: whether there is no such mailbox or domain. A full mailbox, a size, a policy or a reputation
/// may be otherwise tomorrow, and says nothing about the address.
fn severity(status: &str, said: &str) -> Kind {
    let code = status.split_whitespace().next().unwrap_or_default();
    let gone = [
        "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4",
    ];
    let said = said.to_lowercase();
    let vague = ["5.0.0", "5.5.0", "5.1.0", "5.4.1"].contains(&code);
    let says_gone = [
        "user unknown",
        "no such user",
        "does not exist",
        "unknown user",
        "no mailbox",
    ];
    let is_gone =
        gone.contains(&code) || (vague && says_gone.iter().any(|word| said.contains(word)));
    if is_gone { Kind::Hard } else { Kind::Soft }
}

/// One field's value, with the lines that continue it.
fn field(group: &str, name: &str) -> Option<String> {
    let (headers, _) = mailparse::parse_headers(group.trim_start().as_bytes()).ok()?;
    headers.get_first_value(name).map(|value| {
        let value = value.trim();
        value
            .strip_prefix("smtp;")
            .unwrap_or(value)
            .trim()
            .to_owned()
    })
}

#[cfg(test)]
mod tests;
