//! Who sees which comments, and what they may do with them.

use chrono::Duration;

use super::*;

const AUTHOR: Uuid = Uuid::from_u128(1);
const ANN: Uuid = Uuid::from_u128(2);
const BEN: Uuid = Uuid::from_u128(3);

fn row(id: u128, account_id: Uuid, parent: Option<u128>) -> Row {
    Row {
        id: Uuid::from_u128(id),
        account_id,
        parent_id: parent.map(Uuid::from_u128),
        body_html: format!("<p>{id}</p>"),
        created_at: DateTime::UNIX_EPOCH,
        edited_at: None,
        deleted_at: None,
        hidden_at: None,
        hidden_by: None,
        writer: "Somebody".to_owned(),
        writer_deleted_at: None,
    }
}

fn deleted(row: Row) -> Row {
    Row {
        deleted_at: Some(DateTime::UNIX_EPOCH),
        ..row
    }
}

fn hidden(row: Row) -> Row {
    Row {
        hidden_at: Some(DateTime::UNIX_EPOCH),
        ..row
    }
}

fn eyes(account: Option<Uuid>) -> Eyes {
    Eyes {
        account,
        own: account == Some(AUTHOR),
        may_comment: account.is_some(),
        now: DateTime::UNIX_EPOCH,
    }
}

fn seen(rows: &[Row], eyes: Eyes) -> Vec<Thread> {
    let badges = Badges {
        author: AUTHOR,
        patrons: HashSet::from([AUTHOR, ANN]),
    };
    threads(rows, &badges, eyes)
}

/// Ids and kinds, replies behind their comment.
fn outline(rows: &[Row], account: Option<Uuid>) -> Vec<(u128, &'static str, Vec<u128>)> {
    let threads = seen(rows, eyes(account));
    let ids = |shown: &[Shown]| shown.iter().map(|one| one.id.as_u128()).collect();
    threads
        .iter()
        .map(|one| {
            (
                one.comment.id.as_u128(),
                one.comment.kind,
                ids(&one.replies),
            )
        })
        .collect()
}

#[test]
fn replies_stand_under_what_they_answer() {
    let rows = [
        row(1, ANN, None),
        row(2, BEN, None),
        row(3, ANN, Some(2)),
        row(4, AUTHOR, Some(1)),
        row(5, BEN, Some(2)),
    ];
    assert_eq!(
        outline(&rows, None),
        [(1, "whole", vec![4]), (2, "whole", vec![3, 5])]
    );
}

#[test]
fn a_deleted_comment_keeps_its_place_only_for_its_replies() {
    let rows = [
        deleted(row(1, ANN, None)),
        deleted(row(2, ANN, None)),
        row(3, BEN, Some(2)),
        deleted(row(4, BEN, Some(2))),
    ];
    for account in [None, Some(ANN), Some(AUTHOR)] {
        assert_eq!(outline(&rows, account), [(2, "deleted", vec![3])]);
    }
    assert_eq!(seen(&rows, eyes(None))[0].comment.body, "");
}

#[test]
fn a_hidden_comment_is_seen_by_those_it_concerns() {
    let rows = [
        hidden(row(1, ANN, None)),
        hidden(row(2, ANN, None)),
        row(3, BEN, Some(2)),
        hidden(row(4, BEN, Some(2))),
    ];
    for (account, expected) in [
        (None, vec![(2, "withheld", vec![3])]),
        (
            Some(ANN),
            vec![(1, "hidden", vec![]), (2, "hidden", vec![3])],
        ),
        (Some(BEN), vec![(2, "withheld", vec![3, 4])]),
        (
            Some(AUTHOR),
            vec![(1, "hidden", vec![]), (2, "hidden", vec![3, 4])],
        ),
    ] {
        assert_eq!(outline(&rows, account), expected, "{account:?}");
    }
    assert_eq!(seen(&rows, eyes(None))[0].comment.body, "");
}

#[test]
fn each_may_do_with_a_comment_what_is_theirs() {
    let rows = [row(1, ANN, None), hidden(row(2, BEN, None))];
    let late = |eyes: Eyes| Eyes {
        now: eyes.now + Duration::minutes(15),
        ..eyes
    };
    let may = |one: &Shown| {
        [
            (one.may_reply, "reply"),
            (one.may_edit, "edit"),
            (one.may_delete, "delete"),
            (one.may_hide, "hide"),
            (one.may_show, "show"),
        ]
        .into_iter()
        .filter_map(|(may, act)| may.then_some(act))
        .collect::<Vec<_>>()
        .join(" ")
    };
    for (eyes, expected) in [
        (eyes(None), vec![""]),
        (eyes(Some(ANN)), vec!["reply edit delete"]),
        (late(eyes(Some(ANN))), vec!["reply delete"]),
        (eyes(Some(BEN)), vec!["reply", "edit delete"]),
        (eyes(Some(AUTHOR)), vec!["reply hide", "show"]),
    ] {
        let given: Vec<String> = seen(&rows, eyes)
            .iter()
            .map(|thread| may(&thread.comment))
            .collect();
        assert_eq!(given, expected, "{eyes:?}");
    }
}

#[test]
fn badges_tell_the_author_and_the_patrons() {
    let mut rows = [row(1, AUTHOR, None), row(2, ANN, None), row(3, BEN, None)];
    rows[2].writer_deleted_at = Some(DateTime::UNIX_EPOCH);
    let badges: Vec<_> = seen(&rows, eyes(None))
        .into_iter()
        .map(|thread| thread.comment)
        .map(|one| (one.is_author, one.is_patron, one.name.is_some()))
        .collect();
    assert_eq!(
        badges,
        [
            (true, false, true),
            (false, true, true),
            (false, false, false)
        ]
    );
}
