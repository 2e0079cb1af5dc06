//! Who paid: the account of a checkout, made from the paid session for a stranger.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use super::{
    Ending,
    letters::{self, Story},
};
use crate::{
    app::App,
    entities::{
        Role, account, author,
        checkout::{self, Kind, State},
        errand, grant,
    },
    membership::errands,
    payments::CheckoutSession,
    tidying,
};

/// The payer of a checkout, with its row marked completed and tied to her. `None` while a stranger's
/// session is not complete, since there is nobody yet.
///
/// # Errors
/// If the database fails.
pub(super) async fn of_checkout(
    app: &App,
    tx: &DatabaseTransaction,
    id: Uuid,
    session: Option<&CheckoutSession>,
    customer: Option<&str>,
) -> Result<Option<(account::Model, checkout::Model)>, DbErr> {
    let locked = checkout::Entity::find_by_id(id).lock_exclusive();
    let Some(row) = locked.one(tx).await? else {
        return Ok(None);
    };
    let account = match (row.account_id, session) {
        (Some(id), _) => {
            account::Entity::find_by_id(id)
                .lock_exclusive()
                .one(tx)
                .await?
        }
        (None, Some(session)) if session.status.as_deref() == Some("complete") => {
            Some(unclaimed(app, tx, &row, session).await?)
        }
        (None, _) => None,
    };
    let Some(account) = account else {
        return Ok(None);
    };
    let account = with_customer(tx, account, customer).await?;
    if row.state == State::Completed && row.account_id.is_some() {
        return Ok(Some((account, row)));
    }
    let mut done: checkout::ActiveModel = row.into();
    done.account_id = Set(Some(account.id));
    done.state = Set(State::Completed);
    done.completed_at = Set(Some(app.clock.now()));
    if let Some(customer) = customer {
        done.stripe_customer_id = Set(Some(customer.to_owned()));
    }
    let row = done.update(tx).await?;
    expire_others(app, tx, &row).await?;
    Ok(Some((account, row)))
}

/// Who has become a patron, or has paid for a change, shall not pay for it again in another window.
async fn expire_others(
    app: &App,
    tx: &DatabaseTransaction,
    done: &checkout::Model,
) -> Result<(), DbErr> {
    let same = match done.kind {
        Kind::Subscription => checkout::Column::AuthorId.eq(done.author_id),
        Kind::Change => checkout::Column::MembershipId.eq(done.membership_id),
        Kind::Tip | Kind::Gift => return Ok(()),
    };
    let open = checkout::Entity::find()
        .filter(checkout::Column::AccountId.eq(done.account_id))
        .filter(checkout::Column::Kind.eq(done.kind))
        .filter(same)
        .filter(checkout::Column::State.eq(State::Open))
        .all(tx)
        .await?;
    for session in open.into_iter().filter_map(|row| row.stripe_session_id) {
        let key = format!("expire:{session}");
        let now = app.clock.now();
        errands::enqueue(tx, now, errand::Kind::ExpireSession, key, &session).await?;
    }
    Ok(())
}

/// An account for a stranger who paid. What she typed at Stripe is where mail goes, and proves nothing:
/// she claims the account by a link mailed there.
async fn unclaimed(
    app: &App,
    tx: &DatabaseTransaction,
    row: &checkout::Model,
    session: &CheckoutSession,
) -> Result<account::Model, DbErr> {
    let account: account::ActiveModel = typed(app, row, session, Uuid::now_v7()).into();
    account.reset_all().insert(tx).await
}

/// Somebody known by what she typed at Stripe.
fn typed(app: &App, row: &checkout::Model, session: &CheckoutSession, id: Uuid) -> account::Model {
    let email = session.payer_email().map(crate::mail::address::normalised);
    let name = tidying::line(session.payer_name().unwrap_or_default());
    let local = email.as_deref().and_then(|email| email.split('@').next());
    account::Model {
        id,
        email: None,
        name: match name.is_empty() {
            true => local.unwrap_or_default().to_owned(),
            false => name,
        },
        contact_email: email,
        billing_email: None,
        role: Role::Reader,
        language: row.language.clone(),
        password_hash: None,
        stripe_customer_id: None,
        created_at: app.clock.now(),
        deleted_at: None,
    }
}

/// An account keeps the first customer it had.
async fn with_customer(
    tx: &DatabaseTransaction,
    account: account::Model,
    customer: Option<&str>,
) -> Result<account::Model, DbErr> {
    match customer {
        Some(customer) if account.stripe_customer_id.is_none() => {
            let known = account::Entity::find()
                .filter(account::Column::StripeCustomerId.eq(customer))
                .one(tx)
                .await?;
            if known.is_some() {
                // Somebody else's: which of the two it is, a person has to see.
                return Ok(account);
            }
            let mut row: account::ActiveModel = account.into();
            row.stripe_customer_id = Set(Some(customer.to_owned()));
            row.update(tx).await
        }
        _ => Ok(account),
    }
}

/// A session that came to nothing, or not yet to anything.
pub(super) struct Closed {
    pub session: CheckoutSession,
    pub checkout_id: Uuid,
    pub state: State,
}

/// Notes what became of a checkout that was not paid, and tells the payer where a payment that was on
/// its way has failed. A completed one stays completed, a failed one stays failed until it is paid.
///
/// # Errors
/// If the database fails or the letter cannot be written.
pub(super) async fn close(
    app: &App,
    tx: &DatabaseTransaction,
    closed: &Closed,
) -> anyhow::Result<Ending> {
    let over = match closed.state {
        State::Open | State::Pending => vec![State::Completed, State::Failed, State::Expired],
        _ => vec![State::Completed],
    };
    checkout::Entity::update_many()
        .col_expr(checkout::Column::State, closed.state.into())
        .filter(checkout::Column::Id.eq(closed.checkout_id))
        .filter(checkout::Column::State.is_not_in(over))
        .exec(tx)
        .await?;
    if closed.state == State::Expired {
        // Nobody pays for it any more: what was written for somebody does not stay.
        grant::Entity::delete_many()
            .filter(grant::Column::CheckoutId.eq(closed.checkout_id))
            .filter(grant::Column::ReadyAt.is_null())
            .exec(tx)
            .await?;
    }
    if matches!(closed.state, State::Failed | State::Pending) {
        let row = checkout::Entity::find_by_id(closed.checkout_id);
        let row = row.one(tx).await?;
        match row.filter(|row| row.state == closed.state) {
            Some(row) if row.state == State::Failed => {
                tell_of_failure(app, tx, &row, &closed.session).await?;
            }
            Some(row) => expire_others(app, tx, &row).await?,
            None => {}
        }
    }
    Ok(Ending::Done)
}

/// PF, to whoever was in the Checkout: an account, or the address typed there.
pub(super) async fn tell_of_failure(
    app: &App,
    tx: &DatabaseTransaction,
    row: &checkout::Model,
    session: &CheckoutSession,
) -> anyhow::Result<()> {
    let known = match row.account_id {
        Some(id) => account::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    let account = known.unwrap_or_else(|| typed(app, row, session, Uuid::nil()));
    let author = author::Entity::find_by_id(row.author_id).one(tx).await?;
    let Some(author) = author else { return Ok(()) };
    let story = Story {
        app,
        account: &account,
        author: &author,
        tier: None,
    };
    letters::checkout_failed(tx, &story, row).await
}
