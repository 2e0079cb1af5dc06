//! Who hears of a comment by mail: whom it concerns, once others see it, and each for themselves alone.

use chrono::Duration;
use reqwest::StatusCode;

use super::{COMMENTS, Tide, act};
use crate::support::Browser;

/// A mail as people read it: to, subject, text.
fn read(tide: &Tide) -> Vec<(String, String, String)> {
    use mailparse::MailHeaderMap as _;
    let mails = tide.app.mails();
    mails
        .iter()
        .map(|sent| {
            let mail = mailparse::parse_mail(&sent.raw).expect("a mail");
            let subject = mail.headers.get_first_value("Subject").expect("a subject");
            let text = mail.subparts[0].get_body().expect("text");
            (sent.to.clone(), subject, text.replace("\r\n", "\n"))
        })
        .collect()
}

/// The path of the link to this room in a mail.
#[track_caller]
fn link(tide: &Tide, text: &str, room: &str) -> String {
    let start = format!("{}/comments/{room}/", tide.app.url);
    let at = text
        .find(&start)
        .unwrap_or_else(|| panic!("no {room} in {text}"));
    let address = text[at..].split_whitespace().next().expect("an address");
    address[tide.app.url.len()..].to_owned()
}

async fn hold_all(tide: &Tide) {
    let form = [("mode", "all"), ("hold", ""), ("refuse", "")];
    tide.matthew.submit("/studio/comments/rules", &form).await;
}

#[tokio::test]
async fn the_author_hears_of_comments_and_whoever_is_answered_of_answers() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "A question").await;
    tide.app.work().await;
    let mails = read(&tide);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].0, "matthew-smith@example.org");
    assert_eq!(mails[0].1, "Ann commented on “The Tide”");
    assert!(mails[0].2.contains("> A question"));
    let answer = tide.reply(&ben, id, "An answer").await;
    tide.reply(&ben, answer, "To myself").await;
    tide.app.work().await;
    tide.app.work().await;
    let to: Vec<String> = read(&tide).into_iter().skip(1).map(|mail| mail.0).collect();
    let mut sorted = to.clone();
    sorted.sort();
    let expected = [
        "ann@example.org",
        "matthew-smith@example.org",
        "matthew-smith@example.org",
    ];
    assert_eq!(sorted, expected, "never about one's own, never twice");
    tide.reply(&tide.matthew, id, "Thank you").await;
    tide.app.work().await;
    let last = read(&tide).pop().expect("a mail");
    assert_eq!(last.0, "ann@example.org");
    assert_eq!(last.1, "Matthew Smith answered you under “The Tide”");
}

#[tokio::test]
async fn nothing_is_mailed_about_a_held_comment_but_to_the_author_who_approves_it_from_there() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let id = tide.comment(&ann, "A question").await;
    tide.app.work().await;
    hold_all(&tide).await;
    let parent = id.to_string();
    let form = [("body", "An answer"), ("parent", parent.as_str())];
    assert_eq!(
        ben.post(COMMENTS, &form).await.status,
        StatusCode::SEE_OTHER
    );
    tide.app.work().await;
    let mails = read(&tide);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].0, "matthew-smith@example.org");
    assert!(mails[1].1.contains("waits for you"));
    let page = link(&tide, &mails[1].2, "decide");
    let anyone = tide.app.browser();
    anyone.get(&page).await.says("An answer").says(">Approve<");
    tide.seen().await.does_not_say("An answer");
    let done = anyone.post(&page, &[("act", "approve")]).await;
    done.says("Done: everybody sees it.");
    tide.seen().await.says("An answer");
    tide.app.work().await;
    let mails = read(&tide);
    assert_eq!(mails.len(), 3);
    assert_eq!(
        mails[2].0, "ann@example.org",
        "and no second one to the author"
    );
    anyone.post(&page, &[("act", "hide")]).await;
    tide.seen().await.does_not_say("An answer");
    let broken = anyone.get(&page[..page.len() - 1]).await;
    assert_eq!(broken.status, StatusCode::NOT_FOUND);
    let odd = anyone.post(&page, &[("act", "remove")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_held_comment_is_hidden_from_the_mail_by_a_page_that_a_look_leaves_alone() {
    let tide = Tide::start().await;
    let ben = tide.reader("Ben").await;
    hold_all(&tide).await;
    let form = [("body", "Hide me")];
    ben.post(COMMENTS, &form).await;
    tide.app.work().await;
    let page = link(&tide, &read(&tide)[0].2, "decide");
    let anyone = tide.app.browser();
    for _ in 0..2 {
        anyone
            .get(&page)
            .await
            .says("Hide me")
            .says("<bdi>Ben</bdi>")
            .says("value=\"hide\"");
        let row = tide.rows().await.remove(0);
        assert!(row.hidden_at.is_none() && row.held_at.is_some(), "a look");
    }
    let done = anyone.post(&page, &[("act", "hide")]).await;
    done.says("Done: it is hidden.").says("value=\"show\"");
    let row = tide.rows().await.remove(0);
    assert!(row.hidden_at.is_some());
    assert_eq!(
        row.hidden_by,
        Some(tide.author.account_id),
        "as its recipient"
    );
    let queue = tide.matthew.get("/studio/comments").await;
    queue.says("Nothing waits.");
    let hidden = tide.matthew.get("/studio/comments?state=hidden").await;
    hidden.says("Hide me");
    let shown = anyone.post(&page, &[("act", "show")]).await;
    shown.says("It is not hidden, and waits");
    tide.app.work().await;
    assert_eq!(read(&tide).len(), 1, "nobody hears of it again");
}

#[tokio::test]
async fn a_link_mutes_for_its_recipient_alone() {
    let tide = Tide::start().await;
    let (ann, ben) = (tide.reader("Ann").await, tide.reader("Ben").await);
    let carl = tide.reader("Carl").await;
    let id = tide.comment(&ann, "A question").await;
    let answer = tide.reply(&ben, id, "An answer").await;
    tide.app.work().await;
    let (_, _, text) = read(&tide)
        .into_iter()
        .find(|mail| mail.0 == "ann@example.org")
        .expect("a mail to Ann");
    let page = link(&tide, &text, "mail");
    let anyone = tide.app.browser();
    anyone.get(&page).await.says("Mute this conversation");
    let one_click = [("List-Unsubscribe", "One-Click")];
    anyone
        .post(&page, &one_click)
        .await
        .says("This concerns you alone.");
    tide.reply(&carl, id, "To Ann").await;
    tide.reply(&carl, answer, "To Ben").await;
    tide.app.work().await;
    let to = |who: &str| read(&tide).iter().filter(|mail| mail.0 == who).count();
    assert_eq!((to("ann@example.org"), to("ben@example.org")), (1, 1));
    anyone.post(&page, &[("wanted", "unmute")]).await;
    tide.reply(&carl, id, "To Ann again").await;
    tide.app.work().await;
    assert_eq!(to("ann@example.org"), 2);
    anyone.post(&page, &[("wanted", "stop")]).await;
    tide.reply(&carl, id, "To Ann once more").await;
    tide.app.work().await;
    assert_eq!(to("ann@example.org"), 2);
}

#[tokio::test]
async fn a_link_to_mute_decides_on_nothing_though_its_recipient_might() {
    let tide = Tide::start().await;
    let ben = tide.reader("Ben").await;
    let id = tide.comment(&tide.matthew, "A question").await;
    tide.reply(&ben, id, "An answer").await;
    tide.app.work().await;
    let (_, subject, text) = read(&tide).pop().expect("a mail to Matthew");
    assert!(subject.contains("answered you"), "{subject}");
    // A thread is called by its first comment, which is one to decide on.
    let decide = link(&tide, &text, "mail").replace("/mail/", "/decide/");
    let anyone = tide.app.browser();
    assert_eq!(anyone.get(&decide).await.status, StatusCode::NOT_FOUND);
    let hide = anyone.post(&decide, &[("act", "hide")]).await;
    assert_eq!(hide.status, StatusCode::NOT_FOUND);
    tide.seen().await.says("A question");
}

#[tokio::test]
async fn what_is_hidden_before_the_mail_is_written_is_never_mailed() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let id = tide.comment(&ann, "Rude").await;
    tide.matthew.submit(&act(id, "hide"), &[]).await;
    tide.app.work().await;
    assert!(read(&tide).is_empty());
}

#[tokio::test]
async fn an_author_may_hear_once_a_day_or_never() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let wanted = |word| [("wanted", word)];
    let room = "/studio/comments/mail";
    tide.matthew.submit(room, &wanted("never")).await;
    tide.comment(&ann, "Unheard").await;
    tide.app.work().await;
    assert!(read(&tide).is_empty());
    tide.matthew.submit(room, &wanted("daily")).await;
    tide.app.app.clock.advance(Duration::hours(1));
    tide.comment(&ann, "One").await;
    tide.comment(&ann, "Two").await;
    tide.app.work().await;
    assert!(read(&tide).is_empty(), "not before the day is over");
    tide.app.app.clock.advance(Duration::hours(24));
    tide.app.work().await;
    tide.app.work().await;
    let mails = read(&tide);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].1, "2 new comments under your articles");
    assert!(mails[0].2.contains("> One") && !mails[0].2.contains("Unheard"));
    let page = link(&tide, &mails[0].2, "mail");
    turn_off(&tide.app.browser(), &page).await;
    tide.app.app.clock.advance(Duration::days(2));
    tide.comment(&ann, "Three").await;
    tide.app.work().await;
    assert_eq!(read(&tide).len(), 1);
}

#[tokio::test]
async fn the_letter_of_the_day_leads_to_what_waits_and_says_so_only_where_something_does() {
    let tide = Tide::start().await;
    let ann = tide.reader("Ann").await;
    let room = "/studio/comments/mail";
    tide.matthew.submit(room, &[("wanted", "daily")]).await;
    let a_day_later = async || {
        tide.app.app.clock.advance(Duration::days(1));
        tide.app.work().await;
        read(&tide).pop().expect("a mail").2
    };
    tide.comment(&ann, "Seen by all").await;
    let text = a_day_later().await;
    let queue = format!("{}/studio/comments", tide.app.url);
    let waits = format!("Look over what waits:\n{queue}\n");
    let all = format!("All comments under your articles:\n{queue}?state=all\n");
    assert!(text.contains(&all) && !text.contains("waits"), "{text}");
    tide.matthew
        .get("/studio/comments?state=all")
        .await
        .says("Seen by all");
    hold_all(&tide).await;
    let held = ann.post(COMMENTS, &[("body", "Held")]).await;
    assert_eq!(held.status, StatusCode::SEE_OTHER);
    let text = a_day_later().await;
    assert!(text.contains(&waits) && !text.contains(&all), "{text}");
    // It still does on the next day, be what is new seen by all.
    let form = [("mode", "off"), ("hold", ""), ("refuse", "")];
    tide.matthew.submit("/studio/comments/rules", &form).await;
    tide.comment(&ann, "Seen by all again").await;
    let text = a_day_later().await;
    assert!(text.contains("> Seen by all again"), "{text}");
    assert!(text.contains(&waits) && !text.contains(&all), "{text}");
    let id = tide.rows().await[1].id;
    tide.matthew.submit(&act(id, "approve"), &[]).await;
    tide.comment(&ann, "A last one").await;
    let text = a_day_later().await;
    assert!(text.contains(&all) && !text.contains(&waits), "{text}");
}

async fn turn_off(browser: &Browser, page: &str) {
    let done = browser.post(page, &[("wanted", "never")]).await;
    done.says("value=\"never\" checked");
}
