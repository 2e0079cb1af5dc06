//! A form with a file in it.

use std::collections::HashMap;

use axum::{
    extract::{Multipart, multipart::MultipartError},
    http::StatusCode,
};

use super::{Error, Result};

/// What was sent.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    /// The field `file`; empty where none was chosen.
    pub file: Vec<u8>,
    words: HashMap<String, String>,
}

impl Posted {
    /// A field of words; empty where it is missing.
    pub fn word(&self, name: &str) -> &str {
        self.words.get(name).map(String::as_str).unwrap_or_default()
    }
}

/// Reads such a form, within the bounds of its address.
///
/// # Errors
/// If it did not arrive whole or is too large.
pub async fn posted(mut form: Multipart) -> Result<Posted> {
    let mut posted = Posted::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            posted.file = field.bytes().await.map_err(broken)?.to_vec();
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
