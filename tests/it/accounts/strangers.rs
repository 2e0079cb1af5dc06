//! Somebody who has paid and is nobody's account yet: rows as a paid session leaves them.

use plaudit::entities::{
    MembershipState, Recurrence, Role, account, author, checkout, membership, payment, tip,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use uuid::Uuid;

use crate::support::TestApp;

/// A stranger who paid: an account that nobody has claimed, with a membership, its payment and a tip.
pub(super) async fn stranger(
    app: &TestApp,
    author: &author::Model,
    email: &str,
    number: i64,
) -> account::Model {
    let (db, now) = (&app.app.db, app.app.clock.now());
    let account = account::ActiveModel {
        id: Set(Uuid::now_v7()),
        email: Set(None),
        contact_email: Set(Some(email.to_owned())),
        billing_email: Set(None),
        name: Set(format!("Payer {number}")),
        role: Set(Role::Reader),
        language: Set("en".to_owned()),
        password_hash: Set(None),
        stripe_customer_id: Set(Some(format!("cus_{number}"))),
        created_at: Set(now),
        deleted_at: Set(None),
    };
    let account = account.insert(db).await.expect("account");
    let checkout = checkout::ActiveModel {
        message: Set(None),
        membership_id: Set(None),
        id: Set(Uuid::now_v7()),
        account_id: Set(Some(account.id)),
        author_id: Set(author.id),
        tier_id: Set(None),
        price_id: Set(None),
        article_id: Set(None),
        kind: Set(checkout::Kind::Subscription),
        amount: Set(500),
        currency: Set("eur".to_owned()),
        language: Set("en".to_owned()),
        state: Set(checkout::State::Completed),
        stripe_session_id: Set(None),
        stripe_customer_id: Set(account.stripe_customer_id.clone()),
        created_at: Set(now),
        completed_at: Set(Some(now)),
    };
    let checkout = checkout.insert(db).await.expect("checkout");
    membership(
        app,
        &account,
        author,
        &format!("sub_{number}"),
        MembershipState::Active,
    )
    .await;
    tip::ActiveModel {
        message: Set(None),
        id: Set(Uuid::now_v7()),
        account_id: Set(account.id),
        author_id: Set(author.id),
        checkout_id: Set(checkout.id),
        article_id: Set(None),
        amount: Set(300),
        currency: Set("eur".to_owned()),
        state: Set(tip::State::Paid),
        paid_at: Set(now),
        patron_until: Set(None),
    }
    .insert(db)
    .await
    .expect("tip");
    payment::ActiveModel {
        id: Set(Uuid::now_v7()),
        number: Set(number),
        account_id: Set(account.id),
        author_id: Set(author.id),
        membership_id: Set(None),
        tip_id: Set(None),
        grant_id: Set(None),
        price_id: Set(None),
        amount: Set(500),
        refunded: Set(0),
        currency: Set("eur".to_owned()),
        stripe_invoice_id: Set(Some(format!("in_{number}"))),
        stripe_payment_intent_id: Set(None),
        stripe_charge_id: Set(None),
        tax: Set(0),
        stripe_transfer_id: Set(None),
        transfer_reversed: Set(0),
        fee_refunded: Set(0),
        hosted_invoice_url: Set(None),
        invoice_pdf_url: Set(None),
        payer_name: Set(None),
        payer_vat_id: Set(None),
        method: Set(None),
        last4: Set(None),
        card_expires_at: Set(None),
        period_start: Set(None),
        period_end: Set(None),
        paid_at: Set(now),
    }
    .insert(db)
    .await
    .expect("payment");
    account
}

pub(super) async fn membership(
    app: &TestApp,
    account: &account::Model,
    author: &author::Model,
    subscription: &str,
    state: MembershipState,
) -> membership::Model {
    let now = app.app.clock.now();
    let row = membership::ActiveModel {
        id: Set(Uuid::now_v7()),
        account_id: Set(account.id),
        author_id: Set(author.id),
        tier_id: Set(Uuid::now_v7()),
        price_id: Set(Uuid::now_v7()),
        checkout_id: Set(None),
        article_id: Set(None),
        state: Set(state),
        amount: Set(500),
        currency: Set("eur".to_owned()),
        recurrence: Set(Recurrence::Month),
        stripe_subscription_id: Set(subscription.to_owned()),
        stripe_customer_id: Set("cus_1".to_owned()),
        stripe_status: Set("active".to_owned()),
        current_period_start: Set(None),
        current_period_end: Set(None),
        cancel_at: Set(None),
        past_due_since: Set(None),
        next_attempt_at: Set(None),
        started_at: Set(Some(now)),
        ended_at: Set(None),
        collection_paused: Set(None),
        paused_at: Set(None),
        cancel_reason: Set(None),
        cancel_words: Set(None),
        stopped_why: Set(None),
        next_price_id: Set(None),
        next_at: Set(None),
        unconfirmed_price_id: Set(None),
        unconfirmed_until: Set(None),
        paying_since: Set(None),
        paying_amount: Set(None),
        untold_price_id: Set(None),
        discount: Set(None),
        is_current: Set(true),
        flag: Set(None),
        generation: Set(7),
        created_at: Set(now),
        updated_at: Set(now),
    };
    row.insert(&app.app.db).await.expect("membership")
}
