//! What a person finds in her mailbox, and where its links lead.

use mailparse::MailHeaderMap as _;

use super::TestApp;

/// What was last written to this address: its subject and its text.
pub fn letter(app: &TestApp, to: &str, subject: &str) -> String {
    let mails = app.mails();
    let sent: Vec<(String, String)> = mails
        .iter()
        .filter(|sent| sent.to == to)
        .map(|sent| {
            let mail = mailparse::parse_mail(&sent.raw).expect("a mail");
            let text = mail.subparts[0].get_body().expect("a text");
            (
                mail.headers.get_first_value("Subject").unwrap_or_default(),
                text,
            )
        })
        .collect();
    let found = sent.iter().rev().find(|(about, _)| about.contains(subject));
    let (_, text) = found.unwrap_or_else(|| panic!("no “{subject}” among {sent:?}"));
    text.clone()
}

/// The first address in a letter that leads to this path.
pub fn link(text: &str, path: &str) -> String {
    text.split_whitespace()
        .find(|word| word.starts_with("http") && word.contains(path))
        .unwrap_or_else(|| panic!("no link to {path} in:\n{text}"))
        .to_owned()
}
