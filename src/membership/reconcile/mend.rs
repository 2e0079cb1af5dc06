//! Mending: the same sync that events end in, for each thing that differs. What only a person can decide
//! is left, and said.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait, IntoActiveModel as _, QueryFilter,
    QueryOrder as _, QuerySelect as _,
};
use uuid::Uuid;

use super::{Step, right, subscriptions, words};
use crate::{
    app::App,
    entities::{
        audit_entry,
        difference::{self, Class},
        reconciliation,
    },
    membership::{
        inbox::Ending,
        payouts,
        sync::{self, Subject},
        webhook,
    },
    payments::Pace,
};

/// How many differences one step takes on.
const BATCH: u64 = 50;

/// What a mend does by itself, in the order in which it is done.
const MENDED: [Class; 5] = [
    Class::StateDiffers,
    Class::MissingHere,
    Class::LedgerDiffers,
    Class::PaymentWithoutReceipt,
    Class::UndeliveredEvent,
];

/// What only a person can decide, and the catalogue key of the sentence that says what to do; `None` for what is
/// mended by itself. `was_tried`: mending has left some of it.
pub fn to_do(class: Class, was_tried: bool) -> Option<&'static str> {
    match class {
        Class::LedgerDiffers if was_tried => Some("admin-do-ledger-differs"),
        Class::MissingThere => Some("admin-do-missing-there"),
        Class::TwoInForce => Some("admin-do-two-in-force"),
        Class::UnknownPrice => Some("admin-do-unknown-price"),
        Class::OrphanCustomer => Some("admin-do-orphan-customer"),
        _ => None,
    }
}

/// Mends the next few differences.
pub(super) async fn all(
    app: &App,
    pace: &Pace,
    run: &reconciliation::Model,
) -> anyhow::Result<Step> {
    for class in MENDED {
        let open = difference::Entity::of(run.id)
            .filter(difference::Column::Class.eq(class))
            .filter(difference::Column::MendedAt.is_null())
            .filter(difference::Column::Error.is_null())
            .order_by_asc(difference::Column::Id)
            .limit(BATCH)
            .all(&app.db)
            .await?;
        let Some(last) = open.last().map(|row| row.subject.clone()) else {
            continue;
        };
        for row in open {
            pace.turn().await;
            let result = mended(app, pace, &row).await;
            settle(app, run.begun_by, row, result).await?;
        }
        return Ok(Step {
            compared: 0,
            cursor: Some(last),
        });
    }
    Ok(Step::whole(0))
}

async fn mended(app: &App, pace: &Pace, row: &difference::Model) -> anyhow::Result<Ending> {
    let id = row.subject.clone();
    if let Ok(payment) = id.parse::<Uuid>() {
        if row.class == Class::PaymentWithoutReceipt {
            sync::receipt_again(app, payment).await?;
            return Ok(Ending::Done);
        }
        return right::payment(app, pace, payment).await;
    }
    if row.class == Class::UndeliveredEvent {
        return webhook::fetch(app, &id).await;
    }
    let subject = match id.split('_').next() {
        Some("sub") => return subscription(app, pace, &id).await,
        Some("acct") => Subject::Account(id),
        Some("in") => Subject::Invoice(id),
        Some("re" | "pyr") => match app.payments.refund(&id).await?.charge {
            Some(charge) => Subject::Charge(charge.id().to_owned()),
            None => return Ok(Ending::Parked("a refund of no charge".to_owned())),
        },
        _ => Subject::Charge(id),
    };
    sync::now(app, &subject).await
}

/// How often a membership is looked at before it is left as it is: what is over can only come back by a second look.
const LOOKS: usize = 2;

/// Syncs a membership, and sees whether it is then as it should be.
async fn subscription(app: &App, pace: &Pace, id: &str) -> anyhow::Result<Ending> {
    payouts::again(app, id).await?;
    let mut left = None;
    for _ in 0..LOOKS {
        let ending = sync::now(app, &Subject::Subscription(id.to_owned())).await?;
        if ending != Ending::Done {
            return Ok(ending);
        }
        left = subscriptions::still(app, pace, id).await?;
        if left.is_none() {
            return Ok(Ending::Done);
        }
    }
    Ok(left.map_or(Ending::Done, |left| {
        let side = |kept: &str| words::side(app, "en", kept);
        let (ours, theirs) = (side(&left.ours), side(&left.theirs));
        Ending::Parked(format!("still {ours} instead of {theirs}"))
    }))
}

async fn settle(
    app: &App,
    by: Option<Uuid>,
    row: difference::Model,
    result: anyhow::Result<Ending>,
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let why = match result {
        Ok(Ending::Done) => None,
        Ok(Ending::Ignored(why)) => Some(why.to_owned()),
        Ok(Ending::Parked(why) | Ending::Later(why)) => Some(why),
        Ok(Ending::Again) => Some("it changes all the time".to_owned()),
        Err(error) => Some(format!("{error:#}")),
    };
    if why.is_none() {
        let detail = serde_json::json!({
            "class": row.class, "ours": row.ours, "theirs": row.theirs,
        });
        audit_entry::Entity::note(&app.db, now, by, "reconcile", &row.subject, &detail).await?;
    }
    let mut row = row.into_active_model();
    row.mended_at = Set(why.is_none().then_some(now));
    row.error = Set(why);
    row.update(&app.db).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use sea_orm::Iterable as _;

    use super::*;

    #[test]
    fn what_is_not_mended_is_for_a_person_who_is_told_what_to_do() {
        for class in Class::iter() {
            assert_eq!(
                to_do(class, false).is_none(),
                MENDED.contains(&class),
                "{class:?}"
            );
        }
    }
}
