//! The words and button under each article: asks a stranger, thanks a patron, mends what failed.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::portrait;
use crate::{entities::author, money::Money};

/// How whoever reads stands to the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Nobody is signed in.
    Stranger,
    /// Signed in, without support.
    Reader,
    /// A patron once, who could be one again.
    Former,
    /// Gave something once, and could again.
    Helped,
    Patron {
        since: Option<DateTime<Utc>>,
    },
    /// A patron by one-off support, for its term.
    Giver {
        until: Option<DateTime<Utc>>,
    },
    /// A patron by what somebody else has paid for, until its end.
    Gifted {
        until: Option<DateTime<Utc>>,
    },
    /// A patron by what the house has given, until its end.
    Given {
        until: Option<DateTime<Utc>>,
    },
    /// A patron to a booked end.
    Leaving {
        membership: Option<Uuid>,
        until: Option<DateTime<Utc>>,
    },
    /// The last payment failed; access lasts `until`, or is over.
    PaymentFailing {
        membership: Option<Uuid>,
        until: Option<DateTime<Utc>>,
    },
    /// The payment is on its way.
    Pending,
    Paused {
        membership: Option<Uuid>,
    },
    /// The author.
    Own,
}

/// What `authors/support_call.html` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SupportCall {
    pub author: String,
    pub author_path: String,
    /// The portrait's address.
    pub portrait: Option<String>,
    /// The author's own sentence.
    pub words: Option<String>,
    /// Which of the template's parts is said: `ask`, `again`, `patron`, `giver`, `gifted`, `given`, `leaving`,
    /// `failing`, `lapsed`, `pending`, `paused`, `own`.
    pub part: &'static str,
    pub since: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    /// Where to become a patron; carries the article along.
    pub support_path: String,
    /// Where she looks after what she has.
    pub membership_path: Option<String>,
    /// The least a month of support costs.
    pub price: Option<Money>,
}

/// The call of `author` for somebody in this relation, under the article of this slug or on the
/// author's page.
pub fn support_call(
    author: &author::Model,
    relation: &Relation,
    price: Option<Money>,
    article: Option<&str>,
) -> SupportCall {
    let author_path = format!("/authors/{}", author.slug);
    let support_path = match article {
        Some(article) => format!("{author_path}/support?article={article}"),
        None => format!("{author_path}/support"),
    };
    let (part, since, until, membership) = match relation {
        Relation::Stranger | Relation::Reader => ("ask", None, None, None),
        Relation::Former | Relation::Helped => ("again", None, None, None),
        Relation::Patron { since } => ("patron", *since, None, None),
        Relation::Giver { until } => ("giver", None, *until, None),
        Relation::Gifted { until } => ("gifted", None, *until, None),
        Relation::Given { until } => ("given", None, *until, None),
        Relation::Leaving { membership, until } => ("leaving", None, *until, *membership),
        Relation::PaymentFailing { membership, until } => match until {
            Some(_) => ("failing", None, *until, *membership),
            None => ("lapsed", None, None, *membership),
        },
        Relation::Pending => ("pending", None, None, None),
        Relation::Paused { membership } => ("paused", None, None, *membership),
        Relation::Own => ("own", None, None, None),
    };
    SupportCall {
        author: author.name.clone(),
        author_path,
        portrait: portrait(author),
        words: author.support_words.clone(),
        part,
        since,
        until,
        support_path,
        membership_path: membership.map(|id| format!("/account/memberships/{id}")),
        price,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_knows_who_reads() {
        let author = author::Model {
            hears: author::Hears::AtOnce,
            id: Uuid::nil(),
            account_id: Uuid::nil(),
            slug: "matthew-smith".to_owned(),
            name: "Matthew Smith".to_owned(),
            bio: String::new(),
            portrait: None,
            portrait_alt: String::new(),
            support_words: None,
            welcome: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        let end = Some(DateTime::UNIX_EPOCH);
        let membership = Some(Uuid::nil());
        for (relation, part) in [
            (Relation::Stranger, "ask"),
            (Relation::Reader, "ask"),
            (Relation::Former, "again"),
            (Relation::Helped, "again"),
            (Relation::Patron { since: end }, "patron"),
            (Relation::Giver { until: end }, "giver"),
            (Relation::Gifted { until: end }, "gifted"),
            (Relation::Given { until: end }, "given"),
            (
                Relation::Leaving {
                    membership,
                    until: end,
                },
                "leaving",
            ),
            (
                Relation::PaymentFailing {
                    membership,
                    until: end,
                },
                "failing",
            ),
            (
                Relation::PaymentFailing {
                    membership,
                    until: None,
                },
                "lapsed",
            ),
            (Relation::Pending, "pending"),
            (Relation::Paused { membership }, "paused"),
            (Relation::Own, "own"),
        ] {
            let call = support_call(&author, &relation, None, Some("the-tide"));
            assert_eq!(call.part, part);
            assert_eq!(
                call.support_path,
                "/authors/matthew-smith/support?article=the-tide"
            );
        }
        let call = support_call(&author, &Relation::Stranger, None, None);
        assert_eq!(call.support_path, "/authors/matthew-smith/support");
    }
}
