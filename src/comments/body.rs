//! The text of a comment, checked and set.

use crate::render::marked;

/// The longest comment, in characters.
pub(super) const LONGEST: usize = 10_000;

/// A text that may be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    /// As typed, with plain line ends and without control characters.
    pub markdown: String,
    /// Sanitised.
    pub html: String,
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    Empty,
    TooLong,
}

impl Body {
    /// Checks and sets what was typed.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub fn parse(typed: &str) -> Result<Self, Flaw> {
        let markdown = tidy(typed);
        if markdown.chars().count() > LONGEST {
            return Err(Flaw::TooLong);
        }
        let html = marked::render(&markdown);
        if markdown.chars().all(is_blank) || !is_seen(&html) {
            return Err(Flaw::Empty);
        }
        Ok(Self { markdown, html })
    }
}

/// Plain line ends, no control characters (PostgreSQL takes no NUL), nothing that turns the direction of
/// what comes after it around, no blanks around. Right-to-left text needs none of these: its own letters, and
/// `dir=auto` around it, say which way it runs.
fn tidy(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .filter(|c| !turns_direction(*c))
        .collect();
    let text = text.trim_end();
    text.trim_start_matches(['\n', '\u{feff}']).to_owned()
}

/// Embeddings, overrides and isolates (Unicode Technical Report 36, 2.1): they can make words read as
/// others.
pub(super) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{206a}'..='\u{206f}')
}

/// Whether anything of this sanitised HTML is seen.
pub(super) fn is_seen(html: &str) -> bool {
    let mut is_tag = false;
    html.chars().any(|c| {
        let is_words = !is_tag && c != '<' && !is_blank(c);
        is_tag = (is_tag || c == '<') && c != '>';
        is_words
    })
}

/// Whether it leads anywhere.
pub(super) fn has_link(html: &str) -> bool {
    html.contains("<a href=")
}

/// What nobody sees, alone or in a row: blanks, joiners, fillers, selectors, tags.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || turns_direction(c)
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}'
                | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_says_something_and_not_too_much() {
        for (typed, expected) in [
            ("", Err(Flaw::Empty)),
            (" \r\n\t\u{a0}\u{200b} ", Err(Flaw::Empty)),
            ("[a]: https://x.example", Err(Flaw::Empty)),
            ("\0", Err(Flaw::Empty)),
            (
                "\u{200b}\u{2800}\u{3164}\u{e0041}\u{fe0f}",
                Err(Flaw::Empty),
            ),
            ("> \u{200d}\n> **\u{2060}**", Err(Flaw::Empty)),
            ("[\u{200b}](https://x.example)", Err(Flaw::Empty)),
            ("a\u{202e}cod.exe\u{202c}\u{2066}b", Ok("acod.exeb")),
            ("שלום\u{200f} world", Ok("שלום\u{200f} world")),
            (
                "می\u{200c}خواهم 👩\u{200d}🚀",
                Ok("می\u{200c}خواهم 👩\u{200d}🚀"),
            ),
            ("\r\n\r\na\r\n\0b \n", Ok("a\nb")),
        ] {
            let parsed = Body::parse(typed).map(|body| body.markdown);
            assert_eq!(parsed, expected.map(str::to_owned), "{typed:?}");
        }
        assert!(Body::parse(&"ä".repeat(LONGEST)).is_ok());
        assert_eq!(Body::parse(&"ä".repeat(LONGEST + 1)), Err(Flaw::TooLong));
        let lines = "a\r\n".repeat(LONGEST / 2);
        assert!(Body::parse(&lines).is_ok(), "a line end counts once");
    }
}
