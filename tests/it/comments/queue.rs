//! The order in which those who moderate have comments before them.

use chrono::Duration;
use plaudit::entities::comment;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use uuid::Uuid;

use super::{Tide, rules::QUEUE};

#[tokio::test]
async fn the_queue_goes_by_the_date_over_all_its_pages() {
    let tide = Tide::start().await;
    let (_, account) = tide.app.reader("Ann").await;
    let start = tide.app.app.clock.now();
    // As after an import: the ids go another way than the dates, and some dates are the same.
    for number in 0..120_i64 {
        let day = (number * 53) % 120 / 2;
        let row = comment::ActiveModel {
            id: Set(Uuid::now_v7()),
            article_id: Set(tide.article.id),
            account_id: Set(account.id),
            body_markdown: Set("x".to_owned()),
            body_html: Set(format!("<p>No. {day}.</p>")),
            created_at: Set(start - Duration::days(day)),
            hidden_above: Set(false),
            hearts: Set(0),
            held_at: Set(Some(start)),
            held_for: Set(Some("all".to_owned())),
            ..Default::default()
        };
        row.insert(&tide.app.app.db).await.expect("written");
    }
    for (state, is_rising) in [("all", true), ("waiting", false)] {
        let mut seen: Vec<i64> = Vec::new();
        let mut next = Some(format!("{QUEUE}?state={state}"));
        while let Some(address) = next {
            let page = tide.matthew.get(&address).await;
            let parts = page.body.split("<p>No. ").skip(1);
            seen.extend(parts.map(|part| {
                let day = part.split('.').next().expect("a number");
                day.parse::<i64>().expect("a day")
            }));
            let link = page.body.split_once("rel=\"next\" href=\"");
            next = link.map(|(_, rest)| {
                rest.split('"')
                    .next()
                    .expect("an end")
                    .replace("&amp;", "&")
            });
        }
        let mut expected: Vec<i64> = (0..120).map(|number| number / 2).collect();
        if !is_rising {
            expected.reverse();
        }
        assert_eq!(seen, expected, "{state}");
    }
}
