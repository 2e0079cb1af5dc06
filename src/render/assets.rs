//! The files pages link to, compiled in and served under names that change with their content.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;

use super::{gzipped, pictures, takes_gzip};

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    hash: String,
    bytes: Bytes,
    /// Where that is smaller.
    gzipped: Option<Bytes>,
    media_type: &'static str,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let bytes = match file.data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            let asset = Asset {
                hash: hex::encode(&file.metadata.sha256_hash()[..6]),
                media_type: media_type(&name),
                gzipped: gzipped(&bytes).filter(|gzipped| gzipped.len() < bytes.len()),
                bytes,
            };
            Some((name.into_owned(), asset))
        })
        .collect()
});

/// The address of `path`, such as `/assets/3f2a…/plaudit.css`; `None` if there is no such file.
pub fn url(path: &str) -> Option<String> {
    let asset = ASSETS.get(path)?;
    Some(format!("/assets/{}/{path}", asset.hash))
}

/// Width and height of the picture at this address of ours, in pixels.
pub fn size(address: &str) -> Option<(u32, u32)> {
    let (asset, _) = find(address.strip_prefix("/assets/")?)?;
    pictures::size(&asset.bytes)
}

/// `GET /assets/{*path}`. With its hash in front a file is cached for ever, since it has another
/// address when it changes; without, as articles link to pictures, it is asked for again.
pub async fn serve(Path(path): Path<String>, asked: HeaderMap) -> Response {
    let Some((asset, is_named_by_hash)) = find(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let caching = if is_named_by_hash {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let tag = format!("\"{}\"", asset.hash);
    let head = [
        (header::CACHE_CONTROL, caching),
        (header::ETAG, &tag),
        (header::VARY, "Accept-Encoding"),
    ];
    let known = asked.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
    if known == Some(tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let kind = [(header::CONTENT_TYPE, asset.media_type)];
    match asset.gzipped.clone().filter(|_| takes_gzip(&asked)) {
        Some(gzipped) => {
            let coding = [(header::CONTENT_ENCODING, "gzip")];
            (head, kind, coding, gzipped).into_response()
        }
        None => (head, kind, asset.bytes.clone()).into_response(),
    }
}

/// The file of this path, and whether its present hash stands in front.
fn find(path: &str) -> Option<(&'static Asset, bool)> {
    if let Some(asset) = ASSETS.get(path) {
        return Some((asset, false));
    }
    let (hash, path) = path.split_once('/')?;
    let asset = ASSETS.get(path)?;
    Some((asset, asset.hash == hash))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}
