//! A long conversation read and written to, and a long queue opened.

use chrono::Duration;
use plaudit::{
    accounts::begin_session,
    db,
    entities::{Gate, article, comment},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _,
    PaginatorTrait as _, QueryFilter as _,
};
use uuid::Uuid;

use super::{Bench, CONNECTIONS, GZIP, get};
use crate::{
    client::{Connection, each_once},
    process::Process,
    report::Target,
    site::{bare, insert},
};

/// Comments under one article.
const LONG: usize = 5_000;
/// Comments that wait.
const HELD: usize = 10_000;
/// Comments posted, each by a reader of her own.
const POSTED: usize = 3_000;

impl Bench<'_> {
    pub(super) async fn conversation(&mut self, service: &Process) {
        if !(self.is_wanted)("conversation") {
            return;
        }
        let article = self.long_conversation().await;
        let first = comment::Entity::find()
            .filter(comment::Column::ArticleId.eq(article.id))
            .filter(comment::Column::CreatedAt.gt(self.app.clock.now() - Duration::days(1)))
            .one(&self.app.db)
            .await
            .expect("comments")
            .expect("one");
        let path = format!("/articles/{}/comments/from/{}", article.slug, first.id);
        let what = "a page of 5,000 comments";
        let request = get(&path, GZIP);
        self.beside_bare(what, service, &request, 30.0, Target::Under(20.0))
            .await;
        self.queue(service, &article).await;
        self.posting(service, &article).await;
    }

    /// The article of the other measures gets its comments, open to every reader.
    async fn long_conversation(&self) -> article::Model {
        let now = self.app.clock.now();
        let article = article::Entity::find()
            .filter(article::Column::AuthorId.eq(self.site.author.id))
            .filter(article::Column::Slug.ne(&self.site.article))
            .one(&self.app.db)
            .await
            .expect("articles")
            .expect("another article");
        let rows: Vec<comment::Model> = (0..LONG)
            .map(|number| {
                let reader = self.site.readers[number % self.site.readers.len()].id;
                comment::Model {
                    created_at: now - Duration::seconds(i64::try_from(LONG - number).unwrap_or(1)),
                    ..bare(article.id, reader, now)
                }
            })
            .collect();
        let tx = db::begin(&self.app.db).await.expect("a transaction");
        insert::<comment::ActiveModel>(&tx, &rows).await;
        let open = article::ActiveModel {
            id: Set(article.id),
            gate: Set(Gate::Readers),
            ..Default::default()
        };
        let article = open.update(&tx).await.expect("open");
        tx.commit().await.expect("written");
        article
    }

    async fn queue(&mut self, service: &Process, article: &article::Model) {
        let now = self.app.clock.now();
        let rows: Vec<comment::Model> = (0..HELD)
            .map(|number| comment::Model {
                held_at: Some(now),
                held_for: Some("all".to_owned()),
                ..bare(
                    article.id,
                    self.site.readers[number % self.site.readers.len()].id,
                    now,
                )
            })
            .collect();
        let tx = db::begin(&self.app.db).await.expect("a transaction");
        insert::<comment::ActiveModel>(&tx, &rows).await;
        tx.commit().await.expect("written");
        let author = self.site.author.account_id;
        let secret = begin_session(&self.app.db, now, author, "bench").await;
        let cookie = format!("Cookie: session={}\r\n", secret.expect("a session"));
        let mut connection = Connection::open(&service.address)
            .await
            .expect("it answers");
        let mut times = Vec::new();
        for _ in 0..9 {
            let started = std::time::Instant::now();
            let page = connection.ask(&get("/studio/comments", &cookie)).await;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            assert_eq!(page.expect("a page").status, 200);
        }
        times.sort_by(f64::total_cmp);
        let what = "a queue of 10,000 held comments";
        self.report.add(what, times[4], "ms", Target::Under(100.0));
    }

    async fn posting(&mut self, service: &Process, article: &article::Model) {
        let mut requests = Vec::with_capacity(POSTED);
        for reader in &self.site.readers[1..=POSTED] {
            let secret = self.session(reader).await;
            let network = Uuid::now_v7().as_u128();
            let address = format!(
                "10.{}.{}.{}",
                network >> 16 & 255,
                network >> 8 & 255,
                network & 255
            );
            let body = "body=I+took+that+ferry%2C+too.+*Never*+on+time.";
            requests.push(
                format!(
                    "POST /articles/{}/comments HTTP/1.1\r\nHost: localhost\r\nCookie: session={secret}\r\n\
                     Sec-Fetch-Site: same-origin\r\nX-Forwarded-For: {address}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                    article.slug,
                    body.len()
                )
                .into_bytes(),
            );
        }
        let before = comment::Entity::find().count(&self.app.db).await;
        let load = each_once(&service.address, CONNECTIONS, requests).await;
        let after = comment::Entity::find().count(&self.app.db).await;
        let written = after.expect("counted") - before.expect("counted");
        let report = &mut self.report;
        let (rate, p99) = (load.per_second(), load.percentile(0.99));
        report.add("comments posted", rate, "a second", Target::AtLeast(300.0));
        report.add("comments posted: p99", p99, "ms", Target::None);
        let missing = POSTED as f64 - written as f64;
        report.add("comments posted: missing", missing, "", Target::Under(1.0));
    }
}
