//! The demo publication: The Harbour Review, half a year old.

mod acts;
mod cast;
mod opening;
mod story;

use anyhow::Context as _;
use chrono::Duration;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::stripe::Stripe;
use crate::{app::App, entities::account};
use acts::Stage;
pub use cast::{PASSWORD, PUBLICATION, shows, sign_ins};
use story::STORY;

/// How far the days before today are gone through at a time.
const STEP: Duration = Duration::days(1);

/// Lets the half year before now happen, unless somebody is here already. The service must answer by
/// now, because the simulated Stripe posts its events to it. No worker may run yet: `work` does what one
/// would, until nothing is due.
///
/// # Errors
/// If an act is refused or the database fails; what is there by then is of no use.
pub async fn populate(
    app: &App,
    stripe: &Stripe,
    work: impl AsyncFn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if account::Entity::find().count(&app.db).await? > 0 {
        return Ok(());
    }
    let Some((before, _)) = STORY.first() else {
        return Ok(());
    };
    app.clock.advance(-Duration::hours(before + 1));
    let mut file = None;
    stripe.configure(|settings| file = settings.file.take());
    opening::open(app).await?;
    for (hours, beat) in STORY {
        go_on(app, stripe, &work, -Duration::hours(*hours)).await?;
        let stage = Stage { app, stripe };
        let act = stage.perform(beat).await;
        act.with_context(|| format!("{hours} hours before now"))?;
        stripe.deliver().await;
        work().await?;
    }
    go_on(app, stripe, &work, Duration::zero()).await?;
    stripe.configure(|settings| settings.file = file);
    stripe.advance(Duration::zero());
    Ok(())
}

/// Lets time pass until the clock runs `ahead` of the system's.
async fn go_on(
    app: &App,
    stripe: &Stripe,
    work: &impl AsyncFn() -> anyhow::Result<()>,
    ahead: Duration,
) -> anyhow::Result<()> {
    loop {
        let left = ahead - Duration::seconds(app.clock.ahead_seconds());
        if left <= Duration::zero() {
            return Ok(());
        }
        stripe.advance(left.min(STEP));
        stripe.deliver().await;
        work().await?;
    }
}
