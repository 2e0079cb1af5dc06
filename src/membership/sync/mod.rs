//! Every event ends here: fetch the object fresh from Stripe, then bring our rows to the same state in
//! one transaction. Applying the same state again changes nothing and sends nothing.

mod again;
mod apply;
mod asked;
mod changes;
mod charge;
mod concerned;
mod customer;
mod disputed;
mod forgotten;
mod gather;
mod gifts;
mod given_back;
mod invoices;
mod late;
mod letters;
mod money;
mod next;
mod paid_by;
mod payer;
mod payouts;
mod place;
mod receipts;
mod sessions;
mod state;
mod telling;
mod tips;
mod told;

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};
use sea_orm::{DatabaseTransaction, EntityTrait as _};

use super::{
    inbox::{self, Ending},
    owners::{self, Alert},
    roll,
};
use crate::{
    app::App,
    db,
    entities::{checkout, stripe_event},
    payments::Hint,
};
pub(super) use again::{enter_again, receipt_again};
use asked::Asked;
pub(super) use asked::Subject;
pub(super) use disputed::dispute_row;
pub(super) use forgotten::end_duplicate;
use gather::Gathered;
pub(super) use given_back::refund_row;
pub(super) use invoices::{owed_since, paying_since};
pub(super) use money::{Condition, condition, given_back_among};
pub(super) use next::{Basis, next};
pub(super) use state::{gives_nothing, is_failing, state_of};
pub use tips::TERM_DAYS as TIP_TERM_DAYS;
pub(super) use told::{Once, by_charge, by_invoice, by_session};

/// How many events one round takes on.
const BATCH: u64 = 128;
/// How many objects are fetched from Stripe at once.
const FETCHES: usize = 16;
/// How many subjects one transaction brings up to date: on SQLite nobody else writes meanwhile.
const TOGETHER: usize = 16;
/// How often a single sync is begun anew when another one was quicker.
const ATTEMPTS: usize = 5;

/// Events that share one look at Stripe.
#[derive(Default)]
struct Group {
    asked: Asked,
    events: Vec<stripe_event::Model>,
}

/// Deals with a batch of waiting events. Returns how many.
///
/// # Errors
/// If the database is away; the events stay and are leased again later.
pub async fn work(app: &App) -> anyhow::Result<usize> {
    let events = inbox::claim(app, BATCH).await?;
    let count = events.len();
    let mut groups: BTreeMap<Subject, Group> = BTreeMap::new();
    for event in events {
        let hint = Hint::of(&event.kind, &event.body);
        let Some(subject) = Subject::of(&event, &hint) else {
            let ending = Ending::Parked("no object".to_owned());
            inbox::settle(&app.db, app.clock.now(), &[&event], &ending).await?;
            continue;
        };
        let group = groups.entry(subject.shared(&hint)).or_default();
        group.asked.take(subject, &event, hint.claim);
        group.events.push(event);
    }
    let gathered: Vec<_> = stream::iter(groups)
        .map(|(subject, group)| async move {
            let fresh = gather::gather(app, &subject, &group.asked).await;
            (fresh, group.events)
        })
        .buffer_unordered(FETCHES)
        .collect()
        .await;
    for batch in gathered.chunks(TOGETHER) {
        if let Err(error) = apply_together(app, batch).await {
            let error = format!("{error:#}");
            tracing::warn!(error, "a batch of events failed; trying them one by one");
            apply_singly(app, batch).await?;
        }
    }
    Ok(count)
}

type Batch = [(Result<Gathered, Ending>, Vec<stripe_event::Model>)];

/// One transaction, and so one fsync, for several subjects.
async fn apply_together(app: &App, batch: &Batch) -> anyhow::Result<()> {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await?;
    let mut done = Vec::new();
    for (gathered, events) in batch {
        let ending = match gathered {
            Ok(gathered) => apply(app, &tx, gathered).await?,
            Err(ending) => ending.clone(),
        };
        match ending {
            Ending::Done => done.extend(events),
            ending => inbox::settle(&tx, now, &events.iter().collect::<Vec<_>>(), &ending).await?,
        }
    }
    if !done.is_empty() {
        inbox::settle(&tx, now, &done, &Ending::Done).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}

/// So that one event that cannot be applied holds up no other.
async fn apply_singly(app: &App, batch: &Batch) -> anyhow::Result<()> {
    for one in batch {
        if let Err(error) = apply_together(app, std::slice::from_ref(one)).await {
            let why = Ending::Later(format!("{error:#}"));
            let events: Vec<_> = one.1.iter().collect();
            inbox::settle(&app.db, app.clock.now(), &events, &why).await?;
        }
    }
    Ok(())
}

async fn apply(app: &App, tx: &DatabaseTransaction, gathered: &Gathered) -> anyhow::Result<Ending> {
    let ending = match gathered {
        Gathered::Subscription(fresh) => apply::subscription(app, tx, fresh).await,
        Gathered::Tip(fresh) => tips::tip(app, tx, fresh).await,
        Gathered::Closed(closed) => payer::close(app, tx, closed).await,
        Gathered::Money(fresh) => money::money(app, tx, fresh).await,
        Gathered::Customer(fresh) => customer::apply(tx, fresh).await,
        Gathered::Account(fresh) => payouts::apply(app, tx, fresh).await,
    }?;
    match &ending {
        Ending::Done => {
            if let Some((author, account)) = concerned::pair(tx, gathered).await? {
                roll::reckon(app, tx, author, &[account]).await?;
            }
        }
        Ending::Parked(why) => parked(app, tx, gathered, why).await?,
        Ending::Ignored(_) | Ending::Later(_) | Ending::Again => {}
    }
    Ok(ending)
}

/// Kept for a person to look at, and the owner told once an object; nothing changes.
async fn parked(
    app: &App,
    tx: &DatabaseTransaction,
    gathered: &Gathered,
    why: &str,
) -> anyhow::Result<()> {
    let name = gathered.name();
    let (reader, author) = concerned::names(tx, gathered).await?;
    let (reader, author) = (reader.as_deref(), author.as_deref());
    let kind = match reader.and(author) {
        Some(_) => "parked-support",
        None => "parked",
    };
    let known = author
        .map(|author| format!("{author} → "))
        .unwrap_or_default();
    let alert = Alert {
        key: &format!("parked:{name}"),
        kind,
        name: reader.unwrap_or(name),
        author,
        detail: &format!("{known}{name}: {why}"),
    };
    owners::tell(app, tx, alert).await
}

/// Brings one subscription, or what came of one session, to its state at Stripe right now: for the
/// thanks page, the reader's own presses and reconciling. Begins anew when another sync was quicker.
/// Returns how it ended.
///
/// # Errors
/// If Stripe or the database is away.
pub(super) async fn now(app: &App, subject: &Subject) -> anyhow::Result<Ending> {
    let mut ending = Ending::Again;
    for _ in 0..ATTEMPTS {
        ending = match gather::gather(app, subject, &Asked::nothing()).await {
            Ok(gathered) => {
                let tx = db::begin(&app.db).await?;
                let ending = apply(app, &tx, &gathered).await?;
                tx.commit().await?;
                app.work.notify_one();
                ending
            }
            Err(ending) => ending,
        };
        match ending {
            Ending::Again => continue,
            Ending::Later(error) => anyhow::bail!(error),
            Ending::Done | Ending::Ignored(_) | Ending::Parked(_) => break,
        }
    }
    Ok(ending)
}

/// What came of a checkout by now.
///
/// # Errors
/// If Stripe or the database is away.
pub async fn checkout(app: &App, row: &checkout::Model) -> anyhow::Result<checkout::Model> {
    if let Some(session) = &row.stripe_session_id {
        now(app, &Subject::Session(session.clone())).await?;
    }
    let fresh = checkout::Entity::find_by_id(row.id).one(&app.db).await?;
    Ok(fresh.unwrap_or_else(|| row.clone()))
}

/// Brings one subscription to its state at Stripe right now.
///
/// # Errors
/// If Stripe or the database is away.
pub async fn subscription(app: &App, id: &str) -> anyhow::Result<()> {
    now(app, &Subject::Subscription(id.to_owned())).await?;
    Ok(())
}
