//! Which comments stand where, for whom, and on which page.

use super::*;

const AUTHOR: Uuid = Uuid::from_u128(101);
const ANN: Uuid = Uuid::from_u128(102);
const BEN: Uuid = Uuid::from_u128(103);
const THEN: Option<DateTime<Utc>> = Some(DateTime::UNIX_EPOCH);
const NOW: DateTime<Utc> = DateTime::from_timestamp(86_400, 0).expect("a day later");

/// `(id, writer, parent, head of its thread)`
fn line(id: u128, account_id: Uuid, parent: Option<u128>, thread: Option<u128>) -> Line {
    Line {
        id: Uuid::from_u128(id),
        account_id,
        parent_id: parent.map(Uuid::from_u128),
        thread_id: thread.map(Uuid::from_u128),
        deleted_at: None,
        deleted_by: None,
        hidden_at: None,
        held_at: None,
        pinned_at: None,
    }
}

fn deleted(line: Line) -> Line {
    Line {
        deleted_at: THEN,
        ..line
    }
}

fn hidden(line: Line) -> Line {
    Line {
        hidden_at: THEN,
        ..line
    }
}

fn held(line: Line) -> Line {
    Line {
        held_at: THEN,
        ..line
    }
}

fn eyes(account: Option<Uuid>) -> Eyes {
    Eyes {
        account,
        rank: match account == Some(AUTHOR) {
            true => Rank::Author,
            false => Rank::Reader,
        },
        may_comment: account.is_some(),
        now: NOW,
    }
}

/// Ids in order; those of which only the place is kept are negative.
fn seen(lines: &[Line], order: Order, account: Option<Uuid>) -> Vec<i128> {
    let spots = spots(lines, order, eyes(account));
    let id = |spot: &Spot| i128::try_from(spot.line.id.as_u128()).expect("small");
    let signed = |spot: &Spot| if spot.is_seen { id(spot) } else { -id(spot) };
    spots.iter().map(signed).collect()
}

#[test]
fn replies_of_any_depth_stand_behind_the_head_of_their_thread() {
    let lines = [
        line(1, ANN, None, None),
        line(2, BEN, None, None),
        line(3, BEN, Some(2), Some(2)),
        line(4, AUTHOR, Some(1), Some(1)),
        line(5, ANN, Some(4), Some(1)),
        line(6, ANN, Some(5), Some(1)),
    ];
    assert_eq!(seen(&lines, Order::Oldest, None), [1, 4, 5, 6, 2, 3]);
    assert_eq!(seen(&lines, Order::Newest, None), [2, 3, 1, 4, 5, 6]);
}

#[test]
fn a_deleted_comment_keeps_its_place_only_for_its_replies() {
    let lines = [
        deleted(line(1, ANN, None, None)),
        deleted(line(2, ANN, None, None)),
        deleted(line(3, BEN, Some(2), Some(2))),
        line(4, BEN, Some(3), Some(2)),
        deleted(line(5, BEN, Some(4), Some(2))),
    ];
    for account in [None, Some(ANN), Some(AUTHOR)] {
        assert_eq!(seen(&lines, Order::Oldest, account), [-2, -3, 4]);
    }
}

#[test]
fn what_she_has_just_deleted_keeps_its_place_for_her_alone() {
    let ago = |minutes: i64, line: Line| Line {
        deleted_at: Some(NOW - chrono::Duration::minutes(minutes)),
        ..line
    };
    let removed = Line {
        deleted_by: Some(AUTHOR),
        ..ago(0, line(3, ANN, None, None))
    };
    let lines = [
        ago(14, line(1, ANN, None, None)),
        ago(15, line(2, ANN, None, None)),
        removed,
        ago(1, line(4, BEN, Some(1), Some(1))),
    ];
    for (account, expected) in [
        (None, vec![]),
        (Some(ANN), vec![-1]),
        (Some(BEN), vec![-1, -4]),
        (Some(AUTHOR), vec![]),
    ] {
        assert_eq!(
            seen(&lines, Order::Oldest, account),
            expected,
            "{account:?}"
        );
    }
}

#[test]
fn what_is_hidden_or_held_is_seen_by_those_it_concerns() {
    let marks: [fn(Line) -> Line; 2] = [hidden, held];
    for mark in marks {
        let lines = [
            mark(line(1, ANN, None, None)),
            mark(line(2, ANN, None, None)),
            line(3, BEN, Some(2), Some(2)),
            mark(line(4, BEN, Some(2), Some(2))),
        ];
        for (account, expected) in [
            (None, vec![-2, 3]),
            (Some(ANN), vec![1, 2, 3]),
            (Some(BEN), vec![-2, 3, 4]),
            (Some(AUTHOR), vec![1, 2, 3, 4]),
        ] {
            assert_eq!(
                seen(&lines, Order::Oldest, account),
                expected,
                "{account:?}"
            );
        }
    }
}

#[test]
fn pages_have_fifty_and_begin_where_their_address_says() {
    let lines: Vec<Line> = (1..=120).map(|id| line(id, ANN, None, None)).collect();
    let all = spots(&lines, Order::Oldest, eyes(None));
    let id = |id: u128| Some(Uuid::from_u128(id));
    for (first, from, before, after) in [
        (None, 1, None, id(51)),
        (id(51), 51, Some(None), id(101)),
        (id(101), 101, Some(id(51)), None),
        (id(70), 70, Some(id(20)), id(120)),
    ] {
        let slice = slice(&all, &lines, first).expect("a page");
        assert_eq!(slice.spots[0].line.id, Uuid::from_u128(from));
        assert_eq!((slice.before, slice.after), (before, after), "{first:?}");
    }
    assert!(slice(&all, &lines, id(500)).is_none());
    assert_eq!(page_of(&all, Uuid::from_u128(50)), Some(None));
    assert_eq!(page_of(&all, Uuid::from_u128(51)), Some(id(51)));
    assert_eq!(page_of(&all, Uuid::from_u128(120)), Some(id(101)));
    assert_eq!(page_of(&all, Uuid::from_u128(500)), None);
}

#[test]
fn a_page_whose_first_comment_is_gone_begins_with_the_next() {
    let mut lines: Vec<Line> = (1..=60).map(|id| line(id, ANN, None, None)).collect();
    lines[50].deleted_at = THEN;
    let all = spots(&lines, Order::Oldest, eyes(None));
    let slice = slice(&all, &lines, Some(lines[50].id)).expect("a page");
    assert_eq!(slice.spots[0].line.id, lines[51].id);
}
