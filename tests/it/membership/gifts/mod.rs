//! Memberships bought for somebody else, and given by the house: paid once, claimed once, ended once.

mod bought;
mod given;
mod money;
mod told;
mod welcome;

use plaudit::{
    entities::{grant, outbox},
    membership::{Standing, standing},
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::world::World;
use crate::support::{Browser, Page};

impl World {
    /// The form for half a year of the first tier.
    fn gift<'a>(&self, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, String)> {
        let choice = format!("{}:6:1800", self.friend.id);
        let mut form = vec![("gift", choice), ("currency", "eur".to_owned())];
        for (name, value) in more {
            form.retain(|(known, _)| known != name);
            form.push((name, (*value).to_owned()));
        }
        form
    }

    async fn asks(&self, browser: &Browser, more: &[(&str, &str)]) -> Page {
        let path = format!("/authors/{}/support", self.matthew.slug);
        let form = self.gift(more);
        let form: Vec<(&str, &str)> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        browser.post(&path, &form).await
    }

    /// Somebody is on her way to buy it. Returns the session.
    pub async fn begin_gift(&self, browser: &Browser) -> String {
        let answer = self.asks(browser, &[]).await;
        let (_, session) = answer.location().rsplit_once('/').expect("a session");
        session.to_owned()
    }

    /// Somebody presses one of the gifts, wherever that leads.
    pub async fn begin_gift_page(&self, browser: &Browser) -> Page {
        self.asks(browser, &[]).await
    }

    /// Somebody buys it. Returns the session.
    pub async fn buys(&self, browser: &Browser, more: &[(&str, &str)]) -> String {
        let answer = self.asks(browser, more).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let (_, session) = answer.location().rsplit_once('/').expect("a session");
        self.pay(session, Card::Good);
        session.to_owned()
    }

    async fn grants(&self) -> Vec<grant::Model> {
        let all = grant::Entity::find().all(&self.app.app.db).await;
        all.expect("grants")
    }

    async fn letter(&self, kind: &str) -> outbox::Model {
        let mut all = self.letters(kind).await;
        assert_eq!(all.len(), 1, "{kind}");
        all.remove(0)
    }

    async fn letters(&self, kind: &str) -> Vec<outbox::Model> {
        outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(kind))
            .all(&self.app.app.db)
            .await
            .expect("letters")
    }

    /// The path of the link in a letter.
    pub async fn link(&self, kind: &str) -> String {
        let text = self.letter(kind).await.body_text;
        let (_, rest) = text.split_once("/gifts/").expect("a link");
        let token: String = rest.chars().take_while(char::is_ascii_hexdigit).collect();
        format!("/gifts/{token}")
    }

    async fn standing_of(&self, account: Uuid) -> Standing {
        let app = &self.app.app;
        let (now, grace) = (app.clock.now(), app.config.membership.grace_days);
        standing(&app.db, account, self.matthew.id, now, grace)
            .await
            .expect("a standing")
    }

    async fn refunded(&self, session: &str, amount: Option<i64>) -> String {
        let object = self.app.stripe.object(session).expect("paid");
        let intent = object["payment_intent"].as_str().expect("an intent");
        let refund = self.app.stripe.refund(intent, amount).expect("refunded");
        self.all_arrive().await;
        refund
    }
}
