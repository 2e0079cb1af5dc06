//! Pictures that weigh too much: whichever way they come, their author hears how much they may.

use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use plaudit::accounts::SESSION_COOKIE;

use super::{Desk, pictures::photograph};
use crate::support::{Page, spoken};

const SENTENCE: &str = "This picture is too large: 15 MB is the most. Nothing was kept";
const MB: usize = 1024 * 1024;

/// A form as browsers send it: its fields in the order in which they stand on the page.
fn form(file: &[u8]) -> Vec<u8> {
    let field = |name: &str, value: &[u8]| {
        let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{name}\"");
        let head = match name {
            "file" => format!("{head}; filename=\"a.jpg\"\r\nContent-Type: image/jpeg"),
            _ => head,
        };
        [head.as_bytes(), b"\r\n\r\n", value, b"\r\n"].concat()
    };
    let words = [field("alt", b"A pier in fog"), field("credit", b"Ann Tide")];
    [field("file", file), words.concat(), b"--cut--\r\n".to_vec()].concat()
}

impl Desk {
    /// Sends it, with its length said before or in pieces.
    async fn send(&self, path: &str, file: &[u8], in_pieces: bool) -> Page {
        let request = self.matthew.raw().post(self.matthew.address(path));
        let request = request
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "multipart/form-data; boundary=cut");
        let body = form(file);
        Page::of(match in_pieces {
            false => request.body(body),
            true => {
                let pieces: Vec<std::io::Result<Frame<Bytes>>> = body
                    .chunks(MB)
                    .map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))))
                    .collect();
                let pieces = StreamBody::new(futures_util::stream::iter(pieces));
                request.body(reqwest::Body::wrap(pieces))
            }
        })
        .await
    }
}

#[tokio::test]
async fn a_picture_that_weighs_too_much_is_told_so_and_its_words_are_kept() {
    let desk = Desk::start().await;
    let path = desk.write("Lights", "Text").await;
    // As much as is taken, and a sound picture as far as its first bytes say.
    let mut heavy = photograph(64, 64);
    heavy.resize(15 * MB, 0);
    heavy.extend_from_slice(&[0xff, 0xd9]);
    let heavier = [heavy.clone(), vec![0; 4 * MB]].concat();
    for (file, in_pieces) in [
        (&heavy, false),
        (&heavy, true),
        (&heavier, false),
        (&heavier, true),
    ] {
        for page in ["/studio/pictures", &format!("{path}/cover")] {
            let answer = desk.send(page, file, in_pieces).await;
            assert_eq!(answer.status, 422, "{page}");
            answer.says(SENTENCE).says("value=\"A pier in fog\"");
        }
    }
    let light = &heavy[..15 * MB];
    let answer = desk.send("/studio/pictures", light, false).await;
    answer.does_not_say(SENTENCE);
}

#[tokio::test]
async fn what_is_refused_at_the_door_is_told_the_same() {
    let desk = Desk::start().await;
    let (_, host) = desk.app.url.split_once("//").expect("an address");
    let account = desk.author.account_id;
    let now = desk.app.app.clock.now();
    let session = plaudit::accounts::begin_session(&desk.app.app.db, now, account, "test").await;
    let name = desk.app.app.cookies.name(SESSION_COOKIE);
    let cookie = format!("{name}={}", session.expect("a session"));
    for path in [
        "/studio/pictures",
        "/studio/settings/portrait",
        "/admin/publication/logo",
    ] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Type: multipart/form-data; boundary=cut\r\n\
             Content-Length: {}\r\n\r\n",
            90 * MB
        );
        let answer = spoken(&desk.app.url, head.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{path}: {answer}");
        assert!(answer.contains(SENTENCE), "{path}: {answer}");
    }
}
