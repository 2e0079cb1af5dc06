//! Who hears of a membership's change.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{DatabaseTransaction, EntityTrait};

use super::{
    gather::FreshSubscription,
    letters::{self, Story},
    payer,
    state::is_in_force,
};
use crate::entities::{
    Recurrence, checkout,
    membership::{self, State, Stopped},
};

/// How long before the end of a trial she is told, in hours; Stripe's own three days, and a little.
const TRIAL_NOTICE: Duration = Duration::hours(73);
/// How long before a yearly charge she is told.
const RENEWAL_NOTICE: Duration = Duration::days(7);

/// Writes what changed to whom it concerns, once each. `has_other`: another membership between the two
/// is in force.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    story: &Story<'_>,
    before: Option<&membership::Model>,
    row: &membership::Model,
    fresh: &FreshSubscription,
    has_other: bool,
) -> anyhow::Result<()> {
    let now = story.app.clock.now();
    let was = before.map(|row| row.state);
    match (row.state, row.cancel_at) {
        // Of one beside another nobody leaves; she reads it when it has ended.
        (State::Cancelling, Some(_)) if row.is_duplicate() => {}
        (State::Cancelling, Some(end)) => {
            letters::cancellation(tx, story, row, end).await?;
            letters::leaving_for_author(tx, story, row, end).await?;
        }
        // What was over before has been told then, though Stripe may say now that it runs.
        _ if has_lost(row) && !before.is_some_and(has_lost) => {
            letters::ended(tx, story, row, has_other).await?;
        }
        (State::Paused, _) => {
            let needs_card = row.stopped_why == Some(Stopped::NoCard);
            letters::paused(tx, story, row, needs_card).await?;
        }
        _ => {}
    }
    let runs = matches!(row.state, State::Active | State::Trial);
    if let (true, Some(before)) = (runs, before) {
        match was {
            Some(State::Cancelling) => letters::resumed(tx, story, row, before.cancel_at).await?,
            Some(State::Paused) => letters::resumed(tx, story, row, before.paused_at).await?,
            _ => {}
        }
    }
    if let Some(before) = before {
        // While it is not paid, what it costs now is not told.
        let is_paid = runs || row.state == State::Cancelling;
        if is_paid && before.told_price() != row.price_id {
            letters::tier_changed(tx, story, before.told_price(), row).await?;
        }
        let undone = before.cancel_at.filter(|_| was == Some(State::Cancelling));
        let stays = is_in_force(Some(row.state)) && row.cancel_at.is_none();
        if let (Some(end), true) = (undone, stays) {
            letters::stays_for_author(tx, story, row, end).await?;
        }
    }
    // What was said before this period began, and is heard only now, was about the last one's end.
    let is_of_now =
        |said: DateTime<Utc>| row.current_period_start.is_none_or(|start| said >= start);
    let is_near = |at: DateTime<Utc>, notice: Duration| at > now && at - now <= notice;
    if let (State::Trial, Some(end)) = (row.state, fresh.subscription.trial_end)
        && (fresh.trial_ends || is_near(end, TRIAL_NOTICE))
    {
        letters::trial_ends(tx, story, row, end).await?;
    }
    if let (State::Active, Recurrence::Year, Some(end)) =
        (row.state, row.recurrence, row.current_period_end)
        && (is_near(end, RENEWAL_NOTICE) || fresh.renews.is_some_and(is_of_now))
    {
        letters::renewal(tx, story, row, end).await?;
    }
    if let (State::Failed, true, Some(session)) = (row.state, fresh.has_failed, &fresh.session) {
        let checkout = match row.checkout_id {
            Some(id) => checkout::Entity::find_by_id(id).one(tx).await?,
            None => None,
        };
        if let Some(checkout) = checkout {
            payer::tell_of_failure(story.app, tx, &checkout, session).await?;
        }
    }
    Ok(())
}

/// Whether it was begun, and gives nothing any more.
fn has_lost(row: &membership::Model) -> bool {
    let is_over = matches!(row.state, State::Ended | State::Lapsed | State::Suspended);
    is_over && row.started_at.is_some()
}
