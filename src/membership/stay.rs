//! What keeps somebody a patron besides a membership: gifts, memberships the house has given, tips.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use uuid::Uuid;

use crate::entities::{grant, tip};

/// Until when she is a patron, whatever becomes of her membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Stay {
    pub until: DateTime<Utc>,
    /// By what it reaches that far.
    pub by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum By {
    /// Somebody has paid for it.
    Gift,
    /// The author or the owner has given it.
    Given,
    /// What she gave once.
    Tip,
}

/// Reads the rows and applies [`stay_of`].
///
/// # Errors
/// If the database fails.
pub(super) async fn stay(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<Stay>, DbErr> {
    let tips = tip::Entity::between(account, author).all(db).await?;
    let grants = grant::Entity::between(account, author).all(db).await?;
    Ok(stay_of(&tips, &grants, now))
}

/// One that begins when the other ends goes on from there; after a gap it does not count.
pub(super) fn stay_of<'a>(
    tips: impl IntoIterator<Item = &'a tip::Model>,
    grants: impl IntoIterator<Item = &'a grant::Model>,
    now: DateTime<Utc>,
) -> Option<Stay> {
    let granted = grants.into_iter().filter_map(|row| {
        let by = match row.origin {
            grant::Origin::Bought => By::Gift,
            grant::Origin::Given => By::Given,
        };
        let end = row.ends_at?;
        let end = row.revoked_at.map_or(end, |revoked| revoked.min(end));
        Some((row.starts_at?, end, by))
    });
    let tipped = tips.into_iter().filter_map(|row| {
        let is_paid = row.state == tip::State::Paid;
        Some((row.paid_at, row.patron_until.filter(|_| is_paid)?, By::Tip))
    });
    let mut spans: Vec<_> = granted.chain(tipped).collect();
    spans.sort_unstable();
    let mut stay: Option<Stay> = None;
    for (begin, until, by) in spans {
        let reached = stay.map_or(now, |stay| stay.until);
        if begin <= reached && until > reached {
            stay = Some(Stay { until, by });
        }
    }
    stay
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::membership::standing::standing_of;

    fn day(number: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::days(number)
    }

    fn granted(origin: grant::Origin, begin: i64, end: i64, revoked: Option<i64>) -> grant::Model {
        grant::Model {
            id: Uuid::nil(),
            account_id: Some(Uuid::nil()),
            author_id: Uuid::nil(),
            tier_id: Uuid::nil(),
            origin,
            buyer_id: None,
            checkout_id: None,
            months: None,
            recipient_name: None,
            recipient_email: None,
            message: None,
            language: "en".to_owned(),
            send_at: None,
            sends: 0,
            token_hash: String::new(),
            created_at: day(0),
            ready_at: Some(day(0)),
            claimed_at: Some(day(0)),
            starts_at: Some(day(begin)),
            ends_at: Some(day(end)),
            revoked_at: revoked.map(day),
            revoked_why: None,
            stage: 0,
            due_at: None,
        }
    }

    fn tipped(at: i64, until: Option<i64>) -> tip::Model {
        tip::Model {
            id: Uuid::nil(),
            account_id: Uuid::nil(),
            author_id: Uuid::nil(),
            article_id: None,
            checkout_id: Uuid::nil(),
            amount: 500,
            currency: "eur".to_owned(),
            state: tip::State::Paid,
            paid_at: day(at),
            patron_until: until.map(day),
            message: None,
        }
    }

    #[test]
    fn she_stays_as_long_as_one_thing_follows_the_other() {
        use grant::Origin::{Bought, Given};
        let now = day(10);
        for (grants, tips, expected) in [
            (vec![], vec![], None),
            (
                vec![granted(Bought, 5, 20, None)],
                vec![],
                Some((20, By::Gift)),
            ),
            (vec![granted(Bought, 5, 10, None)], vec![], None),
            (vec![granted(Bought, 11, 20, None)], vec![], None),
            (vec![granted(Bought, 5, 20, Some(8))], vec![], None),
            (
                vec![granted(Given, 5, 20, Some(15))],
                vec![],
                Some((15, By::Given)),
            ),
            // The next begins with the end of the first; the third comes after a gap.
            (
                vec![
                    granted(Given, 20, 30, None),
                    granted(Bought, 5, 20, None),
                    granted(Bought, 31, 50, None),
                ],
                vec![],
                Some((30, By::Given)),
            ),
            (
                vec![granted(Bought, 5, 20, None)],
                vec![tipped(9, Some(39)), tipped(9, None)],
                Some((39, By::Tip)),
            ),
            // A shorter one within a longer one changes nothing.
            (
                vec![granted(Bought, 1, 40, None), granted(Given, 5, 20, None)],
                vec![],
                Some((40, By::Gift)),
            ),
        ] {
            let stay = stay_of(&tips, &grants, now);
            let expected = expected.map(|(until, by)| Stay {
                until: day(until),
                by,
            });
            assert_eq!(stay, expected, "{grants:?} {tips:?}");
            let standing = standing_of(&[], &tips, &grants, now, 0);
            assert_eq!(stay.is_some(), standing.is_patron());
        }
    }
}
