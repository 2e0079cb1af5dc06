//! An author's dashboard among a hundred thousand memberships of two years.

use std::{collections::BTreeMap, time::Instant};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use plaudit::{
    accounts::begin_session,
    db,
    entities::{
        MembershipState, Recurrence, account, membership, movement, payment, payment_tally, price,
        supporter,
    },
};
use sea_orm::ConnectionTrait as _;
use uuid::Uuid;

use super::{Bench, get};
use crate::{
    client::Connection,
    report::Target,
    site::{ACCOUNTS, insert, membership_of, person},
};

/// How many memberships there are; one in eight has ended.
const MEMBERSHIPS: usize = 100_000;
/// Payments of each.
const PAYMENTS: usize = 3;
/// Over how many days they have come.
const DAYS: usize = 730;

impl Bench<'_> {
    pub(super) async fn dashboard(&mut self) {
        if !(self.is_wanted)("dashboard") {
            return;
        }
        println!("{MEMBERSHIPS} memberships of two years …");
        self.two_years().await;
        let service = self.process(&["serve", "--no-worker"]);
        let author = self.site.author.account_id;
        let now = self.app.clock.now();
        let secret = begin_session(&self.app.db, now, author, "bench").await;
        let cookie = format!("Cookie: session={}\r\n", secret.expect("a session"));
        let mut connection = Connection::open(&service.address).await.expect("open");
        for path in [
            "/studio?span=year",
            "/studio?span=month",
            "/studio?span=all",
            "/studio/supporters",
        ] {
            let mut times = Vec::new();
            for _ in 0..9 {
                let started = Instant::now();
                let page = connection.ask(&get(path, &cookie)).await.expect("a page");
                times.push(started.elapsed().as_secs_f64() * 1000.0);
                assert_eq!(page.status, 200, "{}", page.head);
            }
            times.sort_by(f64::total_cmp);
            let what = format!("{path} among {MEMBERSHIPS} memberships");
            self.report.add(&what, times[4], "ms", Target::Under(100.0));
        }
    }

    async fn two_years(&self) {
        let prices = price::Entity::current(self.site.tier);
        let price = sea_orm::Select::one(prices, &self.app.db).await;
        let price = price.expect("prices").expect("a price");
        let now = self.app.clock.now();
        // Beyond the people of the other measures.
        let numbers = (0..MEMBERSHIPS).map(|number| person(20 * ACCOUNTS + number, now));
        let people: Vec<account::Model> = numbers.collect();
        let lives = people.iter().enumerate();
        let lives: Vec<Life> = lives
            .map(|(number, person)| {
                let days = i64::try_from(number % DAYS).unwrap_or_default();
                let began = now - Duration::days(days);
                let ended = number % 8 == 0 && days > 40;
                Life {
                    row: membership::Model {
                        state: match ended {
                            true => MembershipState::Ended,
                            false => MembershipState::Active,
                        },
                        is_current: !ended,
                        started_at: Some(began),
                        ended_at: ended.then(|| began + Duration::days(40)),
                        ..membership_of(person.id, self.site.author.id, &price, now)
                    },
                    began,
                }
            })
            .collect();
        let rows: Vec<_> = lives.iter().map(|life| life.row.clone()).collect();
        let supporters: Vec<_> = lives.iter().map(Life::supporter).collect();
        let movements: Vec<_> = lives.iter().flat_map(Life::movements).collect();
        let payments: Vec<_> = (0..PAYMENTS)
            .flat_map(|nth| lives.iter().map(move |life| (nth, life)))
            .enumerate()
            .map(|(number, (nth, life))| life.payment(number, nth))
            .collect();
        let tx = db::begin(&self.app.db).await.expect("a transaction");
        insert::<account::ActiveModel>(&tx, &people).await;
        insert::<membership::ActiveModel>(&tx, &rows).await;
        insert::<supporter::ActiveModel>(&tx, &supporters).await;
        insert::<movement::ActiveModel>(&tx, &movements).await;
        insert::<payment::ActiveModel>(&tx, &payments).await;
        // As the service adds them up, act by act, and gathers them the day after.
        tx.execute_unprepared(
            "INSERT INTO movement_tally \
                (author_id, day, kind, currency, cohort, yearly, patrons, firsts, lost) \
             SELECT author_id, day, kind, currency, cohort, CAST(SUM(yearly) AS BIGINT), \
                CAST(SUM(patrons) AS BIGINT), COUNT(CASE WHEN patrons > 0 THEN 1 END), \
                COUNT(CASE WHEN patrons < 0 THEN 1 END) \
             FROM movement GROUP BY author_id, day, kind, currency, cohort",
        )
        .await
        .expect("added up");
        let received = payments
            .iter()
            .map(|paid| (paid.paid_at.date_naive(), paid.amount));
        let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
        for (day, amount) in received {
            *days.entry(day).or_default() += amount;
        }
        let days: Vec<payment_tally::Model> = (1..)
            .zip(days)
            .map(|(id, (day, received))| payment_tally::Model {
                id: 10_000_000 + id,
                author_id: self.site.author.id,
                day: day.format("%Y-%m-%d").to_string(),
                currency: "eur".to_owned(),
                received,
                tips: 0,
            })
            .collect();
        insert::<payment_tally::ActiveModel>(&tx, &days).await;
        tx.commit().await.expect("written");
    }
}

/// One membership and when it began.
struct Life {
    row: membership::Model,
    began: DateTime<Utc>,
}

impl Life {
    fn supporter(&self) -> supporter::Model {
        let (row, is_patron) = (&self.row, self.row.is_current);
        supporter::Model {
            author_id: row.author_id,
            account_id: row.account_id,
            is_patron,
            standing: if is_patron { "patron" } else { "former" }.to_owned(),
            tier_id: is_patron.then_some(row.tier_id),
            amount: is_patron.then_some(row.amount),
            currency: Some(row.currency.clone()),
            recurrence: Some(Recurrence::Month),
            yearly: if is_patron { row.amount * 12 } else { 0 },
            first_at: self.began,
            since: Some(self.began),
            until: row.ended_at,
            reckoned_at: Some(row.updated_at),
        }
    }

    fn movements(&self) -> Vec<movement::Model> {
        let row = &self.row;
        let moved = |kind, patrons: i32, at: DateTime<Utc>| movement::Model {
            id: Uuid::now_v7(),
            author_id: row.author_id,
            account_id: row.account_id,
            kind,
            patrons,
            is_first: patrons > 0,
            yearly: row.amount * 12 * i64::from(patrons),
            currency: Some(row.currency.clone()),
            tier_id: Some(row.tier_id),
            article_id: None,
            cohort: self.began.format("%Y-%m").to_string(),
            day: at.format("%Y-%m-%d").to_string(),
            at,
        };
        let came = moved(movement::Kind::New, 1, self.began);
        let went = row.ended_at.map(|at| moved(movement::Kind::Churn, -1, at));
        [came].into_iter().chain(went).collect()
    }

    fn payment(&self, number: usize, nth: usize) -> payment::Model {
        let row = &self.row;
        let days = 30 * i64::try_from(nth).unwrap_or_default();
        let paid_at = (self.began + Duration::days(days)).min(row.updated_at);
        payment::Model {
            id: Uuid::now_v7(),
            // Beyond the receipts of the other measures.
            number: 10_000_000 + i64::try_from(number).unwrap_or_default(),
            account_id: row.account_id,
            author_id: row.author_id,
            membership_id: Some(row.id),
            tip_id: None,
            grant_id: None,
            price_id: None,
            amount: row.amount,
            refunded: 0,
            currency: row.currency.clone(),
            stripe_invoice_id: Some(format!("in_{}_{nth}", row.id.simple())),
            stripe_payment_intent_id: None,
            stripe_charge_id: None,
            stripe_transfer_id: None,
            transfer_reversed: 0,
            fee_refunded: 0,
            tax: 0,
            hosted_invoice_url: None,
            invoice_pdf_url: None,
            payer_name: None,
            payer_vat_id: None,
            method: None,
            last4: None,
            card_expires_at: None,
            period_start: None,
            period_end: None,
            paid_at,
        }
    }
}
