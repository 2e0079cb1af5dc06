//! What is shown of each comment, and what may be done with it.

use chrono::Duration;

use super::*;
use crate::comments::outline::Line;

const AUTHOR: Uuid = Uuid::from_u128(101);
const ANN: Uuid = Uuid::from_u128(102);
const BEN: Uuid = Uuid::from_u128(103);

fn row(id: u128, account_id: Uuid, parent: Option<u128>, thread: Option<u128>) -> Row {
    Row {
        id: Uuid::from_u128(id),
        account_id,
        parent_id: parent.map(Uuid::from_u128),
        thread_id: thread.map(Uuid::from_u128),
        body_html: format!("<p>{id}</p>"),
        created_at: DateTime::UNIX_EPOCH,
        edited_at: None,
        deleted_at: None,
        deleted_by: None,
        hidden_at: None,
        hidden_above: false,
        held_at: None,
        picked_at: None,
        pinned_at: None,
        hearts: 0,
        guest_name: None,
        writer: format!("Writer {id}"),
        writer_deleted_at: None,
    }
}

fn spot(row: &Row) -> Spot {
    Spot {
        line: Line {
            id: row.id,
            account_id: row.account_id,
            parent_id: row.parent_id,
            thread_id: row.thread_id,
            deleted_at: row.deleted_at,
            deleted_by: row.deleted_by,
            hidden_at: row.hidden_at,
            held_at: row.held_at,
            pinned_at: row.pinned_at,
        },
        is_seen: row.deleted_at.is_none(),
    }
}

fn eyes(account: Option<Uuid>, rank: Rank) -> Eyes {
    Eyes {
        account,
        rank,
        may_comment: account.is_some(),
        now: DateTime::UNIX_EPOCH,
    }
}

fn badges() -> Badges {
    Badges {
        author: AUTHOR,
        patrons: HashSet::from([AUTHOR, ANN]),
        liked: HashSet::new(),
    }
}

fn drawn(on_page: &[Row], others: &[Row]) -> Vec<Thread> {
    let spots: Vec<Spot> = on_page.iter().map(spot).collect();
    let rows = on_page.iter().chain(others);
    let rows = rows.map(|row| (row.id, row.clone())).collect();
    threads(&spots, &rows, &badges(), eyes(None, Rank::Reader))
}

#[test]
fn a_reply_to_a_reply_says_whom_it_answers() {
    let rows = [
        row(1, ANN, None, None),
        row(2, BEN, Some(1), Some(1)),
        row(3, ANN, Some(2), Some(1)),
    ];
    let threads = drawn(&rows, &[]);
    assert_eq!(threads.len(), 1);
    let answers: Vec<_> = threads[0].replies.iter().map(|one| &one.answers).collect();
    assert!(answers[0].is_none());
    let answered = answers[1].as_ref().expect("whom");
    assert_eq!(answered.id, rows[1].id);
    assert_eq!(answered.name.as_deref(), Some("Writer 2"));
}

#[test]
fn a_thread_that_began_on_a_page_before_goes_on() {
    let head = row(1, ANN, None, None);
    let page = [row(2, BEN, Some(1), Some(1)), row(3, ANN, None, None)];
    let threads = drawn(&page, std::slice::from_ref(&head));
    assert_eq!(threads.len(), 2);
    assert_eq!(threads[0].continues, Some(head.id));
    assert!(threads[0].comment.is_none() && threads[0].replies.len() == 1);
    assert_eq!(
        threads[1].comment.as_ref().map(|one| one.id),
        Some(page[1].id)
    );
}

#[test]
fn what_is_gone_says_who_took_it_away_and_nothing_else() {
    let gone = Row {
        deleted_at: Some(DateTime::UNIX_EPOCH),
        ..row(1, ANN, None, None)
    };
    let removed = Row {
        deleted_by: Some(AUTHOR),
        ..gone.clone()
    };
    for (row, kind) in [(gone, "deleted"), (removed, "removed")] {
        let threads = drawn(&[row], &[]);
        let one = threads[0].comment.as_ref().expect("its place");
        assert_eq!((one.kind, one.body.as_str()), (kind, ""));
        assert!(one.name.is_none() && one.liked.is_none());
    }
}

#[test]
fn each_may_do_with_a_comment_what_is_theirs() {
    let now = Some(DateTime::UNIX_EPOCH);
    let whole = row(1, ANN, None, None);
    let held = Row {
        held_at: now,
        ..row(2, ANN, None, None)
    };
    let hidden = Row {
        hidden_at: now,
        ..row(3, ANN, None, None)
    };
    let above = Row {
        hidden_above: true,
        ..hidden.clone()
    };
    let late = |eyes: Eyes| Eyes {
        now: eyes.now + Duration::minutes(15),
        ..eyes
    };
    let may = |row: &Row, eyes: Eyes| {
        let one = shown(row, &badges(), eyes);
        [
            (one.liked.is_some(), "like"),
            (one.may_reply, "reply"),
            (one.may_report, "report"),
            (one.may_edit, "edit"),
            (one.may_delete, "delete"),
            (one.may_approve, "approve"),
            (one.may_hide, "hide"),
            (one.may_show, "show"),
            (one.may_praise, "praise"),
        ]
        .into_iter()
        .filter_map(|(may, act)| may.then_some(act))
        .collect::<Vec<_>>()
        .join(" ")
    };
    let stranger = eyes(None, Rank::Reader);
    let ann = eyes(Some(ANN), Rank::Reader);
    let ben = eyes(Some(BEN), Rank::Reader);
    let helper = eyes(Some(BEN), Rank::Moderator);
    let author = eyes(Some(AUTHOR), Rank::Author);
    let owner = eyes(Some(BEN), Rank::Owner);
    for (row, eyes, expected) in [
        (&whole, stranger, ""),
        (&whole, ann, "reply edit delete"),
        (&whole, late(ann), "reply delete"),
        (&whole, ben, "like reply report"),
        (&whole, helper, "like reply hide"),
        (&whole, author, "like reply hide praise"),
        (&held, ann, "edit delete"),
        (&held, helper, "approve hide"),
        (&hidden, ann, "edit delete"),
        (&hidden, helper, "show"),
        (&above, helper, ""),
        (&above, author, ""),
        (&above, owner, "show"),
    ] {
        assert_eq!(may(row, eyes), expected, "{:?} {eyes:?}", row.id);
    }
}

#[test]
fn badges_tell_the_author_the_patrons_and_the_guests() {
    let guest = Row {
        guest_name: Some("Old friend".to_owned()),
        writer_deleted_at: Some(DateTime::UNIX_EPOCH),
        ..row(3, BEN, None, None)
    };
    let former = Row {
        guest_name: None,
        ..guest.clone()
    };
    for (row, is_author, is_patron, name) in [
        (row(1, AUTHOR, None, None), true, false, Some("Writer 1")),
        (row(2, ANN, None, None), false, true, Some("Writer 2")),
        (guest, false, false, Some("Old friend")),
        (former, false, false, None),
    ] {
        let one = shown(&row, &badges(), eyes(None, Rank::Reader));
        assert_eq!((one.is_author, one.is_patron), (is_author, is_patron));
        assert_eq!(one.name.as_deref(), name);
    }
}
