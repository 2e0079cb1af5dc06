//! The standing by rows and the standing by SQL are one rule: they agree on whatever rows there are.

use chrono::{DateTime, Duration, Utc};
use plaudit::{
    entities::{MembershipState as State, grant, membership, tip},
    membership::{patrons_among, standing_of},
};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use crate::support::TestApp;

const GRACE_DAYS: u32 = 14;
/// How many readers one case has.
const READERS: usize = 12;

/// What is known of one reader: memberships, tips and grants. Hours from now, before it if negative.
/// State, booked end, first failure, end of the paid period, how collection is paused.
type Row = (
    State,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<&'static str>,
);

#[derive(Clone, Debug)]
struct Known {
    memberships: Vec<Row>,
    tips: Vec<(tip::State, Option<i64>)>,
    /// Begin, end, and when it was taken back.
    grants: Vec<(Option<i64>, Option<i64>, Option<i64>)>,
}

fn hours() -> impl Strategy<Value = Option<i64>> {
    // The edges of a grace of fourteen days and of right now, and whatever lies around.
    option::of(prop_oneof![
        -400_i64..400,
        Just(0),
        Just(-14 * 24),
        Just(-14 * 24 + 1),
        Just(1)
    ])
}

fn known() -> impl Strategy<Value = Known> {
    use sea_orm::Iterable;
    let state = proptest::sample::select(State::iter().collect::<Vec<_>>());
    let pause = option::of(proptest::sample::select(vec![
        "void",
        "keep_as_draft",
        "mark_uncollectible",
    ]));
    let membership = (state, hours(), hours(), hours(), pause);
    let tip = (
        proptest::sample::select(vec![tip::State::Paid, tip::State::Refunded]),
        hours(),
    );
    let grant = (hours(), hours(), hours());
    (vec(membership, 0..3), vec(tip, 0..2), vec(grant, 0..3)).prop_map(
        |(memberships, tips, grants)| Known {
            memberships,
            tips,
            grants,
        },
    )
}

#[test]
fn standing_and_its_sql_twin_agree() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let config = Config {
        cases: 25,
        failure_persistence: None,
        max_shrink_iters: 40,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&vec(known(), READERS), |readers| {
        let (by_rows, by_sql) = runtime.block_on(both(&readers));
        prop_assert_eq!(by_rows, by_sql);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Which of these readers are patrons, by the one and by the other.
async fn both(readers: &[Known]) -> (Vec<bool>, Vec<bool>) {
    let app = TestApp::start().await;
    let (_, author) = app.author("Matthew Smith").await;
    let db = &app.app.db;
    let now = app.app.clock.now();
    let mut accounts = Vec::new();
    for (number, known) in readers.iter().enumerate() {
        let (_, account) = app.reader(&format!("Reader {number}")).await;
        accounts.push(account.id);
        for (state, cancel, due, end, pause) in &known.memberships {
            let moment = |hours: &Option<i64>| hours.map(|hours| now + Duration::hours(hours));
            app.member(account.id, &author, *state, |row| {
                row.cancel_at = Set(moment(cancel));
                row.past_due_since = Set(moment(due).or(Some(now)));
                row.current_period_end = Set(moment(end));
                row.collection_paused = Set(pause.map(str::to_owned));
            })
            .await;
        }
        for (state, until) in &known.tips {
            let until = until.map(|hours| now + Duration::hours(hours));
            give(&app, account.id, author.id, *state, until).await;
        }
        for when in &known.grants {
            granted(&app, account.id, author.id, *when).await;
        }
    }
    let patrons = patrons_among(db, author.id, &accounts, now, GRACE_DAYS).await;
    let patrons = patrons.expect("patrons");
    let by_sql = accounts.iter().map(|id| patrons.contains(id)).collect();
    let rows = membership::Entity::find()
        .all(db)
        .await
        .expect("memberships");
    let tips = tip::Entity::find().all(db).await.expect("tips");
    let grants = grant::Entity::find().all(db).await.expect("grants");
    let by_rows = accounts.iter().map(|id| {
        let hers: Vec<_> = rows
            .iter()
            .filter(|row| row.account_id == *id)
            .cloned()
            .collect();
        let given: Vec<_> = tips
            .iter()
            .filter(|row| row.account_id == *id)
            .cloned()
            .collect();
        let granted: Vec<_> = grants
            .iter()
            .filter(|row| row.account_id == Some(*id))
            .cloned()
            .collect();
        standing_of(&hers, &given, &granted, now, GRACE_DAYS).is_patron()
    });
    (by_rows.collect(), by_sql)
}

async fn give(
    app: &TestApp,
    account: Uuid,
    author: Uuid,
    state: tip::State,
    patron_until: Option<DateTime<Utc>>,
) {
    let row = tip::ActiveModel {
        id: Set(Uuid::now_v7()),
        account_id: Set(account),
        author_id: Set(author),
        checkout_id: Set(Uuid::now_v7()),
        article_id: Set(None),
        amount: Set(500),
        currency: Set("eur".to_owned()),
        state: Set(state),
        paid_at: Set(app.app.clock.now() - Duration::days(1)),
        patron_until: Set(patron_until),
        message: Set(None),
    };
    row.insert(&app.app.db).await.expect("a tip");
}

async fn granted(
    app: &TestApp,
    account: Uuid,
    author: Uuid,
    (begin, end, revoked): (Option<i64>, Option<i64>, Option<i64>),
) {
    let now = app.app.clock.now();
    let moment = |hours: Option<i64>| hours.map(|hours| now + Duration::hours(hours));
    let id = Uuid::now_v7();
    let row = grant::ActiveModel {
        id: Set(id),
        account_id: Set(Some(account)),
        author_id: Set(author),
        tier_id: Set(Uuid::now_v7()),
        origin: Set(grant::Origin::Given),
        language: Set("en".to_owned()),
        sends: Set(0),
        token_hash: Set(id.to_string()),
        created_at: Set(now),
        starts_at: Set(moment(begin)),
        ends_at: Set(moment(end)),
        revoked_at: Set(moment(revoked)),
        stage: Set(0),
        ..Default::default()
    };
    row.insert(&app.app.db).await.expect("a grant");
}
