//! The background loop: sync Stripe's events, run errands there, fan out notices, deliver mail.

use std::{future::Future, time::Duration};

use tokio::sync::{Notify, watch};

use crate::{app::App, comments, membership, notices};

/// How long the worker rests when nothing rings for it.
const REST: Duration = Duration::from_secs(2);

/// What one round has done, by count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Round {
    pub events: usize,
    pub errands: usize,
    /// Readers reckoned on the roll.
    pub roll: usize,
    /// Gifts sent, begun and ended.
    pub gifts: usize,
    pub notices: usize,
    /// Comments of which somebody was told.
    pub told: usize,
    /// Letters of the morning.
    pub news: usize,
    pub mails: usize,
}

impl Round {
    /// Whether there was nothing to do.
    pub fn is_idle(self) -> bool {
        self == Self::default()
    }
}

/// Works until `stop` resolves; what has begun is finished first. Each kind of work has its own pace: a
/// slow relay must not keep a payment from being seen.
pub async fn run(app: App, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let bells = [(); 9].map(|()| Notify::new());
    let [
        events,
        errands,
        roll,
        news,
        reconcile,
        gifts,
        notices,
        told,
        mails,
    ] = &bells;
    let kept = membership::roll::Kept::default();
    let end = async {
        stop.await;
        app.delivery.close();
        stopping.send_replace(true);
    };
    tokio::join!(
        end,
        ring(&app.work, &bells, stopped.clone()),
        repeat("events", events, stopped.clone(), || async {
            app.limits.sweep();
            let count = membership::sync::work(&app).await?;
            if count > 0 {
                // Their receipts.
                app.work.notify_one();
            }
            Ok(count)
        }),
        repeat("errands", errands, stopped.clone(), || {
            membership::errands::work(&app)
        }),
        repeat("roll", roll, stopped.clone(), || {
            membership::roll::work(&app, &kept)
        }),
        repeat("news", news, stopped.clone(), || async {
            app.forgetting.work(&app.db, app.clock.now()).await?;
            membership::author_news::work(&app).await
        }),
        until(
            stopped.clone(),
            repeat("reconcile", reconcile, stopped.clone(), || {
                membership::reconcile::work(&app)
            })
        ),
        until(stopped.clone(), app.delivery.greet(&app.db, &app.clock)),
        repeat("gifts", gifts, stopped.clone(), || membership::gifts::work(
            &app
        )),
        repeat("notices", notices, stopped.clone(), || announced(&app)),
        repeat("comments", told, stopped.clone(), || comments::tell(&app)),
        repeat("mails", mails, stopped.clone(), || delivered(&app)),
    );
}

/// Work that may be broken off anywhere, because it goes on where it was.
async fn until(mut stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = work => {}
    }
}

/// Passes on to every kind of work that there is some.
async fn ring(work: &Notify, bells: &[Notify], mut stopped: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = work.notified() => bells.iter().for_each(Notify::notify_one),
        }
    }
}

/// One kind of work, again and again: at once while there is more, else when the bell rings.
async fn repeat<Work>(
    kind: &'static str,
    bell: &Notify,
    mut stopped: watch::Receiver<bool>,
    work: impl Fn() -> Work,
) where
    Work: Future<Output = anyhow::Result<usize>>,
{
    loop {
        let is_idle = match work().await {
            Ok(count) => count == 0,
            Err(error) => {
                tracing::error!(kind, error = format!("{error:#}"), "a round of work failed");
                true
            }
        };
        if *stopped.borrow() {
            return;
        }
        if is_idle {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = bell.notified() => {}
                () = tokio::time::sleep(REST) => {}
            }
        }
    }
}

/// Notices, and the letters of the day and the week.
async fn announced(app: &App) -> anyhow::Result<usize> {
    Ok(notices::fan_out(app).await? + notices::digests(app).await?)
}

async fn delivered(app: &App) -> anyhow::Result<usize> {
    let voices = |rows| notices::voices(app, rows);
    app.delivery.deliver_due(&app.db, &app.clock, voices).await
}

/// One round of everything that is due.
///
/// # Errors
/// If the database is away; single failures are kept with their rows and tried again.
pub async fn round(app: &App) -> anyhow::Result<Round> {
    app.limits.sweep();
    app.forgetting.work(&app.db, app.clock.now()).await?;
    Ok(Round {
        events: membership::sync::work(app).await?,
        errands: membership::errands::work(app).await?,
        roll: membership::roll::work(app, &membership::roll::Kept::default()).await?,
        gifts: membership::gifts::work(app).await?,
        notices: announced(app).await?,
        told: comments::tell(app).await?,
        news: membership::author_news::work(app).await?,
        mails: delivered(app).await?,
    })
}
