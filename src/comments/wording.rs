//! Whether words of a list stand in a text, however they are written there.

use unicode_normalization::UnicodeNormalization as _;
use unicode_security::confusable_detection::skeleton;

use super::body::is_blank;

/// Whether the words of a line stand in a text by themselves. `@host` is never words.
pub(super) fn says(text: &str, wanted: &str) -> bool {
    if wanted.is_empty() || wanted.starts_with('@') {
        return false;
    }
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(wanted).any(|(at, found)| {
        let before = text[..at].chars().next_back();
        let after = text[at + found.len()..].chars().next();
        let begins = !(is_letter(before) && is_letter(wanted.chars().next()));
        begins && !(is_letter(after) && is_letter(wanted.chars().next_back()))
    })
}

/// The ways to read a text: as it stands; and letters of other scripts as those that they are taken for, by their looks
/// (Unicode Technical Standard 39, 4), by the looks of the small ones, and an `l` that may be meant for an i as one.
/// Latin letters stay as they are, or `corn` would be `com`.
pub(super) fn readings(text: &str) -> [String; 4] {
    let text = seen(text);
    if text.is_ascii() {
        let folded = folded(&text);
        return [folded.clone(), folded.clone(), folded.clone(), folded];
    }
    let read = |look: fn(char) -> String| {
        let letter = |c: char| if c.is_ascii() { c.to_string() } else { look(c) };
        folded(&text.chars().map(letter).collect::<String>())
    };
    let as_i = |c: char| looks(&c.to_string()).replace('l', "i");
    let small = |c: char| looks(&c.to_lowercase().to_string());
    [
        folded(&text),
        read(|c| looks(&c.to_string())),
        read(small),
        read(as_i),
    ]
}

fn looks(letter: &str) -> String {
    skeleton(letter).collect()
}

/// Nothing unseen, each sign in its plainest form (NFKC, Unicode Standard Annex 15), letters without their case
/// (of all that are one in capitals, the small one), one blank between words.
pub(super) fn folded(text: &str) -> String {
    let seen = seen(text);
    let small = seen
        .chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase);
    let text: String = small.collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// The part of [`folded`] that leaves letters their case.
fn seen(text: &str) -> String {
    let is_seen = |c: &char| c.is_whitespace() || !is_blank(*c);
    let plainest = text.chars().filter(is_seen).nfkc().filter(is_seen);
    plainest.collect()
}
