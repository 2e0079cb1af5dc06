//! The publication under load: 1,000 articles, 50 comments on each, 10,000 accounts.

use chrono::{DateTime, Duration, Utc};
use plaudit::{
    app::App,
    db,
    entities::{
        MembershipState, Recurrence, Role, account, article, author, comment, following,
        membership, price,
    },
    membership::tiers::{self, NewTier},
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait as _, DatabaseTransaction, EntityTrait, IntoActiveModel,
};
use uuid::Uuid;

use crate::texts::articles;

const COMMENTS: usize = 50;
pub const ACCOUNTS: usize = 10_000;
const AUTHORS: usize = 10;
/// Rows an INSERT.
const CHUNK: usize = 500;

/// Whom and what the measures speak of.
pub struct Site {
    pub author: author::Model,
    /// The slug of an article of this author.
    pub article: String,
    pub readers: Vec<account::Model>,
    pub tier: Uuid,
}

/// Fills an empty, migrated database. The first reader is a patron of the author, and all follow her.
pub async fn furnish(app: &App) -> Site {
    let now = app.clock.now();
    let tx = db::begin(&app.db).await.expect("a transaction");
    let people = people(now);
    insert::<account::ActiveModel>(&tx, &people).await;
    let authors = authors(&people[..AUTHORS], now);
    insert::<author::ActiveModel>(&tx, &authors).await;
    let articles = articles(&authors, now);
    insert::<article::ActiveModel>(&tx, &articles).await;
    let readers = people[AUTHORS..].to_vec();
    for article in &articles {
        insert::<comment::ActiveModel>(&tx, &comments(article, &readers, now)).await;
    }
    let followings = followings(&readers, authors[0].id, now);
    insert::<following::ActiveModel>(&tx, &followings).await;
    tx.commit().await.expect("written");
    let friend = NewTier {
        name: "Friend".to_owned(),
        description: "Comments".to_owned(),
        currency: "eur".to_owned(),
        monthly: Some(300),
        yearly: Some(3_000),
        trial_days: None,
        ..Default::default()
    };
    let tier = tiers::create(app, authors[0].id, friend)
        .await
        .expect("on sale");
    patron(app, &readers[0], &authors[0], tier.id, now).await;
    Site {
        article: articles[0].slug.clone(),
        author: authors[0].clone(),
        readers,
        tier: tier.id,
    }
}

/// So many more accounts, which follow the author.
pub async fn more_followers(app: &App, author: Uuid, count: usize) {
    let now = app.clock.now();
    let first = AUTHORS + ACCOUNTS;
    let people: Vec<_> = (first..first + count)
        .map(|number| person(number, now))
        .collect();
    let tx = db::begin(&app.db).await.expect("a transaction");
    insert::<account::ActiveModel>(&tx, &people).await;
    insert::<following::ActiveModel>(&tx, &followings(&people, author, now)).await;
    tx.commit().await.expect("written");
    if db::is_postgres(&app.db) {
        // What PostgreSQL does by itself a minute after so many rows have come.
        let counted = app.db.execute_unprepared("ANALYZE").await;
        counted.expect("counted");
    }
}

fn followings(
    readers: &[account::Model],
    author: Uuid,
    now: DateTime<Utc>,
) -> Vec<following::Model> {
    let follow = |reader: &account::Model| following::Model {
        account_id: reader.id,
        author_id: author,
        frequency: plaudit::entities::Frequency::AtOnce,
        previous: None,
        left_article_id: None,
        created_at: now,
        updated_at: now,
    };
    readers.iter().map(follow).collect()
}

pub async fn insert<A>(tx: &DatabaseTransaction, rows: &[<A::Entity as EntityTrait>::Model])
where
    A: ActiveModelTrait + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    A::Entity: EntityTrait<ActiveModel = A>,
{
    for chunk in rows.chunks(CHUNK) {
        let rows: Vec<A> = chunk
            .iter()
            .cloned()
            // Every column is written, so every value must count as set.
            .map(|row| row.into_active_model().reset_all())
            .collect();
        A::Entity::insert_many(rows)
            .exec_without_returning(tx)
            .await
            .expect("inserted");
    }
}

fn people(now: DateTime<Utc>) -> Vec<account::Model> {
    let all = 0..AUTHORS + ACCOUNTS;
    all.map(|number| person(number, now)).collect()
}

pub fn person(number: usize, now: DateTime<Utc>) -> account::Model {
    account::Model {
        id: Uuid::now_v7(),
        email: Some(format!("reader{number}@example.org")),
        contact_email: None,
        billing_email: None,
        name: format!("Reader {number}"),
        role: if number < AUTHORS {
            Role::Author
        } else {
            Role::Reader
        },
        language: "en".to_owned(),
        password_hash: None,
        stripe_customer_id: None,
        created_at: now - Duration::days(90),
        deleted_at: None,
    }
}

fn authors(people: &[account::Model], now: DateTime<Utc>) -> Vec<author::Model> {
    let author = |(number, account): (usize, &account::Model)| author::Model {
        hears: author::Hears::AtOnce,
        id: Uuid::now_v7(),
        account_id: account.id,
        slug: format!("author-{number}"),
        name: format!("Author {number}"),
        bio: "Writes about the harbour.".to_owned(),
        portrait: None,
        portrait_alt: String::new(),
        welcome: None,
        support_words: None,
        created_at: now,
    };
    people.iter().enumerate().map(author).collect()
}

fn comments(
    article: &article::Model,
    readers: &[account::Model],
    now: DateTime<Utc>,
) -> Vec<comment::Model> {
    let mut rows: Vec<comment::Model> = Vec::with_capacity(COMMENTS);
    for number in 0..COMMENTS {
        // Every fifth answers the one before it.
        let parent = rows.last().filter(|_| number % 5 == 4);
        let parent_id = parent.map(|comment| comment.parent_id.unwrap_or(comment.id));
        rows.push(comment::Model {
            parent_id,
            thread_id: parent_id,
            created_at: now - Duration::minutes(100 - number as i64),
            ..bare(article.id, readers[number * 7].id, now)
        });
    }
    rows
}

/// A comment that everybody sees.
pub fn bare(article_id: Uuid, account_id: Uuid, now: DateTime<Utc>) -> comment::Model {
    let words = "I took that ferry for years, and it never once left on time. Nobody minded.";
    comment::Model {
        id: Uuid::now_v7(),
        article_id,
        account_id,
        parent_id: None,
        thread_id: None,
        body_markdown: words.to_owned(),
        body_html: format!("<p>{words}</p>"),
        created_at: now,
        edited_at: None,
        deleted_at: None,
        hidden_at: None,
        hidden_by: None,
        hidden_above: false,
        deleted_by: None,
        held_at: None,
        held_for: None,
        approved_at: None,
        hearts: 0,
        picked_at: None,
        pinned_at: None,
        guest_name: None,
        origin: None,
        telling_at: None,
    }
}

async fn patron(
    app: &App,
    account: &account::Model,
    author: &author::Model,
    tier: Uuid,
    now: DateTime<Utc>,
) {
    let prices = price::Entity::current(tier).all(&app.db).await;
    let price = prices.expect("prices").remove(0);
    let row = membership_of(account.id, author.id, &price, now);
    let row = row.into_active_model().reset_all();
    membership::Entity::insert(row)
        .exec_without_returning(&app.db)
        .await
        .expect("a membership");
}

/// A membership that began yesterday.
pub fn membership_of(
    account: Uuid,
    author: Uuid,
    price: &price::Model,
    now: DateTime<Utc>,
) -> membership::Model {
    membership::Model {
        id: Uuid::now_v7(),
        account_id: account,
        author_id: author,
        tier_id: price.tier_id,
        price_id: price.id,
        checkout_id: None,
        article_id: None,
        state: MembershipState::Active,
        amount: 300,
        currency: "eur".to_owned(),
        recurrence: Recurrence::Month,
        stripe_subscription_id: format!("sub_{}", account.simple()),
        stripe_customer_id: format!("cus_{}", account.simple()),
        stripe_status: "active".to_owned(),
        current_period_start: Some(now - Duration::days(1)),
        current_period_end: Some(now + Duration::days(29)),
        cancel_at: None,
        past_due_since: None,
        next_attempt_at: None,
        started_at: Some(now - Duration::days(1)),
        ended_at: None,
        collection_paused: None,
        paused_at: None,
        cancel_reason: None,
        cancel_words: None,
        stopped_why: None,
        next_price_id: None,
        next_at: None,
        unconfirmed_price_id: None,
        unconfirmed_until: None,
        paying_since: None,
        paying_amount: None,
        untold_price_id: None,
        discount: None,
        is_current: true,
        flag: None,
        generation: 1,
        created_at: now,
        updated_at: now,
    }
}
