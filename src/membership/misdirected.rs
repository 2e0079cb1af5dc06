//! Events that came to the wrong door, of the other mode or of an account nobody here has linked: kept,
//! ignored, and told to the owners where somebody's money may be waiting elsewhere.

use sea_orm::{
    ActiveModelTrait as _, DbErr, EntityTrait, IntoActiveModel as _, sea_query::OnConflict,
};

use super::owners::{self, Alert};
use crate::{
    app::App,
    db,
    entities::{
        payout_account,
        stripe_event::{self, Column},
    },
    payments::Event,
};

/// What is wrong with an event's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misdirected {
    /// Real money at a test service.
    Live,
    /// A test at a live service: Stripe's own tools send such.
    Test,
    /// Of a connected account.
    Account,
}

impl Misdirected {
    /// `None` where an event is meant for this service: of our own account, or of one an author has linked.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn of(app: &App, event: &Event) -> Result<Option<Self>, DbErr> {
        Ok(match (event.livemode, app.config.stripe.livemode()) {
            (true, false) => Some(Self::Live),
            (false, true) => Some(Self::Test),
            _ => match &event.account {
                Some(account) => {
                    let known = payout_account::Entity::of_account(account);
                    let known = known.one(&app.db).await?;
                    known.is_none().then_some(Self::Account)
                }
                None => None,
            },
        })
    }

    /// What stands with the event.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Live => "of live mode, but this service is in test mode",
            Self::Test => "of test mode, but this service is in live mode",
            Self::Account => "of an account that nobody here has linked",
        }
    }

    /// The words for the owners, what they name, and what they are told of once: each linked account,
    /// and each kind of object of the other mode once a day.
    fn alert(self, row: &stripe_event::Model) -> Option<(&'static str, &str, String)> {
        match self {
            Self::Live => {
                let name = row.object_id.as_deref().unwrap_or(&row.id);
                let kind = row.object_kind.as_deref().unwrap_or(&row.kind);
                let key = format!("{kind}:{}", row.received_at.date_naive());
                Some(("livemode", name, key))
            }
            Self::Account => {
                let name = row.account.as_deref().unwrap_or(&row.id);
                Some(("account", name, name.to_owned()))
            }
            Self::Test => None,
        }
    }
}

/// Stores such an event durably and, if it is new, tells the owners.
///
/// # Errors
/// If the database is away; then Stripe will send it again.
pub(super) async fn store(
    app: &App,
    row: stripe_event::Model,
    what: Misdirected,
) -> anyhow::Result<()> {
    let tx = db::begin(&app.db).await?;
    let seen = OnConflict::column(Column::Id).do_nothing().to_owned();
    let stored = stripe_event::Entity::insert(row.clone().into_active_model().reset_all())
        .on_conflict(seen)
        .exec_without_returning(&tx)
        .await?;
    if let Some((kind, name, once)) = what.alert(&row).filter(|_| stored > 0) {
        let alert = Alert {
            key: &format!("{kind}:{once}"),
            kind,
            name,
            author: None,
            detail: &format!("{} ({}): {}", row.id, row.kind, what.reason()),
        };
        owners::tell(app, &tx, alert).await?;
    }
    tx.commit().await?;
    app.work.notify_one();
    Ok(())
}
