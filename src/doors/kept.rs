//! The outermost door: who is not signed in gets public pages as they are kept, without entering.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    Router,
    body::HttpBody as _,
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::future::Either;
use std::sync::Arc;
use tower::{Service, ServiceExt as _};

use crate::{
    accounts::{FLASH_COOKIE, SESSION_COOKIE},
    app::App,
    web::{Cacheable, Page},
};

/// Carried for a moment by whoever did something, so that another machine too asks for the site's
/// revision before it shows them anything kept.
const FRESH_COOKIE: &str = "fresh";
/// How long, in seconds: many times what any machine goes by an old revision.
const FRESH_FOR: i64 = 10;

/// The whole service behind its kept pages.
pub fn kept(app: &App, inner: Router) -> Router {
    Router::new().fallback_service(Kept {
        app: app.clone(),
        inner,
    })
}

#[derive(Clone)]
struct Kept {
    app: App,
    inner: Router,
}

type Answer = Result<Response, Infallible>;

impl Service<Request> for Kept {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Answer>, Pin<Box<dyn Future<Output = Answer> + Send>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let kept = self.clone();
        if !kept.is_for_everybody(&request) {
            return Either::Right(Box::pin(kept.pass(request)));
        }
        let now = kept.app.clock.now();
        if kept.app.pages.is_trusted(now)
            && !kept.has_just_acted(request.headers())
            && let Some(page) = kept.app.pages.find::<Page>(request.uri().path(), now)
        {
            return Either::Left(ready(Ok(page.answer(request.method(), request.headers()))));
        }
        Either::Right(Box::pin(kept.draw(request)))
    }
}

impl Kept {
    /// Whether a kept page can be the answer: it is asked for by nobody in particular.
    fn is_for_everybody(&self, request: &Request) -> bool {
        let path = request.uri().path();
        let is_page = !["/assets/", "/health/", "/media/", "/metrics"]
            .iter()
            .any(|start| path.starts_with(start));
        is_page
            && is_read(request.method())
            && request.uri().query().is_none()
            && !self.is_known(request.headers())
    }

    /// Whether these headers come from a browser whose pages are its own.
    fn is_known(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::COOKIE)
            && [SESSION_COOKIE, FLASH_COOKIE]
                .iter()
                .any(|name| self.app.cookies.get(headers, name).is_some())
    }

    fn has_just_acted(&self, headers: &HeaderMap) -> bool {
        headers.contains_key(header::COOKIE)
            && self.app.cookies.get(headers, FRESH_COOKIE).is_some()
    }

    /// Makes sure that what is kept may be shown to whoever sent these headers.
    async fn catch_up(&self, headers: &HeaderMap) -> bool {
        let (pages, now) = (&self.app.pages, self.app.clock.now());
        let caught_up = if self.has_just_acted(headers) {
            pages.refresh(&self.app.db, now).await
        } else {
            pages.check(&self.app.db, now).await
        };
        if let Err(error) = &caught_up {
            tracing::warn!(%error, "could not ask for the site's revision");
        }
        caught_up.is_ok()
    }

    /// A kept page, after asking whether it still holds, or a new one to keep.
    async fn draw(self, mut request: Request) -> Answer {
        let now = self.app.clock.now();
        let pages = &self.app.pages;
        let is_known_state = self.catch_up(request.headers()).await;
        if is_known_state && let Some(page) = pages.find::<Page>(request.uri().path(), now) {
            return Ok(page.answer(request.method(), request.headers()));
        }
        let generation = pages.generation();
        let method = std::mem::replace(request.method_mut(), Method::GET);
        let path = request.uri().path().to_owned();
        let asked = request.headers().clone();
        let response = self.enter(request).await?;
        let keep = is_known_state && !response.headers().contains_key(header::SET_COOKIE);
        let answer = match whole(response).await {
            Drawn::Page(page, Cacheable::Public) if keep => {
                let page = Arc::new(page);
                let weight = page.weight();
                pages.keep(&path, (page.clone(), weight), generation, now);
                page.answer(&method, &asked)
            }
            Drawn::Page(page, _) => page.answer(&method, &asked),
            Drawn::Other(response) => response,
        };
        Ok(without_body(answer, &method))
    }

    /// A request of somebody, or one that does something.
    async fn pass(self, request: Request) -> Answer {
        if is_read(request.method()) {
            return self.read(request).await;
        }
        let path = request.uri().path();
        let is_machine = path.starts_with("/webhooks/") || path.starts_with("/sandbox/stripe/");
        let mut response = self.enter(request).await?;
        let is_done = response.status().is_success() || response.status().is_redirection();
        if is_done && !is_machine {
            self.after_an_act(&mut response).await;
        }
        Ok(response)
    }

    async fn read(self, mut request: Request) -> Answer {
        let asked = request.headers().clone();
        if self.has_just_acted(&asked) {
            self.catch_up(&asked).await;
        }
        let method = std::mem::replace(request.method_mut(), Method::GET);
        let response = self.enter(request).await?;
        let answer = match whole(response).await {
            Drawn::Page(page, _) => page.answer(&method, &asked),
            Drawn::Other(response) => response,
        };
        Ok(without_body(answer, &method))
    }

    async fn enter(&self, request: Request) -> Answer {
        self.inner.clone().oneshot(request).await
    }

    /// Whoever acted sees what they did, here at once and elsewhere by their cookie.
    async fn after_an_act(&self, response: &mut Response) {
        let now = self.app.clock.now();
        if let Err(error) = self.app.pages.refresh(&self.app.db, now).await {
            tracing::warn!(%error, "could not ask for the site's revision");
        }
        if response.status() == StatusCode::SEE_OTHER {
            let cookie = self.app.cookies.set(FRESH_COOKIE, "1", Some(FRESH_FOR));
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }
}

fn is_read(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

enum Drawn {
    Page(Page, Cacheable),
    Other(Response),
}

/// Takes a response whole if its handler said so.
async fn whole(response: Response) -> Drawn {
    let kind = response.extensions().get::<Cacheable>().copied();
    let Some(kind) = kind.filter(|_| response.status() == StatusCode::OK) else {
        return Drawn::Other(response);
    };
    match Page::of(response, kind).await {
        Ok(page) => Drawn::Page(page, kind),
        Err(error) => Drawn::Other(error.into_response()),
    }
}

fn without_body(mut response: Response, method: &Method) -> Response {
    if method == Method::HEAD {
        let body = std::mem::take(response.body_mut());
        if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
            let length = HeaderValue::from(length);
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, length);
        }
    }
    response
}
