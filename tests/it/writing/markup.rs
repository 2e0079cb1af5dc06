//! HTML in a text: what is left open swallows nothing, and pictures without words are pointed out.

use super::{Desk, form};

#[tokio::test]
async fn an_element_left_open_swallows_neither_the_text_nor_the_page() {
    let desk = Desk::start().await;
    for (number, opened) in [
        "<iframe>",
        "<textarea>",
        "<title>",
        "<style>",
        "<plaintext>",
        "<!--",
        "<div class=\"",
    ]
    .into_iter()
    .enumerate()
    {
        let body = format!("Before.\n\n{opened}\n\n> The *rest*\n\n</div></main></body>");
        let path = desk.write(&format!("Number {number}"), &body).await;
        desk.publish(&path).await;
        let readers = desk.app.browser();
        let page = readers.get(&format!("/articles/number-{number}")).await;
        page.says("<p>The <em>rest</em></p>")
            .says("Liked it? Take a second to")
            .says("id=\"comments-heading\"");
        for mark in ["</main>", "</body>", "<textarea"] {
            let most = if mark == "<textarea" { 0 } else { 1 };
            assert_eq!(page.body.matches(mark).count(), most, "{opened}: {mark}");
        }
        desk.matthew.get(&path).await.says("The *rest*");
    }
}

#[tokio::test]
async fn a_preview_says_how_many_pictures_have_no_description() {
    let desk = Desk::start().await;
    let none = "![](/assets/icon.svg)";
    let (two, said) = (
        format!("{none}\n\n<img src=\"/assets/icon.svg\">"),
        "![A pier](/assets/icon.svg)",
    );
    for (body, sentence) in [
        (none, Some("One picture has no description.")),
        (&*two, Some("2 pictures have no description.")),
        (said, None),
    ] {
        let look = form(&[("title", "A"), ("body", body), ("do", "preview")]);
        for path in ["/studio/articles/new", "/studio/articles/preview"] {
            let page = desk.matthew.post(path, &look).await;
            assert_eq!(page.status, 200, "{path}");
            page.says("alt=\"");
            match sentence {
                Some(sentence) => page.says(sentence),
                None => page.does_not_say("no description"),
            };
        }
    }
    let path = desk.write("Lights", &two).await;
    desk.publish(&path).await;
    let page = desk.app.browser().get("/articles/lights").await;
    page.does_not_say("no description");
    assert_eq!(page.body.matches(" alt=\"\"").count(), 2, "{}", page.body);
}

#[tokio::test]
async fn words_run_the_way_their_own_letters_do() {
    let desk = Desk::start().await;
    let fields = form(&[
        ("title", "רוח מן הים"),
        ("body", "שלום"),
        ("comments", "readers"),
    ]);
    let saved = desk.matthew.post("/studio/articles/new", &fields).await;
    let path = saved.location().to_owned();
    desk.publish(&path).await;
    let (ann, _) = desk.app.reader("أمينة").await;
    let page = desk.app.browser().get("/").await;
    page.says("<li><article dir=\"auto\">");
    let address = super::pictures::between(&page.body, "<h2><a href=\"", "\"");
    let page = ann.get(address).await;
    page.says("<article dir=\"auto\"")
        .says("<div class=\"prose\" dir=\"auto\">");
    ann.post(&format!("{address}/comments"), &[("body", "مرحبا")])
        .await;
    let queue = desk.matthew.get("/studio/comments?state=all").await;
    queue
        .says("<bdi>أمينة</bdi>")
        .says("<bdi>רוח מן הים</bdi>")
        .says("<div class=\"prose\" dir=\"auto\"><p>مرحبا</p>");
    let desk_list = desk.matthew.get("/studio/articles").await;
    desk_list.says("<bdi>רוח מן הים</bdi>");
}
