//! What lists, feeds and meta tags say of an article: never more than everybody may read.

use super::markdown::Rendered;
use crate::entities::Audience;

/// The longest excerpt, in characters.
const LONGEST: usize = 300;
/// How many words people read in a minute.
const PACE: usize = 220;

/// The standfirst, or the beginning of the first paragraph: of a text that is not for everybody at
/// most a third, so that a short one is not given away.
pub(super) fn excerpt(standfirst: &str, text: &Rendered, audience: Audience) -> String {
    if !standfirst.trim().is_empty() {
        return standfirst.trim().to_owned();
    }
    let longest = match audience {
        Audience::Public => LONGEST,
        Audience::Readers | Audience::Patrons => LONGEST.min(text.characters / 3),
    };
    clipped(&text.first_paragraph, longest)
}

/// How long a text takes to read, in whole minutes.
pub(super) fn minutes(text: &Rendered) -> i32 {
    i32::try_from(text.words.div_ceil(PACE).max(1)).unwrap_or(i32::MAX)
}

/// At most `longest` characters of `text`, ending between words.
fn clipped(text: &str, longest: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(longest) else {
        return text.to_owned();
    };
    let cut = &text[..end];
    let whole = if text[end..].starts_with(char::is_whitespace) {
        cut
    } else {
        cut.rsplit_once(char::is_whitespace)
            .map_or("", |(head, _)| head)
    };
    let whole = whole.trim_end_matches(|c: char| !c.is_alphanumeric());
    if whole.is_empty() {
        String::new()
    } else {
        format!("{whole}…")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles::markdown;

    #[test]
    fn an_excerpt_ends_between_words() {
        for (longest, expected) in [
            (100, "One, two three"),
            (14, "One, two three"),
            (13, "One, two…"),
            (8, "One, two…"),
            (5, "One…"),
            (2, ""),
        ] {
            assert_eq!(clipped("One, two three", longest), expected);
        }
    }

    #[test]
    fn a_short_text_for_patrons_is_not_given_away() {
        let text = markdown::render("Nine words are all there is to read here.", "en");
        assert_eq!(
            excerpt("", &text, Audience::Public),
            "Nine words are all there is to read here."
        );
        assert_eq!(excerpt("", &text, Audience::Patrons), "Nine words…");
        assert_eq!(excerpt(" Own. ", &text, Audience::Patrons), "Own.");
    }

    #[test]
    fn minutes_are_whole_and_at_least_one() {
        for (words, expected) in [(0, 1), (220, 1), (221, 2), (1000, 5)] {
            let text = markdown::render(&"word ".repeat(words), "en");
            assert_eq!(minutes(&text), expected);
        }
    }
}
