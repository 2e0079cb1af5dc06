//! The text of a comment, checked and set.

use super::markdown;

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
        let html = markdown::render(&markdown);
        if markdown.chars().all(is_blank) || html.is_empty() {
            return Err(Flaw::Empty);
        }
        Ok(Self { markdown, html })
    }
}

/// Plain line ends, no control characters (PostgreSQL takes no NUL), no blanks around.
fn tidy(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect();
    let text = text.trim_end();
    text.trim_start_matches(['\n', '\u{feff}']).to_owned()
}

fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'
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
