//! Looking for words.

use sea_orm::sea_query::LikeExpr;

/// What contains `text`, for `LIKE` on lower-case text: its own signs mean themselves.
pub fn containing(text: &str) -> LikeExpr {
    let escaped: String = text
        .to_lowercase()
        .chars()
        .flat_map(|sign| {
            let escape = matches!(sign, '%' | '_' | '\\').then_some('\\');
            escape.into_iter().chain([sign])
        })
        .collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
