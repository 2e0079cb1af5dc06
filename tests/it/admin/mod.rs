//! The owner's view: Stripe's events, mail that could not go, the banner, memberships to look at.

mod audit;
mod banner;
mod colours;
mod events;
mod house;
mod invited;
mod logo;
mod mail;
mod memberships;

use plaudit::entities::stripe_event::{self, State};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};

use crate::support::TestApp;

/// An event in `state`, received now.
async fn event(app: &TestApp, id: &str, state: State) -> stripe_event::Model {
    let now = app.app.clock.now();
    let is_stuck = matches!(state, State::Parked | State::Failed);
    let row = stripe_event::Model {
        id: id.to_owned(),
        kind: "invoice.paid".to_owned(),
        object_kind: Some("invoice".to_owned()),
        object_id: Some(format!("in_{id}")),
        livemode: false,
        api_version: None,
        account: None,
        created_at: now,
        body: format!(r#"{{"id":"{id}","type":"invoice.paid","name":"<b>Ann</b>"}}"#),
        state,
        attempts: 0,
        run_at: now,
        locked_until: None,
        error: is_stuck.then(|| "unknown word".to_owned()),
        received_at: now,
        done_at: None,
    };
    let row = row.into_active_model().reset_all();
    row.insert(&app.app.db).await.expect("an event")
}

async fn state(app: &TestApp, id: &str) -> State {
    let row = stripe_event::Entity::find_by_id(id).one(&app.app.db).await;
    row.expect("database").expect("an event").state
}
