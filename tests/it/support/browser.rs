//! A visitor over plain HTTP: keeps cookies, follows nothing by itself, says where forms come from.

use std::sync::Arc;

use reqwest::{
    Client, StatusCode,
    cookie::Jar,
    header::{HeaderMap, HeaderName},
    redirect::Policy,
};

/// What stands between the parts of a form with a file.
const BOUNDARY: &str = "f7d1c0";

pub struct Browser {
    client: Client,
    jar: Arc<Jar>,
    base: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(base: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(Policy::none())
            .build()
            .expect("a client");
        Self {
            client,
            jar,
            base: base.to_owned(),
        }
    }

    /// Puts a cookie into this visitor's jar.
    pub fn hold(&self, name: &str, value: &str) {
        let site = self.base.parse().expect("an address");
        self.jar.add_cookie_str(&format!("{name}={value}"), &site);
    }

    pub async fn get(&self, path: &str) -> Page {
        Page::of(self.client.get(self.address(path))).await
    }

    /// Posts a form as the page itself would.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let request = self
            .client
            .post(self.address(path))
            .header("sec-fetch-site", "same-origin")
            .form(form);
        Page::of(request).await
    }

    /// Posts a form with a file in it, as browsers do (RFC 7578).
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Page {
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}");
            body.extend_from_slice(format!("--{BOUNDARY}\r\n{part}\r\n").as_bytes());
        }
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\n\
                    Content-Type: image/jpeg";
        body.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = self.client.post(self.address(path));
        let request = request
            .header("sec-fetch-site", "same-origin")
            .header("content-type", kind)
            .body(body);
        Page::of(request).await
    }

    /// The head of what is there.
    pub async fn head(&self, path: &str) -> Page {
        Page::of(self.client.head(self.address(path))).await
    }

    /// The bytes at this address.
    pub async fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.client.get(self.address(path)).send().await;
        answer
            .expect("an answer")
            .bytes()
            .await
            .expect("bytes")
            .to_vec()
    }

    /// Posts a form and follows the 303 it must answer.
    pub async fn submit(&self, path: &str, form: &[(&str, &str)]) -> Page {
        let answer = self.post(path, form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        self.get(answer.location()).await
    }

    /// For requests no browser makes.
    pub fn raw(&self) -> &Client {
        &self.client
    }

    /// `path` under this service; whole addresses stay as they are.
    pub fn address(&self, path: &str) -> String {
        if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        }
    }
}

impl Page {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        Self {
            status: response.status(),
            headers: response.headers().clone(),
            body: as_read(&response.text().await.expect("text")),
        }
    }

    pub fn header(&self, name: &'static str) -> &str {
        self.headers
            .get(HeaderName::from_static(name))
            .map_or("", |value| value.to_str().expect("ascii"))
    }

    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Fails, showing the page, unless it says `text`.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(
            self.body.contains(text),
            "no “{text}” in {}:\n{}",
            self.status,
            self.body
        );
        self
    }

    #[track_caller]
    pub fn does_not_say(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "“{text}” in:\n{}", self.body);
        self
    }
}

/// Where a word may break is seen by nobody who reads it.
fn as_read(body: &str) -> String {
    body.replace("<wbr>", "")
}
