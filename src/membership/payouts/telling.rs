//! What is said when an author can be paid directly no more, and has not wished so: to the author, and to whoever
//! runs the publication. Once each time.

use sea_orm::{DatabaseTransaction, EntityTrait as _};
use serde_json::json;

use super::{super::owners, destination};
use crate::{
    app::App,
    entities::{account, author, payout_account},
    mail::Letter,
};

/// What has happened to a linked account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// It is connected no more.
    Loose,
    /// Stripe sends it nothing.
    Held,
}

impl What {
    /// How letters call it, and alerts.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Loose => ("loose", "payout-loose"),
            Self::Held => ("held", "payout-held"),
        }
    }
}

/// Tells of it, where the account was linked `before` and its money goes elsewhere now.
///
/// # Errors
/// If the database fails or a letter cannot be written.
pub(super) async fn tell(
    app: &App,
    tx: &DatabaseTransaction,
    before: &payout_account::Model,
    now: &payout_account::Model,
) -> anyhow::Result<()> {
    let (Some(what), Some(id)) = (what(before, now), &before.stripe_account_id) else {
        return Ok(());
    };
    let found = author::Entity::find_by_id(now.author_id)
        .find_also_related(account::Entity)
        .one(tx)
        .await?;
    let Some((author, Some(account))) = found else {
        return Ok(());
    };
    let ((word, alert), key) = (what.words(), format!("{id}:{}", now.version));
    let letter = Letter {
        key: format!("payout_stopped:{key}"),
        kind: "payout_stopped",
        to: &account,
        values: json!({
            "what": word,
            "reason": now.disabled_reason.as_deref().map(reason),
            "payouts_url": app.config.link("/studio/payouts"),
        }),
    };
    app.outbox.enqueue(tx, app.clock.now(), letter).await?;
    let alert = owners::Alert {
        key: &format!("payout:{key}"),
        kind: alert,
        name: &author.name,
        author: None,
        detail: id,
    };
    owners::tell(app, tx, alert).await
}

fn what(before: &payout_account::Model, now: &payout_account::Model) -> Option<What> {
    let came_loose = before.linked_at.is_some() && now.stripe_account_id.is_none();
    let is_held = destination(before).is_some() && destination(now).is_none();
    match (came_loose, is_held) {
        (true, _) => Some(What::Loose),
        (false, true) => Some(What::Held),
        (false, false) => None,
    }
}

/// Our word for why Stripe pays nothing.
/// Source: <https://docs.stripe.com/api/accounts/object#account_object-requirements-disabled_reason>
pub fn reason(stripe: &str) -> &'static str {
    match stripe {
        "requirements.past_due" | "action_required.requested_capabilities" => "past_due",
        "requirements.pending_verification" | "under_review" => "pending",
        rejected if rejected.starts_with("rejected.") => "rejected",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn account(id: Option<&str>, transfers: &str, is_linked: bool) -> payout_account::Model {
        payout_account::Model {
            author_id: Uuid::nil(),
            stripe_account_id: id.map(str::to_owned),
            former_account_id: None,
            generation: 0,
            charges_enabled: true,
            payouts_enabled: true,
            transfers: Some(transfers.to_owned()),
            details_submitted: true,
            due: String::new(),
            disabled_reason: None,
            linked_at: is_linked.then_some(DateTime::UNIX_EPOCH),
            version: 1,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn only_what_an_author_has_not_wished_is_told() {
        let id = Some("acct_1");
        let ready = account(id, "active", true);
        let held = account(id, "inactive", true);
        let gone = account(None, "", false);
        let unlinked = account(id, "active", false);
        for (before, now, expected) in [
            (&ready, &held, Some(What::Held)),
            (&ready, &gone, Some(What::Loose)),
            (&held, &gone, Some(What::Loose)),
            (&held, &held, None),
            (&held, &ready, None),
            (&ready, &ready, None),
            // Unlinked here before it came loose there.
            (&unlinked, &gone, None),
        ] {
            assert_eq!(what(before, now), expected, "{before:?} {now:?}");
        }
    }

    #[test]
    fn why_stripe_pays_nothing_is_said_in_our_words() {
        for (stripe, word) in [
            ("requirements.past_due", "past_due"),
            ("rejected.fraud", "rejected"),
            ("platform_paused", "other"),
        ] {
            assert_eq!(reason(stripe), word);
        }
    }
}
