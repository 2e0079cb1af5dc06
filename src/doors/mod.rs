//! What every request passes on its way in and out: limits, origin check, headers, the error page.

mod errors;
mod headers;
mod kept;

pub use kept::kept;

use std::time::Duration;

use axum::{
    Router,
    body::HttpBody as _,
    extract::{DefaultBodyLimit, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel,
        predicate::{DefaultPredicate, Predicate as _},
    },
    csrf::{CsrfLayer, ProtectionError},
    limit::RequestBodyLimitLayer,
    timeout::{RequestBodyTimeoutLayer, TimeoutLayer},
};

use crate::{
    app::App,
    server::Peer,
    web::{Cacheable, Failure, Network},
};

/// The most a request's body may weigh, in bytes.
const BODY_LIMIT: usize = 1024 * 1024;
/// The same where a book's text is sent.
const TEXT_LIMIT: usize = 16 * 1024 * 1024;
/// The same where pictures are uploaded. More than a picture may weigh: who is refused one should hear why, and
/// a browser whose upload is broken off tells her nothing.
const UPLOAD_LIMIT: usize = 64 * 1024 * 1024;
/// How long the pieces of a body may let wait for them.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long any request may take.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// The same where pictures are uploaded.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(180);

/// Puts the layers around `pages`, the first named being the outermost.
pub fn around(app: &App, pages: Router<App>) -> Router<App> {
    pages.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(app.clone(), headers::secure))
            .layer(
                CompressionLayer::new()
                    .quality(CompressionLevel::Fastest)
                    .compress_when(DefaultPredicate::new().and(is_not_taken_whole)),
            )
            .layer(middleware::from_fn_with_state(app.clone(), errors::draw))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(origin_check(app))
            .layer(middleware::from_fn_with_state(app.clone(), network))
            .layer(middleware::from_fn(empty_form))
            .layer(RequestBodyTimeoutLayer::new(BODY_TIMEOUT)),
    )
}

/// Bounds what a request may weigh and take.
pub fn limited(pages: Router<App>) -> Router<App> {
    bounded(pages, BODY_LIMIT, REQUEST_TIMEOUT)
}

/// The same with room for a book's text, over a slow line.
pub fn roomy(pages: Router<App>) -> Router<App> {
    let pages = pages.layer(DefaultBodyLimit::disable());
    bounded(pages, TEXT_LIMIT, UPLOAD_TIMEOUT)
}

/// The same for pictures.
pub fn pictures(pages: Router<App>) -> Router<App> {
    let pages = pages.layer(DefaultBodyLimit::disable());
    let pages = bounded(pages, UPLOAD_LIMIT, UPLOAD_TIMEOUT);
    pages.layer(middleware::map_response(too_heavy))
}

/// Says of what a picture form was refused for at the door what the form itself would say.
async fn too_heavy(mut response: Response) -> Response {
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        response.extensions_mut().insert(Failure {
            words: Some("writing-picture-too-heavy"),
        });
    }
    response
}

fn bounded(pages: Router<App>, weight: usize, time: Duration) -> Router<App> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    pages.layer(
        ServiceBuilder::new()
            .layer(TimeoutLayer::with_status_code(status, time))
            .layer(RequestBodyLimitLayer::new(weight)),
    )
}

/// What is taken whole at the outermost door is compressed there, once.
fn is_not_taken_whole(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<Cacheable>().is_none()
}

/// Cross-site POSTs are refused by `Sec-Fetch-Site`, and by `Origin` where a browser sends none.
fn origin_check(app: &App) -> CsrfLayer<fn(ProtectionError) -> Response> {
    let layer = CsrfLayer::new();
    let public = url::Url::parse(&app.config.server.public_url);
    let origin = public.map(|url| url.origin().ascii_serialization());
    let layer = match origin.map(|origin| layer.clone().add_trusted_origin(origin)) {
        Ok(Ok(trusting)) => trusting,
        _ => layer,
    };
    layer.with_rejection_response(crossed as fn(ProtectionError) -> Response)
}

fn crossed(_: ProtectionError) -> Response {
    let mut response = StatusCode::FORBIDDEN.into_response();
    response.extensions_mut().insert(Failure {
        words: Some("web-error-403-cross-site"),
    });
    response
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A POST with nothing in it is a form without fields, whoever sends it and whatever they left out.
async fn empty_form(mut request: Request, next: Next) -> Response {
    let is_empty = request.body().is_end_stream();
    let headers = request.headers_mut();
    if is_empty && !headers.contains_key(header::CONTENT_TYPE) {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(header::CONTENT_TYPE, form);
    }
    next.run(request).await
}

/// Notes which network a request comes from.
async fn network(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if let Some(Peer(peer)) = request.extensions().get::<Peer>() {
        let trusted = &app.config.server.trusted_proxies;
        let network = Network::of(peer.ip(), request.headers(), trusted);
        request.extensions_mut().insert(network);
    }
    next.run(request).await
}
