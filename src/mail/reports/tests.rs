//! Reports in the shapes of well-known servers, and forged ones.

use super::*;

const PATTERN: &str = "bounces@example.org";
const KEY: &[u8] = b"key";

fn row() -> Uuid {
    Uuid::from_u128(7)
}

/// A report on the mail of this row, as `shape` has it.
fn filled(shape: &str) -> String {
    let ours = verp::address(PATTERN, KEY, row()).expect("an address");
    let leaving = verp::leaving(PATTERN, KEY, row()).expect("an address");
    let shape = shape.replace("{bounce}", ours.as_ref());
    shape.replace("{leave}", leaving.as_ref())
}

const POSTFIX: &str = include_str!("../../../tests/it/mail/reports/postfix.eml");
const EXIM: &str = include_str!("../../../tests/it/mail/reports/exim.eml");
const EXCHANGE: &str = include_str!("../../../tests/it/mail/reports/exchange.eml");
const GMAIL_FULL: &str = include_str!("../../../tests/it/mail/reports/gmail_full.eml");
const DELAYED: &str = include_str!("../../../tests/it/mail/reports/delayed.eml");
const COMPLAINT: &str = include_str!("../../../tests/it/mail/reports/complaint.eml");
const LEAVES: &str = "From: ann@example.net\nTo: {leave}\nSubject: unsubscribe\n\nbye\n";

#[test]
fn each_shape_is_read_for_what_it_is() {
    for (name, shape, kind, said) in [
        ("postfix", POSTFIX, Kind::Hard, "550 5.1.1"),
        ("exim", EXIM, Kind::Hard, "550 No such user"),
        ("exchange", EXCHANGE, Kind::Hard, "550 5.1.10"),
        ("gmail", GMAIL_FULL, Kind::Soft, "452-4.2.2"),
        ("complaint", COMPLAINT, Kind::Complaint, "abuse"),
        ("leaves", LEAVES, Kind::Leaves, ""),
    ] {
        let report = read(PATTERN, KEY, filled(shape).as_bytes()).expect(name);
        assert_eq!((report.outbox_id, report.kind), (row(), kind), "{name}");
        assert!(report.said.starts_with(said), "{name}: {}", report.said);
    }
}

#[test]
fn what_is_late_forged_or_no_report_counts_for_nothing() {
    let delayed = read(PATTERN, KEY, filled(DELAYED).as_bytes());
    assert_eq!(delayed, Err(Unread::Nothing));
    for shape in [POSTFIX, EXIM, EXCHANGE, GMAIL_FULL, COMPLAINT, LEAVES] {
        let forged = filled(shape);
        assert_eq!(
            read(PATTERN, b"other", forged.as_bytes()),
            Err(Unread::NotOurs)
        );
        let bare = shape
            .replace("{bounce}", PATTERN)
            .replace("{leave}", PATTERN);
        assert_eq!(read(PATTERN, KEY, bare.as_bytes()), Err(Unread::NotOurs));
    }
    let letter = filled("From: a@example.net\nTo: {bounce}\nSubject: Hello\n\nHow are you?\n");
    assert_eq!(read(PATTERN, KEY, letter.as_bytes()), Err(Unread::Nothing));
}
