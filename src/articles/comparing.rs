//! Two texts word by word: what went, what came.

use std::time::Duration;

use serde::Serialize;
use similar::{Algorithm, ChangeTag, TextDiff};

/// How long the best comparison is looked for; after that a coarser one will do.
const PATIENCE: Duration = Duration::from_millis(300);
/// How much of what stayed is shown beside what changed, in characters.
const AROUND: usize = 160;

/// A stretch of text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// `same`, `gone` or `new`.
    pub kind: &'static str,
    pub text: String,
}

/// What became of `old` in `new`: nothing, if it is the same. What stayed far from any change is left out.
pub fn compare(old: &str, new: &str) -> Vec<Piece> {
    if old == new {
        return Vec::new();
    }
    let diff = TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .timeout(PATIENCE)
        .diff_words(old, new);
    let mut pieces: Vec<Piece> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Delete => "gone",
            ChangeTag::Insert => "new",
        };
        match pieces.last_mut() {
            Some(piece) if piece.kind == kind => piece.text.push_str(change.value()),
            _ => pieces.push(Piece {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    let last = pieces.len().saturating_sub(1);
    for (index, piece) in pieces.iter_mut().enumerate() {
        if piece.kind == "same" {
            piece.text = shortened(&piece.text, index > 0, index < last);
        }
    }
    pieces
}

/// The ends of `text` that touch a change.
fn shortened(text: &str, is_after: bool, is_before: bool) -> String {
    let count = text.chars().count();
    let head = if is_after { AROUND } else { 0 };
    let tail = if is_before { AROUND } else { 0 };
    if count <= head + tail + 1 {
        return text.to_owned();
    }
    let start: String = text.chars().take(head).collect();
    let end: String = text.chars().skip(count - tail).collect();
    format!("{start} … {end}").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_are_told_from_those_that_stayed() {
        let pieces = compare("The ferry waits.", "The old ferry leaves.");
        let said: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.kind, piece.text.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                ("same", "The "),
                ("new", "old "),
                ("same", "ferry "),
                ("gone", "waits."),
                ("new", "leaves.")
            ]
        );
        assert!(compare("", "").is_empty());
    }

    #[test]
    fn what_stayed_far_away_is_left_out() {
        let long = "word ".repeat(1000);
        let pieces = compare(&format!("{long}end"), &format!("{long}close"));
        assert_eq!(pieces.len(), 3);
        assert!(
            pieces[0].text.starts_with('…') && pieces[0].text.len() < 200,
            "{:?}",
            pieces[0]
        );
    }

    #[test]
    fn texts_of_a_book_are_compared_in_good_time() {
        let words = |step: usize| {
            (0..50_000)
                .map(|number| format!("{} ", number * step % 977))
                .collect::<String>()
        };
        assert!(!compare(&words(3), &words(7)).is_empty());
    }
}
