//! A form with a file in it.

use std::collections::HashMap;

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};

use super::{Error, Result};
use crate::media::HEAVIEST;

/// What was sent.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// The field `file`; empty where none was chosen. Of one that is too heavy, as much as shows that it is.
    pub file: Vec<u8>,
    words: HashMap<String, String>,
}

impl Posted {
    /// A field of words; empty where it is missing.
    pub fn word(&self, name: &str) -> &str {
        self.words.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Reads such a form to its end, whatever the file weighs, so that the words beside it are known and whoever
/// sends it hears the answer.
///
/// # Errors
/// If it did not arrive whole, or weighs more than its address takes at all.
pub async fn posted(mut form: Multipart) -> Result<Posted> {
    let mut posted = Posted::default();
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            while let Some(piece) = field.chunk().await.map_err(broken)? {
                let room = (HEAVIEST + 1).saturating_sub(posted.file.len());
                posted
                    .file
                    .extend_from_slice(&piece[..piece.len().min(room)]);
            }
        } else {
            let word = field.text().await.map_err(broken)?;
            posted.words.insert(name, word);
        }
    }
    Ok(posted)
}

fn broken(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadRequest("writing-picture-form"),
    }
}
