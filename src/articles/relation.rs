//! How whoever reads stands to the author, from who is signed in and what they support.

use sea_orm::DbErr;

use super::audience::Asking;
use crate::{
    accounts::Visitor,
    app::App,
    authors::Relation,
    entities::{Role, author},
    membership::{Standing, Support, standing},
};

/// What an article's page knows about its reader.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub asking: Asking,
    pub relation: Relation,
}

/// Asks the database at most once or twice, and not at all for a stranger.
pub(super) async fn reading(
    app: &App,
    visitor: &Visitor,
    author: &author::Model,
) -> Result<Reading, DbErr> {
    let Some(account) = &visitor.account else {
        return Ok(Reading {
            asking: Asking::default(),
            relation: Relation::Stranger,
        });
    };
    let is_author = account.id == author.account_id;
    let standing = if is_author {
        Standing::NONE
    } else {
        let grace = app.config.membership.grace_days;
        standing(&app.db, account.id, author.id, app.clock.now(), grace).await?
    };
    Ok(Reading {
        asking: Asking {
            signed_in: true,
            patron: standing.is_patron(),
            own: is_author || account.role == Role::Owner,
        },
        relation: if is_author {
            Relation::Own
        } else {
            relation(&standing)
        },
    })
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
        Support::Grace => Relation::PaymentFailing { membership, until },
        Support::Tipped => Relation::Giver { until },
        Support::Pending => Relation::Pending,
        Support::Lapsed => Relation::PaymentFailing {
            membership,
            until: None,
        },
        Support::Paused => Relation::Paused { membership },
        Support::Former => Relation::Former,
        Support::None => Relation::Reader,
    }
}
