//! One public page as bytes: plain and compressed, with its `ETag`.

use std::sync::OnceLock;

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, response},
    response::Response,
};
use sha2::{Digest, Sha256};

use super::Error;
use crate::render::{gzipped, takes_gzip};

/// The largest page that is taken, in bytes.
const LARGEST: usize = 8 * 1024 * 1024;

/// Rides on a response whose bytes may be compared: it gets an `ETag` and answers 304.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cacheable {
    /// The same for everybody who is not signed in; kept.
    Public,
    /// For whoever knows its address; not kept.
    Private,
    /// For her who is signed in: nobody else keeps it, and it has no `ETag`.
    Personal,
}

/// A response, whole.
pub struct Page {
    headers: HeaderMap,
    /// The `ETag` without its quotes.
    tag: Option<String>,
    body: Bytes,
    gzipped: OnceLock<Option<Bytes>>,
}

impl Page {
    /// Makes a page of a response's head and body.
    pub fn new(head: response::Parts, body: Bytes, kind: Cacheable) -> Self {
        let mut headers = head.headers;
        let (caching, vary) = match kind {
            Cacheable::Public => ("no-cache", "Cookie, Accept-Encoding"),
            Cacheable::Private => ("private, no-cache", "Accept-Encoding"),
            Cacheable::Personal => ("no-store", "Cookie, Accept-Encoding"),
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        headers.insert(header::VARY, HeaderValue::from_static(vary));
        headers.remove(header::CONTENT_LENGTH);
        Self {
            headers,
            tag: (kind != Cacheable::Personal).then(|| hex::encode(&Sha256::digest(&body)[..12])),
            body,
            gzipped: OnceLock::new(),
        }
    }

    /// Takes a response whole.
    ///
    /// # Errors
    /// If its body cannot be read.
    pub async fn of(response: Response, kind: Cacheable) -> Result<Self, Error> {
        let (head, body) = response.into_parts();
        let body = to_bytes(body, LARGEST).await;
        let body = body.map_err(|error| Error::Internal(error.into()))?;
        Ok(Self::new(head, body, kind))
    }

    /// About what it takes in memory, in bytes.
    pub fn weight(&self) -> usize {
        // Compressed it takes a third or less.
        self.body.len() * 4 / 3 + 2_000
    }

    /// The answer to a request for this page.
    pub fn answer(&self, method: &Method, asked: &HeaderMap) -> Response {
        let gzipped = takes_gzip(asked)
            .then(|| self.gzipped.get_or_init(|| gzipped(&self.body)).clone())
            .flatten();
        let ending = if gzipped.is_some() { "-gz" } else { "" };
        let tag = self.tag.as_ref().map(|tag| format!("\"{tag}{ending}\""));
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        self.headers.clone_into(headers);
        if let Some(Ok(tag)) = tag.map(HeaderValue::try_from) {
            headers.insert(header::ETAG, tag);
        }
        if self.is_known_to(asked) {
            headers.remove(header::CONTENT_TYPE);
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        if gzipped.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let body = gzipped.unwrap_or_else(|| self.body.clone());
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if method != Method::HEAD {
            *response.body_mut() = Body::from(body);
        }
        response
    }

    /// Whether whoever asks holds these bytes already.
    fn is_known_to(&self, asked: &HeaderMap) -> bool {
        let Some(own) = &self.tag else {
            return false;
        };
        asked
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'))
            .any(|tag| tag == "*" || tag.strip_suffix("-gz").unwrap_or(tag) == own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &'static str) -> Page {
        let (head, ()) = Response::new(()).into_parts();
        let body = Bytes::from_static(text.as_bytes());
        Page::new(head, body, Cacheable::Public)
    }

    fn asked(pairs: &[(header::HeaderName, &str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn a_page_that_is_known_is_not_sent_again() {
        let page = page("words");
        let first = page.answer(&Method::GET, &HeaderMap::new());
        assert_eq!(first.status(), StatusCode::OK);
        let tag = first.headers()[header::ETAG]
            .to_str()
            .expect("ascii")
            .to_owned();
        for (sent, status) in [
            (tag.clone(), StatusCode::NOT_MODIFIED),
            (format!("\"other\", W/{tag}"), StatusCode::NOT_MODIFIED),
            (tag.replace("\"", "") + "x", StatusCode::OK),
        ] {
            let asked = asked(&[(header::IF_NONE_MATCH, &sent)]);
            assert_eq!(page.answer(&Method::GET, &asked).status(), status, "{sent}");
        }
    }

    #[test]
    fn only_who_takes_gzip_gets_it() {
        let page = page("words words words words");
        for (sent, is_gzipped) in [
            ("gzip", true),
            ("br, GZIP;q=0.5", true),
            ("gzip;q=0", false),
            ("br", false),
        ] {
            let asked = asked(&[(header::ACCEPT_ENCODING, sent)]);
            let answer = page.answer(&Method::GET, &asked);
            let encoded = answer.headers().contains_key(header::CONTENT_ENCODING);
            assert_eq!(encoded, is_gzipped, "{sent}");
        }
    }
}
