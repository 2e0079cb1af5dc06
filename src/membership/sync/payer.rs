//! Who paid: the account of a checkout, made from the paid session for a stranger.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect as _,
};
use uuid::Uuid;

use crate::{
    app::App,
    entities::{
        Role, account,
        checkout::{self, State},
    },
    payments::CheckoutSession,
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
    Ok(Some((account, row)))
}

/// An account for a stranger who paid. What she typed at Stripe is where mail goes, and proves nothing:
/// she claims the account by a link mailed there.
async fn unclaimed(
    app: &App,
    tx: &DatabaseTransaction,
    row: &checkout::Model,
    session: &CheckoutSession,
) -> Result<account::Model, DbErr> {
    let email = session.payer_email().map(str::to_lowercase);
    let name = session.payer_name().unwrap_or_default().trim().to_owned();
    let local = email.as_deref().and_then(|email| email.split('@').next());
    account::ActiveModel {
        id: Set(Uuid::now_v7()),
        email: Set(None),
        name: Set(match name.is_empty() {
            true => local.unwrap_or_default().to_owned(),
            false => name,
        }),
        contact_email: Set(email),
        role: Set(Role::Reader),
        language: Set(row.language.clone()),
        password_hash: Set(None),
        stripe_customer_id: Set(None),
        created_at: Set(app.clock.now()),
        deleted_at: Set(None),
    }
    .insert(tx)
    .await
}

/// An account keeps the first customer it had.
async fn with_customer(
    tx: &DatabaseTransaction,
    account: account::Model,
    customer: Option<&str>,
) -> Result<account::Model, DbErr> {
    match customer {
        Some(customer) if account.stripe_customer_id.is_none() => {
            let mut row: account::ActiveModel = account.into();
            row.stripe_customer_id = Set(Some(customer.to_owned()));
            row.update(tx).await
        }
        _ => Ok(account),
    }
}

/// Notes what became of a checkout that was not paid. A completed one stays completed.
///
/// # Errors
/// If the database fails.
pub(super) async fn close(tx: &DatabaseTransaction, id: Uuid, state: State) -> Result<(), DbErr> {
    checkout::Entity::update_many()
        .col_expr(checkout::Column::State, state.into())
        .filter(checkout::Column::Id.eq(id))
        .filter(checkout::Column::State.ne(State::Completed))
        .exec(tx)
        .await
        .map(drop)
}
