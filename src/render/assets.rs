//! The files pages link to, compiled in and served under names that change with their content.

use std::{borrow::Cow, collections::HashMap, sync::LazyLock};

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::Embed;

use super::pictures;

#[derive(Embed)]
#[folder = "assets/"]
struct Files;

struct Asset {
    hash: String,
    bytes: Cow<'static, [u8]>,
    media_type: &'static str,
}

static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let asset = Asset {
                hash: hex::encode(&file.metadata.sha256_hash()[..6]),
                media_type: media_type(&name),
                bytes: file.data,
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
    let path = address.strip_prefix("/assets/")?;
    let asset = ASSETS.get(path).or_else(|| {
        let (_, path) = path.split_once('/')?;
        ASSETS.get(path)
    })?;
    pictures::size(&asset.bytes)
}

/// `GET /assets/{hash}/{*path}`: cached for ever, since a changed file has another address.
pub async fn serve(Path((hash, path)): Path<(String, String)>) -> Response {
    match ASSETS.get(&path) {
        Some(asset) if asset.hash == hash => (
            [
                (header::CONTENT_TYPE, asset.media_type),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            asset.bytes.clone(),
        )
            .into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
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
