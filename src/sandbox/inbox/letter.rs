//! A mail taken apart, as far as the inbox shows it.

use mailparse::{MailHeaderMap as _, ParsedMail};
use serde::Serialize;

/// A captured mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Letter {
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) from: String,
    /// The recipient's name, or the address where there is none.
    pub(super) to: String,
    pub(super) address: String,
    /// RFC 3339.
    pub(super) at: Option<String>,
    pub(super) text: String,
    pub(super) html: Option<String>,
    /// Whether a mail program would offer to unsubscribe with one press.
    pub(super) can_unsubscribe: bool,
}

/// Reads an RFC 5322 message; `None` if it is none.
pub(super) fn parse(id: &str, bytes: &[u8]) -> Option<Letter> {
    let mail = mailparse::parse_mail(bytes).ok()?;
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    let (to, address) = person(&mail, "to");
    let (from, _) = person(&mail, "from");
    let at = mailparse::dateparse(&header("date")).ok();
    let at = at.and_then(|seconds| chrono::DateTime::from_timestamp(seconds, 0));
    Some(Letter {
        id: id.to_owned(),
        subject: header("subject"),
        from,
        to,
        address,
        at: at.map(|at| at.to_rfc3339()),
        text: part(&mail, "text/plain").unwrap_or_default(),
        html: part(&mail, "text/html"),
        can_unsubscribe: mail
            .headers
            .get_first_value("list-unsubscribe-post")
            .is_some(),
    })
}

/// The name in a header, or the address where there is none, and the address.
fn person(mail: &ParsedMail<'_>, header: &str) -> (String, String) {
    let found = mail.headers.get_first_header(header);
    let found = found.and_then(|found| mailparse::addrparse_header(found).ok());
    match found.and_then(|list| list.extract_single_info()) {
        Some(one) => (
            one.display_name.unwrap_or_else(|| one.addr.clone()),
            one.addr,
        ),
        None => Default::default(),
    }
}

/// The first part of this kind, decoded.
fn part(mail: &ParsedMail<'_>, kind: &str) -> Option<String> {
    let found = mail.parts().find(|part| part.ctype.mimetype == kind)?;
    found.get_body().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_taken_apart() {
        let mail = "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nFrom: A <a@example.org>\r\n\
            To: =?utf-8?q?J=C3=B6rg?= <j@example.org>\r\nSubject: Hello\r\nMIME-Version: 1.0\r\n\
            Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n\
            Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
            a =E2=80=93 b\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>c</p>\r\n--x--\r\n";
        let letter = parse("one", mail.as_bytes()).expect("a mail");
        assert_eq!((&*letter.to, &*letter.address), ("Jörg", "j@example.org"));
        assert_eq!(letter.at.as_deref(), Some("2026-11-23T10:00:00+00:00"));
        assert_eq!(letter.text.trim(), "a – b");
        assert_eq!(letter.html.expect("html").trim(), "<p>c</p>");
        assert!(!letter.can_unsubscribe);
    }
}
