//! What an answer of the relay means for the mail, its address, its domain, or for all mail.

use std::{error::Error as _, fmt, io, time::Duration};

use lettre::transport::smtp::Error;

use crate::mail::mailer::SendError;

/// How far the conversation was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, EHLO, STARTTLS and AUTH.
    Greeting,
    Mail,
    Rcpt,
    Data,
    /// The text and the final dot: from here on the relay may have the mail without our knowing.
    Text,
}

/// What went wrong, and when.
#[derive(Debug)]
pub(super) struct Fault {
    stage: Stage,
    what: What,
    words: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// It said no: the code, and the enhanced one where there is one (RFC 3463).
    Answer(u16, Option<(u8, u8)>),
    /// No answer in time.
    Silence,
    /// The connection ended, or what came was no SMTP.
    Broken,
    /// There is no connection to be had.
    Unreachable,
    /// The relay lacks what we need, or its certificate is not good.
    Unable,
}

impl Fault {
    pub fn unable(words: &str) -> Self {
        Self::new(Stage::Data, What::Unable, words.to_owned())
    }

    pub fn unreachable(words: String) -> Self {
        Self::new(Stage::Greeting, What::Unreachable, words)
    }

    pub fn silent(stage: Stage, time: Duration) -> Self {
        let words = format!("no answer within {} seconds", time.as_secs());
        Self::new(stage, What::Silence, words)
    }

    fn new(stage: Stage, what: What, words: String) -> Self {
        Self { stage, what, words }
    }

    fn of(stage: Stage, error: &Error) -> Self {
        let what = match error.status() {
            Some(code) => {
                let number = code.to_string().parse().unwrap_or_default();
                What::Answer(number, enhanced(&error.to_string()))
            }
            None if error.is_client() || is_certificate(error) => What::Unable,
            None => What::Broken,
        };
        let source = error.source().filter(|_| error.status().is_none());
        let words = match source.map(ToString::to_string) {
            Some(source) if !error.to_string().contains(&source) => format!("{error}: {source}"),
            _ => error.to_string(),
        };
        Self::new(stage, what, words)
    }

    /// Whether a connection that was kept had ended before this mail's text was under way.
    pub fn is_stale(&self) -> bool {
        let is_ended = matches!(self.what, What::Broken | What::Answer(421, _));
        is_ended && self.stage == Stage::Mail
    }

    /// Whether the conversation can go on with another mail.
    pub fn is_answer(&self) -> bool {
        matches!(self.what, What::Answer(code, _) if code != 421) || self.what == What::Unable
    }

    /// What is to be done about it. 5xx of a recipient says that there is no such mailbox; 5xx before
    /// that, that the relay will have nothing of ours.
    pub fn verdict(self) -> SendError {
        use SendError::{Away, Busy, Later, NoMailbox, Refused, Stopped};
        let say: fn(String) -> SendError = match (self.stage, self.what) {
            // Signing in or encryption is missing (RFC 4954, 3207), whenever it is said.
            (_, What::Answer(530 | 534 | 535 | 538, _)) => Stopped,
            (Stage::Greeting | Stage::Mail, What::Answer(500.., _)) => Stopped,
            (Stage::Greeting, What::Unable) => Stopped,
            (Stage::Greeting | Stage::Mail, _) => Away,
            (_, What::Unable) => Refused,
            (_, What::Silence | What::Broken | What::Unreachable) => Busy,
            // The mailbox is full: RFC 5321, 4.5.3.1.10 has this read as 452.
            (Stage::Rcpt, What::Answer(552, _)) => Later,
            // A matter of policy, not of the address (RFC 3463, 3.8).
            (Stage::Rcpt, What::Answer(500.., Some((7, _)))) => Refused,
            (Stage::Rcpt, What::Answer(500.., _)) => NoMailbox,
            (_, What::Answer(500.., _)) => Refused,
            (_, What::Answer(421, _)) => Busy,
            // About this address or mailbox, or nothing said of what: it alone waits.
            (_, What::Answer(_, None | Some((1 | 2, _)))) => Later,
            (_, What::Answer(..)) => Busy,
        };
        say(self.words)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

/// The exchange, held to a time.
pub(super) async fn within<T>(
    stage: Stage,
    time: Duration,
    exchange: impl Future<Output = Result<T, Error>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(time, exchange).await {
        Ok(done) => done.map_err(|error| Fault::of(stage, &error)),
        Err(_) => Err(Fault::silent(stage, time)),
    }
}

/// Why these bytes must not go over the line, if so: the library's own care for lone dots knows CRLF alone
/// (RUSTSEC-2026-0561), and a server may know more.
pub(super) fn dangerous(raw: &[u8]) -> Option<&'static str> {
    let mut before = b'\n';
    for &byte in raw {
        match byte {
            0 => return Some("the message has a NUL"),
            b'\n' if before != b'\r' => return Some("the message has a bare line feed"),
            _ if before == b'\r' && byte != b'\n' => {
                return Some("the message has a bare carriage return");
            }
            _ => before = byte,
        }
    }
    (before == b'\r').then_some("the message has a bare carriage return")
}

/// Subject and detail of an enhanced status code: `7, 1` of `5.7.1`.
fn enhanced(words: &str) -> Option<(u8, u8)> {
    words.split([' ', ':', '\n']).find_map(|word| {
        let mut parts = word.split('.');
        let class = parts.next().filter(|class| matches!(*class, "4" | "5"))?;
        let subject = parts.next()?.parse().ok()?;
        let detail = parts.next()?.parse().ok()?;
        (parts.next().is_none() && class.len() == 1).then_some((subject, detail))
    })
}

/// Whether TLS failed because the other side could not prove who it is.
fn is_certificate(error: &Error) -> bool {
    let mut cause = error.source();
    while let Some(error) = cause {
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        let tls = wrapped.and_then(|inner| inner.downcast_ref::<rustls::Error>());
        if matches!(tls, Some(rustls::Error::InvalidCertificate(_))) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_has_its_consequence() {
        let answer = |stage, code, words: &str| {
            let what = What::Answer(code, enhanced(words));
            Fault::new(stage, what, "why".to_owned()).verdict()
        };
        let why = || "why".to_owned();
        for (stage, code, words, expected) in [
            (Stage::Greeting, 554, "", SendError::Stopped(why())),
            (Stage::Greeting, 535, "5.7.8 no", SendError::Stopped(why())),
            (Stage::Greeting, 454, "4.7.0 later", SendError::Away(why())),
            (Stage::Greeting, 421, "", SendError::Away(why())),
            (Stage::Mail, 550, "", SendError::Stopped(why())),
            (Stage::Mail, 451, "", SendError::Away(why())),
            (Stage::Rcpt, 550, "", SendError::NoMailbox(why())),
            (Stage::Rcpt, 550, "5.1.1 gone", SendError::NoMailbox(why())),
            (
                Stage::Rcpt,
                554,
                "5.7.1 no relaying",
                SendError::Refused(why()),
            ),
            (Stage::Rcpt, 530, "", SendError::Stopped(why())),
            (Stage::Rcpt, 552, "5.2.2 full", SendError::Later(why())),
            (Stage::Rcpt, 450, "", SendError::Later(why())),
            (Stage::Rcpt, 452, "4.2.2 full", SendError::Later(why())),
            (Stage::Rcpt, 450, "4.7.1 slow down", SendError::Busy(why())),
            (Stage::Rcpt, 421, "", SendError::Busy(why())),
            (Stage::Text, 451, "4.3.0 busy", SendError::Busy(why())),
            (Stage::Text, 552, "5.3.4 too big", SendError::Refused(why())),
            (Stage::Text, 554, "", SendError::Refused(why())),
        ] {
            assert_eq!(
                answer(stage, code, words),
                expected,
                "{stage:?} {code} {words}"
            );
        }
        let cut = |stage| Fault::new(stage, What::Broken, why()).verdict();
        assert_eq!(cut(Stage::Greeting), SendError::Away(why()));
        assert_eq!(cut(Stage::Text), SendError::Busy(why()));
    }

    #[test]
    fn nothing_that_could_end_a_message_early_goes_over_the_line() {
        for (raw, is_safe) in [
            (&b"Subject: x\r\n\r\n.\r\nwords\r\n"[..], true),
            (b"one\r\ntwo", true),
            (b"\n.\r\n", false),
            (b"one\n.\ntwo\r\n", false),
            (b"one\r.\rtwo\r\n", false),
            (b"one\r\r\ntwo", false),
            (b"one\0two\r\n", false),
            (b"one\r", false),
        ] {
            assert_eq!(dangerous(raw).is_none(), is_safe, "{raw:?}");
        }
    }
}
