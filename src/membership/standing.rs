//! What is permitted now: one pure function of a reader's rows and the clock.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    app::App,
    db::Seen,
    entities::{
        grant,
        membership::{self, State},
        tip,
    },
};

/// Where a reader stands with an author now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub support: Support,
    /// Supporting without a break since.
    pub since: Option<DateTime<Utc>>,
    /// When access ends unless something happens: the booked end, the end of grace, the term of a tip or a grant.
    pub until: Option<DateTime<Utc>>,
    /// The membership this rests on, if it is not a tip or a grant.
    pub membership_id: Option<Uuid>,
    pub tier_id: Option<Uuid>,
    /// Where it rests on a grant, whether somebody has paid for that.
    pub origin: Option<grant::Origin>,
    /// Since when the money for the payment that failed is on its way after all.
    pub paying_since: Option<DateTime<Utc>>,
}

/// The kinds of standing. The first five are patrons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    /// In force, on trial too.
    Patron,
    /// In force to a booked end.
    Leaving,
    /// The last payment failed; in force until the grace ends.
    Grace,
    /// By a gift or a membership the house has given, until its end.
    Granted,
    /// By a tip, for its term.
    Tipped,
    /// The payment is on its way.
    Pending,
    /// The last payment failed and the grace is over, or Stripe gave up: mending it brings access back.
    Lapsed,
    Paused,
    /// Once a patron.
    Former,
    /// Gave something once that was too little to be a patron by.
    Helped,
    None,
}

impl Support {
    /// The word templates tell it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Patron => "patron",
            Self::Leaving => "leaving",
            Self::Grace => "grace",
            Self::Granted => "granted",
            Self::Tipped => "tipped",
            Self::Pending => "pending",
            Self::Lapsed => "lapsed",
            Self::Paused => "paused",
            Self::Former | Self::Helped => "former",
            Self::None => "none",
        }
    }
}

impl Standing {
    /// Of somebody who wrote an article with its lead author: as a patron's, without any support.
    pub fn of_writer() -> Self {
        Self {
            support: Support::Patron,
            ..Self::NONE
        }
    }

    /// Whether it is that of somebody who wrote the article, too.
    pub fn is_writers(&self) -> bool {
        *self == Self::of_writer()
    }

    /// No support at all.
    pub const NONE: Self = Self {
        support: Support::None,
        since: None,
        until: None,
        membership_id: None,
        tier_id: None,
        origin: None,
        paying_since: None,
    };

    /// Whether this reader is a patron of the author now.
    pub fn is_patron(&self) -> bool {
        self.support <= Support::Tipped
    }

    /// Whether a payment failed and she can mend it.
    pub fn needs_mending(&self) -> bool {
        matches!(self.support, Support::Grace | Support::Lapsed) && self.paying_since.is_none()
    }
}

/// Reads the rows and applies [`standing_of`]: one query where a membership is in force.
///
/// # Errors
/// If the database fails.
pub async fn standing(
    db: &impl ConnectionTrait,
    account: Uuid,
    author: Uuid,
    now: DateTime<Utc>,
    grace_days: u32,
) -> Result<Standing, DbErr> {
    let memberships = membership::Entity::between(account, author).all(db).await?;
    let by_membership = standing_of(&memberships, &[], &[], now, grace_days);
    if by_membership.is_patron() {
        return Ok(by_membership);
    }
    let tips = tip::Entity::between(account, author).all(db).await?;
    let grants = grant::Entity::between(account, author).all(db).await?;
    Ok(standing_of(&memberships, &tips, &grants, now, grace_days))
}

/// The same for a page that goes by what was `seen` of the database.
///
/// # Errors
/// If the database fails.
pub async fn known_standing(
    app: &App,
    seen: Seen,
    account: Uuid,
    author: Uuid,
) -> Result<Standing, DbErr> {
    let (now, grace_days) = (app.clock.now(), app.config.membership.grace_days);
    let memberships = async {
        let between = membership::Entity::between(account, author);
        between.all(&app.db).await
    };
    let key = format!("memberships {account} {author}");
    let memberships = app.readings.read(seen, &key, memberships).await?;
    let by_membership = standing_of(&memberships, &[], &[], now, grace_days);
    if by_membership.is_patron() {
        return Ok(by_membership);
    }
    let tips = async { tip::Entity::between(account, author).all(&app.db).await };
    let key = format!("tips {account} {author}");
    let tips = app.readings.read(seen, &key, tips).await?;
    let grants = async { grant::Entity::between(account, author).all(&app.db).await };
    let key = format!("grants {account} {author}");
    let grants = app.readings.read(seen, &key, grants).await?;
    Ok(standing_of(&memberships, &tips, &grants, now, grace_days))
}

/// The best standing any of the rows gives. Source: the states table of the scenarios.
pub fn standing_of(
    memberships: &[membership::Model],
    tips: &[tip::Model],
    grants: &[grant::Model],
    now: DateTime<Utc>,
    grace_days: u32,
) -> Standing {
    let by_membership = memberships
        .iter()
        .map(|membership| of_membership(membership, now, grace_days));
    let by_tip = tips.iter().map(|tip| of_tip(tip, now));
    by_membership
        .chain(by_tip)
        .chain(grants.iter().map(|grant| of_grant(grant, now)))
        .min_by_key(|standing| (standing.support, standing.since))
        .unwrap_or(Standing::NONE)
}

fn of_membership(row: &membership::Model, now: DateTime<Utc>, grace_days: u32) -> Standing {
    let (support, until) = match row.state {
        State::Trial | State::Active => match unpaid_from(row) {
            Some(end) if end <= now => (Support::Paused, Some(end)),
            Some(end) => (Support::Leaving, Some(end)),
            None => (Support::Patron, None),
        },
        State::Cancelling => match row.cancel_at {
            Some(end) if end <= now => (Support::Former, Some(end)),
            end => (Support::Leaving, end),
        },
        State::Grace => {
            let failed = row.past_due_since.unwrap_or(row.updated_at);
            let end = failed + Duration::days(i64::from(grace_days));
            let support = if now < end {
                Support::Grace
            } else {
                Support::Lapsed
            };
            (support, Some(end))
        }
        State::Pending => (Support::Pending, None),
        State::Lapsed => (Support::Lapsed, None),
        State::Paused => (Support::Paused, None),
        State::Failed => (Support::None, None),
        State::Ended | State::Suspended => (Support::Former, row.ended_at),
    };
    // What brings access back is on its way: there is nothing to mend.
    let (support, until) = match support {
        Support::Lapsed if row.paying_since.is_some() => (Support::Pending, None),
        support => (support, until),
    };
    Standing {
        support,
        since: row.started_at,
        until,
        membership_id: Some(row.id),
        tier_id: Some(row.tier_id),
        origin: None,
        paying_since: row.paying_since,
    }
}

/// When the paid time ends of a membership for which nothing is collected any more.
fn unpaid_from(row: &membership::Model) -> Option<DateTime<Utc>> {
    let is_void = row.collection_paused.as_deref() == Some(membership::VOID);
    row.current_period_end.filter(|_| is_void)
}

fn of_tip(row: &tip::Model, now: DateTime<Utc>) -> Standing {
    let in_force = row.patron_until.is_some_and(|end| now < end) && row.state == tip::State::Paid;
    Standing {
        support: match row.patron_until {
            Some(_) if in_force => Support::Tipped,
            Some(_) => Support::Former,
            None => Support::Helped,
        },
        since: Some(row.paid_at),
        until: row.patron_until,
        membership_id: None,
        tier_id: None,
        origin: None,
        paying_since: None,
    }
}

/// One that has not begun, or was taken back before, gives nothing.
fn of_grant(row: &grant::Model, now: DateTime<Utc>) -> Standing {
    let last = row.revoked_at.or(row.ends_at).min(row.ends_at);
    let (support, until) = match (row.starts_at, last) {
        (Some(begin), Some(_)) if begin > now => (Support::None, None),
        (Some(begin), Some(end)) if end <= begin => (Support::None, None),
        (Some(_), Some(end)) if end <= now => (Support::Former, Some(end)),
        (Some(_), Some(end)) => (Support::Granted, Some(end)),
        _ => (Support::None, None),
    };
    Standing {
        support,
        since: row.starts_at,
        until,
        membership_id: None,
        tier_id: Some(row.tier_id),
        origin: Some(row.origin),
        paying_since: None,
    }
}
