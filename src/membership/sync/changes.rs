//! Changes of tier that were paid by themselves: booked once, then made at Stripe.

use sea_orm::{ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, QueryFilter as _};

use super::{
    Ending,
    gather::FreshTip,
    letters::{self, Story},
    receipts::{Booking, book},
};
use crate::{
    app::App,
    entities::{
        account, author, checkout, errand,
        membership::{self, State},
        price, tier,
    },
    membership::{changing, errands},
    money::Money,
};

/// Books the payment of a change, with its receipt, and has the change made.
pub(super) async fn paid(
    app: &App,
    tx: &DatabaseTransaction,
    fresh: &FreshTip,
    payer: &account::Model,
    checkout: &checkout::Model,
) -> anyhow::Result<Ending> {
    // Of what is booked already nobody has asked Stripe how it was paid.
    let Some(paid_by) = fresh.paid_by.clone() else {
        return Ok(Ending::Done);
    };
    let row = match checkout.membership_id {
        Some(id) => membership::Entity::find_by_id(id).one(tx).await?,
        None => None,
    };
    let sold = match checkout.price_id {
        Some(id) => {
            let price = price::Entity::find_by_id(id).find_also_related(tier::Entity);
            price.one(tx).await?
        }
        None => None,
    };
    let author = author::Entity::find_by_id(checkout.author_id)
        .one(tx)
        .await?;
    let (Some(row), Some((price, tier)), Some(author)) = (row, sold, author) else {
        return Ok(Ending::Parked("a change of nothing".to_owned()));
    };
    let is_over = matches!(
        row.state,
        State::Ended | State::Failed | State::Suspended | State::Lapsed
    );
    let is_made = row.price_id == price.id || is_being_made(tx, checkout).await?;
    let is_in_vain = is_over || is_made;
    let now = app.clock.now();
    let paid_at = paid_by.at.unwrap_or(now);
    let story = Story {
        app,
        account: payer,
        author: &author,
        tier: tier.as_ref(),
    };
    let booking = Booking {
        amount: Money::new(checkout.amount, &checkout.currency),
        membership_id: Some(row.id),
        tip_id: None,
        grant_id: None,
        price_id: Some(price.id),
        invoice_id: None,
        paid_by: Some(paid_by),
        tax: 0,
        hosted_invoice_url: None,
        invoice_pdf_url: None,
        payer_name: fresh.session.payer_name().map(str::to_owned),
        payer_vat_id: None,
        // What changes nothing pays for no time.
        period_start: (!is_in_vain).then_some(now),
        period_end: row.current_period_end.filter(|_| !is_in_vain),
        paid_at,
    };
    let Some(payment) = book(tx, &story, booking).await? else {
        return Ok(Ending::Done);
    };
    letters::receipt(tx, &story, &payment, Some(&row), false).await?;
    if is_in_vain {
        changing::in_vain(app, tx, checkout).await?;
        return Ok(Ending::Done);
    }
    let (kind, key) = (errand::Kind::MakeChange, changing::key(checkout.id));
    errands::enqueue(tx, now, kind, key, &checkout.id.to_string()).await?;
    Ok(Ending::Done)
}

/// Whether the same change was paid in another Checkout, and is about to be made for that.
async fn is_being_made(
    tx: &DatabaseTransaction,
    checkout: &checkout::Model,
) -> Result<bool, DbErr> {
    let others = checkout::Entity::find()
        .filter(checkout::Column::MembershipId.eq(checkout.membership_id))
        .filter(checkout::Column::PriceId.eq(checkout.price_id))
        .filter(checkout::Column::State.eq(checkout::State::Completed))
        .filter(checkout::Column::Id.ne(checkout.id))
        .all(tx)
        .await?;
    let keys = others.iter().map(|other| changing::key(other.id));
    let waiting = errand::Entity::find()
        .filter(errand::Column::Key.is_in(keys))
        .filter(errand::Column::State.eq(errand::State::Waiting));
    Ok(waiting.one(tx).await?.is_some())
}
