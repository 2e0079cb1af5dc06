//! How whoever reads stands to the author, from who is signed in and what they support.

use sea_orm::DbErr;

use super::{audience::Asking, reading::Piece};
use crate::{
    accounts::Visitor,
    app::App,
    authors::Relation,
    comments::{self, Rank},
    entities::{Gate, Role, account, author, grant},
    membership::{Standing, Support, known_standing, standing},
};

/// What an article's page knows about its reader.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub asking: Asking,
    pub relation: Relation,
    pub standing: Standing,
    /// What she is to the conversation.
    pub rank: Rank,
}

/// Asks the database at most once or twice, and not at all for a stranger or while nothing has changed.
pub(super) async fn reading(app: &App, visitor: &Visitor, piece: &Piece) -> Result<Reading, DbErr> {
    let author = &piece.author;
    let mut reading = of_author(app, visitor, author).await?;
    let Some(account) = &visitor.account else {
        return Ok(reading);
    };
    let mut others = piece.co_authors.iter();
    if !reading.asking.own && others.any(|other| other.account_id == account.id) {
        reading.asking.patron = true;
        reading.standing = Standing::of_writer();
    }
    for other in &piece.co_authors {
        if reading.asking.own || reading.asking.patron {
            break;
        }
        let theirs = of_author(app, visitor, other).await?;
        // Who supports any of them may read and talk; the call under the article stays the lead's, and so do
        // the tiers it is open to.
        if theirs.asking.patron {
            reading.asking.patron = true;
            if piece.article.gate != Gate::Tiers {
                reading.standing = theirs.standing;
            }
        }
    }
    Ok(reading)
}

/// The same where one author alone counts: on that author's page.
pub(super) async fn of_author(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
) -> Result<Reading, DbErr> {
    let Some(account) = &visitor.account else {
        return Ok(Reading {
            asking: Asking::default(),
            relation: Relation::Stranger,
            standing: Standing::NONE,
            rank: Rank::Reader,
        });
    };
    let standing = match visitor.seen {
        Some(seen) if account.id != author.account_id => {
            known_standing(app, seen, account.id, author.id).await?
        }
        _ => standing_with(app, account, author).await?,
    };
    let rank = match visitor.seen {
        Some(seen) => comments::known_rank(app, seen, account, author).await?,
        None => comments::rank(&app.db, account, author).await?,
    };
    let asking = asking_of(account, author, &standing);
    Ok(Reading {
        asking: Asking {
            own: asking.own || rank.moderates(),
            ..asking
        },
        relation: if account.id == author.account_id {
            Relation::Own
        } else {
            relation(&standing)
        },
        standing,
        rank,
    })
}

/// What `account` is to the author, where no page asks for support.
pub(super) async fn asking(
    app: &App,
    account: &account::Model,
    piece: &Piece,
) -> Result<Asking, DbErr> {
    let standing = standing_with(app, account, &piece.author).await?;
    let mut asking = asking_of(account, &piece.author, &standing);
    for other in &piece.co_authors {
        let theirs = standing_with(app, account, other).await?;
        asking.patron |= theirs.is_patron() || account.id == other.account_id;
    }
    Ok(asking)
}

fn asking_of(account: &account::Model, author: &author::Model, standing: &Standing) -> Asking {
    Asking {
        signed_in: true,
        patron: standing.is_patron(),
        own: account.id == author.account_id || account.role == Role::Owner,
    }
}

async fn standing_with(
    app: &App,
    account: &account::Model,
    author: &author::Model,
) -> Result<Standing, DbErr> {
    if account.id == author.account_id {
        return Ok(Standing::NONE);
    }
    let grace = app.config.membership.grace_days;
    standing(&app.db, account.id, author.id, app.clock.now(), grace).await
}

/// The support call's word for a standing.
fn relation(standing: &Standing) -> Relation {
    let Standing {
        since,
        until,
        membership_id: membership,
        ..
    } = *standing;
    match standing.support {
        Support::Patron => Relation::Patron { since },
        Support::Leaving => Relation::Leaving { membership, until },
        Support::Grace if standing.paying_since.is_some() => Relation::Pending,
        Support::Grace => Relation::PaymentFailing { membership, until },
        Support::Tipped => Relation::Giver { until },
        Support::Granted => match standing.origin {
            Some(grant::Origin::Given) => Relation::Given { until },
            _ => Relation::Gifted { until },
        },
        Support::Pending => Relation::Pending,
        Support::Lapsed => Relation::PaymentFailing {
            membership,
            until: None,
        },
        Support::Paused => Relation::Paused { membership },
        Support::Former => Relation::Former,
        Support::Helped => Relation::Helped,
        Support::None => Relation::Reader,
    }
}
