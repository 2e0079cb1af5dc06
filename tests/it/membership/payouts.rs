//! Authors who are paid directly: linking, where the money of their readers goes, and what comes back.

use plaudit::{
    entities::{
        ledger_entry::{self, Account},
        payment, payout_account,
    },
    membership::{
        errands,
        statements::{Month, Sums, statement},
        sync,
    },
    sandbox::stripe::Card,
};
use reqwest::StatusCode;
use sea_orm::EntityTrait;
use serde_json::Value;

use super::world::{World, month};
use crate::support::Page;

impl World {
    /// Matthew presses *Link a Stripe account*. Returns the hosted page's address.
    pub(super) async fn links(&self) -> String {
        let answer = self.studio.post("/studio/payouts", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location().to_owned()
    }

    /// He presses something on the hosted page, and comes back. Returns where he was sent.
    pub(super) async fn presses(&self, url: &str, what: &str) -> String {
        let raw = self.studio.raw().post(url).form(&[("what", what)]);
        let answer = Page::of(raw).await;
        answer.location().to_owned()
    }

    /// He arrives at his own page from Stripe's.
    pub(super) async fn comes_back(&self) -> Page {
        let back = self.studio.get("/studio/payouts/return").await;
        assert_eq!(back.status, StatusCode::SEE_OTHER);
        self.studio.get(back.location()).await
    }

    /// Matthew is linked and ready. Returns his account at Stripe.
    pub(super) async fn linked(&self) -> String {
        let url = self.links().await;
        let back = self.presses(&url, "finish").await;
        assert!(back.ends_with("/studio/payouts/return"), "{back}");
        self.studio.get("/studio/payouts/return").await;
        self.account().await.stripe_account_id.expect("an account")
    }

    pub(super) async fn account(&self) -> payout_account::Model {
        let row = payout_account::Entity::find_by_id(self.matthew.id);
        row.one(&self.app.app.db)
            .await
            .expect("rows")
            .expect("a row")
    }

    pub(super) async fn shared(&self, percent: &str) {
        let owner = self.app.the_owner().await;
        let path = format!("/admin/people/{}/share", self.matthew.account_id);
        owner.post(&path, &[("percent", percent)]).await;
        self.app.stripe.advance(chrono::Duration::seconds(2));
    }

    pub(super) async fn sums(&self) -> Sums {
        let app = &self.app.app;
        let mut all = Sums::default();
        let now = Month::of(app.clock.now());
        for month in [now.previous(), now] {
            let read = statement(&app.db, self.matthew.id, month)
                .await
                .expect("read");
            let Some(sums) = read.sums.get("eur") else {
                continue;
            };
            all.received += sums.received;
            all.given_back += sums.given_back;
            all.disputed += sums.disputed;
            all.fees += sums.fees;
            all.tax += sums.tax;
            all.author += sums.author;
            all.publication += sums.publication;
            all.paid_directly += sums.paid_directly;
            all.owed += sums.owed;
        }
        all
    }

    /// What the publication has at Stripe, in minor units, and what its ledger says of that.
    async fn balances(&self) -> (i64, i64) {
        let all = self.app.stripe.objects("balance_transaction").into_iter();
        let there = all.filter_map(|one| one["net"].as_i64()).sum();
        let entries = ledger_entry::Entity::find().all(&self.app.app.db).await;
        let entries = entries.expect("entries").into_iter();
        let ours = entries.filter(|entry| entry.account == Account::Stripe);
        (there, ours.map(|entry| entry.amount).sum())
    }

    pub(super) async fn agrees_with_stripe(&self) {
        let (there, here) = self.balances().await;
        assert_eq!(there, here, "{}", self.ledger().await);
    }

    pub(super) fn subscription(&self, id: &str) -> Value {
        self.app.stripe.object(id).expect("a subscription")
    }
}

#[tokio::test]
async fn an_account_is_linked_half_way_by_a_new_link_and_then_whole() {
    let world = World::new().await;
    let page = world.studio.get("/studio/payouts").await;
    page.says("from your statement")
        .says("Link a Stripe account");
    let first = world.links().await;
    let back = world.presses(&first, "later").await;
    assert!(back.ends_with("/studio/payouts/return"), "{back}");
    let page = world.comes_back().await;
    page.says("being set up")
        .says("your bank account")
        .says("Go on at Stripe");
    // The link was used: Stripe asks for a new one, of the same account.
    let again = world.presses(&first, "finish").await;
    assert!(again.ends_with("/studio/payouts/refresh"), "{again}");
    let refreshed = world.studio.get("/studio/payouts/refresh").await;
    assert_eq!(refreshed.status, StatusCode::SEE_OTHER);
    let second = refreshed.location().to_owned();
    assert_ne!(first, second);
    world.presses(&second, "finish").await;
    let page = world.comes_back().await;
    page.says("to your own Stripe account at once")
        .says("Open my Stripe dashboard");
    let dashboard = world.studio.post("/studio/payouts/dashboard", &[]).await;
    assert!(dashboard.location().contains("/express/acct_"));
    assert_eq!(world.app.stripe.objects("account").len(), 1);
    // Olga has nothing of it.
    let (olga, _) = world.app.author("Olga").await;
    olga.get("/studio/payouts")
        .await
        .says("Link a Stripe account");
    let nothing = olga.post("/studio/payouts/dashboard", &[]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let unlinked = olga.post("/studio/payouts/unlink", &[]).await;
    assert_eq!(unlinked.status, StatusCode::SEE_OTHER);
    assert!(world.account().await.linked_at.is_some());
    let reader = world.browser.get("/studio/payouts").await;
    assert_eq!(reader.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_linked_author_gets_his_part_of_each_payment_and_the_statement_owes_nothing() {
    let world = World::new().await;
    world.shared("85.5").await;
    let account = world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    let there = world.subscription(&subscription);
    assert_eq!(there["transfer_data"]["destination"], account.as_str());
    assert_eq!(there["application_fee_percent"], 14.5);
    world.all_arrive().await;
    let sums = world.sums().await;
    // 85.5 % of 300 is 256.5: the ledger rounds up, Stripe sends 256, and the cent is the publication's.
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (256, 256, 0));
    assert_eq!(sums.publication, 44 - 30);
    world.agrees_with_stripe().await;
    world.app.stripe.advance(month());
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!(
        (sums.received, sums.paid_directly, sums.owed),
        (600, 512, 0)
    );
    world.agrees_with_stripe().await;
    let session = world.begin_tip(&world.browser, "1001").await;
    world.pay(&session, Card::Good);
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.paid_directly, sums.owed), (512 + 856, 0));
    world.agrees_with_stripe().await;
    let page = world.studio.get("/studio/payments").await;
    page.says("Paid directly").says("To be paid").says("€0.00");
    let month = Month::of(world.app.app.clock.now());
    let csv = world
        .studio
        .get(&format!("/studio/statement.csv?month={month}"))
        .await;
    csv.says(",transfer,").says("transfer:tr_");
}

#[tokio::test]
async fn a_refund_takes_back_what_was_sent_on_from_the_studio_and_from_stripe() {
    let world = World::new().await;
    world.shared("85.5").await;
    world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let payments = payment::Entity::find()
        .all(&world.app.app.db)
        .await
        .expect("rows");
    let path = format!("/studio/payments/{}/refund", payments[0].number);
    let nonce = uuid::Uuid::now_v7().to_string();
    let form = [
        ("amount", "1.01"),
        ("reason", "duplicate"),
        ("nonce", nonce.as_str()),
    ];
    let given = world.studio.post(&path, &form).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (169, 169, 0));
    world.agrees_with_stripe().await;
    world.all_arrive().await;
    world.agrees_with_stripe().await;
    // The rest from the dashboard, without taking anything back from the author: it is done from here.
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, None).expect("refunded");
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (0, 0, 0));
    world.agrees_with_stripe().await;
}

#[tokio::test]
async fn what_is_taken_back_at_stripe_is_owed_again_and_what_cannot_be_taken_is_carried() {
    let world = World::new().await;
    world.shared("90").await;
    world.linked().await;
    let subscription = world.subscribe(Card::Good).await;
    world.all_arrive().await;
    let transfer = world.app.stripe.objects("transfer").remove(0);
    let id = transfer["id"].as_str().expect("an id");
    let path = format!("transfers/{id}/reversals");
    world
        .at_stripe(
            &path,
            &[("amount", "100"), ("refund_application_fee", "true")],
        )
        .await;
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (270, 180, 90));
    world.agrees_with_stripe().await;
    // A refund whose part Stripe cannot take from the author.
    let intent = world.app.stripe.last_payment(&subscription).expect("paid");
    world.app.stripe.refund(&intent, None).expect("refunded");
    world.app.stripe.release(|_| {});
    world.app.stripe.deliver().await;
    while sync::work(&world.app.app).await.expect("synced") > 0 {}
    world.app.stripe.fail_requests(9, 400);
    errands::work(&world.app.app).await.expect("tried");
    world.app.stripe.fail_requests(0, 400);
    world.all_arrive().await;
    let sums = world.sums().await;
    assert_eq!((sums.author, sums.paid_directly, sums.owed), (0, 180, -180));
    world.agrees_with_stripe().await;
    let page = world.studio.get("/studio/payments").await;
    page.says("−€1.80").says("set against what comes next");
}

#[tokio::test]
async fn a_lost_dispute_takes_back_what_was_sent_on_and_a_won_one_does_not() {
    for (is_won, owed) in [(true, 0), (false, 0)] {
        let world = World::new().await;
        world.shared("85.5").await;
        world.linked().await;
        let subscription = world.subscribe(Card::Good).await;
        world.all_arrive().await;
        let intent = world.app.stripe.last_payment(&subscription).expect("paid");
        let dispute = world
            .app
            .stripe
            .dispute(&intent, "fraudulent")
            .expect("open");
        world.all_arrive().await;
        world.app.stripe.close_dispute(&dispute, is_won);
        world.all_arrive().await;
        let transfer = world.app.stripe.objects("transfer").remove(0);
        let back = if is_won { 0 } else { 256 };
        assert_eq!(transfer["amount_reversed"], back);
        let sums = world.sums().await;
        assert_eq!(sums.owed, owed, "{sums:?}");
        assert_eq!(sums.paid_directly, if is_won { 256 } else { 0 });
        world.agrees_with_stripe().await;
    }
}
