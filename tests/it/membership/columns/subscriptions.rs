//! The columns of a membership.

use plaudit::{
    entities::{
        MembershipState as State, checkout,
        membership::{self, Column, Stopped},
        price, tier,
    },
    sandbox::stripe::{Card, WhenUnpaid},
};
use sea_orm::{ColumnTrait, EntityTrait, Iterable, QueryFilter, Value};

use super::{Others, Ours, Stripes, Whose, before, wrong};
use crate::membership::{World, month};

/// What else there is to mistake a membership's things for.
struct Elsewhere {
    others: Others,
    tier: tier::Model,
    price: price::Model,
    checkout: checkout::Model,
}

impl World {
    async fn elsewhere(&self) -> Elsewhere {
        let db = &self.app.app.db;
        let others = self.others().await;
        self.begin_tip(&self.browser, "450").await;
        let checkout = checkout::Entity::find().filter(checkout::Column::Amount.eq(450));
        let tier = tier::Entity::find().filter(tier::Column::Name.eq("Patron"));
        let price = price::Entity::find().filter(price::Column::Amount.eq(1500));
        Elsewhere {
            others,
            tier: tier.one(db).await.expect("rows").expect("a tier"),
            price: price.one(db).await.expect("rows").expect("a price"),
            checkout: checkout.one(db).await.expect("rows").expect("a checkout"),
        }
    }
}

fn none() -> Value {
    Value::String(None)
}

fn words(of: impl IntoIterator<Item = &'static str>) -> Whose {
    Stripes(of.into_iter().map(Value::from).collect())
}

/// Every state but one.
fn but(state: State) -> Whose {
    let others = State::iter().filter(|other| *other != state);
    Stripes(others.map(Value::from).collect())
}

fn of_one_that_runs(
    row: &membership::Model,
    there: &Elsewhere,
) -> impl Fn(Column) -> Whose + use<> {
    let now = row.current_period_start.expect("a period");
    let end = row.current_period_end.expect("a period");
    let started = row.started_at.expect("begun");
    let (bob, nora) = (there.others.bob.id, there.others.nora.id);
    let (tier, price, checkout) = (there.tier.id, there.price.id, there.checkout.id);
    move |column| match column {
        Column::Id => Ours("our own name for it"),
        Column::AccountId => wrong(bob),
        Column::AuthorId => wrong(nora),
        Column::TierId => wrong(tier),
        Column::PriceId => wrong(price),
        Column::CheckoutId => Stripes(vec![Value::Uuid(None), checkout.into()]),
        Column::ArticleId => Ours("which article moved her is asked here"),
        // Whether a first payment has failed is told by an event alone.
        Column::State => but(State::Active),
        Column::Amount => wrong(301_i64),
        Column::Currency => wrong("usd"),
        Column::Recurrence => wrong("year"),
        Column::StripeSubscriptionId => wrong("sub_gone"),
        Column::StripeCustomerId => wrong("cus_other"),
        Column::StripeStatus => words(["past_due", "canceled"]),
        Column::CurrentPeriodStart => wrong(before(now)),
        Column::CurrentPeriodEnd => Stripes(vec![before(end).into(), (end + month()).into()]),
        Column::CancelAt => wrong(end),
        Column::PastDueSince => wrong(now),
        Column::NextAttemptAt => wrong(end),
        Column::PayingSince => wrong(end),
        Column::PayingAmount => wrong(300_i64),
        Column::StartedAt => Stripes(vec![before(started).into(), Value::ChronoDateTimeUtc(None)]),
        Column::EndedAt => wrong(now),
        Column::CollectionPaused => wrong("void"),
        Column::PausedAt => wrong(now),
        Column::CancelReason => wrong("too_expensive"),
        Column::CancelWords => wrong("Too dear"),
        Column::StoppedWhy => wrong(Stopped::Ended),
        Column::NextPriceId => wrong(price),
        Column::NextAt => wrong(end),
        Column::UnconfirmedPriceId => wrong(price),
        Column::UnconfirmedUntil => wrong(end),
        Column::UntoldPriceId => wrong(price),
        Column::Discount => wrong(serde_json::json!({ "charged": 1 })),
        Column::IsCurrent => wrong(false),
        Column::Flag => words(["duplicate", "disputed", "collection_paused"]),
        Column::Generation => Ours("counts our own writes"),
        Column::CreatedAt => Ours("when we wrote it first"),
        Column::UpdatedAt => Ours("when we wrote it last"),
    }
}

#[tokio::test]
async fn a_membership_that_runs_is_put_back_column_by_column() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let there = world.elsewhere().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    assert_eq!(world.compare(true).await, "");
    let row = world.anns().await;
    let whose = of_one_that_runs(&row, &there);
    world.proves::<membership::Entity, _>(row, whose).await;
}

/// What a list of Stripe's shows of a discount is not enough to reckon with: each is looked up.
#[tokio::test]
async fn a_discount_that_is_wrong_gone_or_new_is_put_back() {
    let world = World::new().await;
    let coupon = [("percent_off", "25"), ("duration", "forever")];
    world.code("SPRING", &coupon, &[]).await;
    let subscription = world.pays_with("SPRING").await;
    let row = world.anns().await;
    let right = row.discount.clone().expect("a discount");
    assert_eq!(right.charged, 225);
    assert_eq!(world.compare(true).await, "");
    let mut other = right.clone();
    other.charged = 200;
    let mut dearer = right.clone();
    dearer.code = Some("WINTER".to_owned());
    world
        .proves::<membership::Entity, _>(row, |column| match column {
            Column::Discount => Stripes(vec![
                other.clone().into(),
                dearer.clone().into(),
                Value::Json(None),
            ]),
            _ => Ours("above"),
        })
        .await;
    // It is taken off at Stripe, and nobody has told us.
    world.app.stripe.edit(&subscription, |object| {
        object["discounts"] = serde_json::json!([]);
    });
    assert_eq!(world.compare(true).await, "state_differs 1/1");
    assert_eq!(world.anns().await.discount, None);
    assert_eq!(world.compare(true).await, "");
}

/// She is told the day on which her grace ends: it moves only where Stripe shows that it was reckoned from something
/// she does not owe.
#[tokio::test]
async fn since_when_she_owes_is_the_first_of_what_is_open() {
    let world = World::new().await;
    world.subscribe(Card::Good).await;
    world.all_arrive().await;
    world.app.stripe.when_unpaid(WhenUnpaid::LeavePastDue);
    let customer = world.anns().await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Declined);
    let mut told = Vec::new();
    for _ in 0..2 {
        world.app.stripe.advance(month());
        world.all_arrive().await;
        told.push(world.anns().await.past_due_since.expect("since"));
    }
    assert_eq!(told[0], told[1], "the first of two");
    assert_eq!(world.compare(true).await, "");
    let row = world.anns().await;
    world
        .proves::<membership::Entity, _>(row.clone(), |column| match column {
            Column::PastDueSince => Stripes(vec![
                before(told[0]).into(),
                (told[0] + month()).into(),
                Value::ChronoDateTimeUtc(None),
            ]),
            _ => Ours("above"),
        })
        .await;
    // The first is made void: what she owes is a month younger.
    let invoices = world.app.stripe.objects("invoice");
    let mut open = invoices.iter().filter(|one| one["status"] == "open");
    let first = open.next().expect("the first")["id"].clone();
    let second = open.next().expect("the second")["created"].as_i64();
    let path = format!("invoices/{}/void", first.as_str().expect("an id"));
    world.at_stripe(&path, &[]).await;
    let found = world.compare(true).await;
    assert!(found.contains("state_differs 1/1"), "{found}");
    let since = world.anns().await.past_due_since.expect("since");
    assert_eq!(Some(since.timestamp()), second);
    assert_eq!(world.compare(true).await, "");
}

/// Of one that will end, that owes, and that is over: the columns that say so.
#[tokio::test]
async fn a_membership_that_will_end_or_owes_or_is_over_is_put_back_column_by_column() {
    let world = World::new().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let id = world.anns().await.id;
    // It will end, for a reason.
    let path = format!("subscriptions/{subscription}");
    world
        .at_stripe(
            &path,
            &[
                ("cancel_at_period_end", "true"),
                ("cancellation_details[feedback]", "too_expensive"),
                ("cancellation_details[comment]", "Too dear"),
            ],
        )
        .await;
    world.all_arrive().await;
    let row = world.anns().await;
    assert_eq!(row.state, State::Cancelling);
    world
        .proves::<membership::Entity, _>(row, |column| match column {
            Column::State => but(State::Cancelling),
            Column::CancelAt => wrong(Value::ChronoDateTimeUtc(None)),
            Column::CancelReason => Stripes(vec![none(), "unused".into()]),
            Column::CancelWords => Stripes(vec![none(), "Nothing".into()]),
            _ => Ours("above"),
        })
        .await;
    let form = [
        ("cancel_at_period_end", "false"),
        ("cancellation_details[feedback]", ""),
        ("cancellation_details[comment]", ""),
    ];
    world.at_stripe(&path, &form).await;
    // A renewal fails.
    let customer = world.anns().await.stripe_customer_id;
    world.app.stripe.set_card(&customer, Card::Declined);
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let row = world.anns().await;
    assert_eq!((row.state, row.id), (State::Grace, id));
    let since = row.past_due_since.expect("since");
    world
        .proves::<membership::Entity, _>(row, |column| match column {
            Column::State => but(State::Grace),
            Column::PastDueSince => {
                let later = since + chrono::Duration::days(3);
                let none = Value::ChronoDateTimeUtc(None);
                Stripes(vec![none, later.into(), before(since).into()])
            }
            Column::NextAttemptAt => Stripes(vec![Value::ChronoDateTimeUtc(None), since.into()]),
            _ => Ours("above"),
        })
        .await;
    // It is over.
    world.app.stripe.cancel_now(&subscription);
    world.all_arrive().await;
    let row = world.anns().await;
    assert_eq!(row.state, State::Ended);
    let ended = row.ended_at.expect("ended");
    world
        .proves::<membership::Entity, _>(row, |column| match column {
            Column::State => but(State::Ended),
            Column::EndedAt => Stripes(vec![Value::ChronoDateTimeUtc(None), before(ended).into()]),
            Column::StoppedWhy => {
                let others = [Stopped::Refunded, Stopped::Disputed, Stopped::Unpaid];
                let others = others.into_iter().map(Value::from);
                Stripes(others.chain([none()]).collect())
            }
            Column::IsCurrent => wrong(true),
            _ => Ours("above"),
        })
        .await;
}
