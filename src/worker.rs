//! The background loop: sync Stripe's events, fan out notices, deliver mail.

use std::{future::Future, time::Duration};

use crate::{app::App, membership, notices};

/// How long the worker rests when nothing rings for it.
const REST: Duration = Duration::from_secs(2);

/// What one round has done, by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub events: usize,
    pub notices: usize,
    pub mails: usize,
}

impl Round {
    /// Whether there was nothing to do.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

/// Works until `stop` resolves; a round that has begun is finished first.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let idle = match round(&app).await {
            Ok(round) => round.is_idle(),
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "a round of work failed");
                true
            }
        };
        let rest = async {
            if idle {
                tokio::select! {
                    () = app.work.notified() => {}
                    () = tokio::time::sleep(REST) => {}
                }
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = rest => {}
        }
    }
}

/// One round of everything that is due.
///
/// # Errors
/// If the database is away; single failures are kept with their rows and tried again.
pub async fn round(app: &App) -> anyhow::Result<Round> {
    app.limits.sweep();
    Ok(Round {
        events: membership::sync::work(app).await?,
        notices: notices::fan_out(app).await?,
        mails: app.delivery.deliver_due(&app.db, app.clock.now()).await?,
    })
}
