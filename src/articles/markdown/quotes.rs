//! Quotation marks as each language sets them. The parser makes “English” ones of the straight.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event};

/// Replaces the marks the parser made of straight ones, and leaves those that were typed so.
pub(super) fn in_language<'a>(
    source: &str,
    language: &str,
    events: impl Iterator<Item = (Event<'a>, Range<usize>)>,
) -> Vec<Event<'a>> {
    events
        .map(|(event, range)| match &event {
            Event::Text(text) if language == "de" => {
                let was_straight = matches!(source.get(range), Some("\"" | "'"));
                match german(text).filter(|_| was_straight) {
                    Some(mark) => Event::Text(CowStr::Borrowed(mark)),
                    None => event,
                }
            }
            _ => event,
        })
        .collect()
}

/// The apostrophe looks like the closing single mark and stays as it is.
fn german(mark: &str) -> Option<&'static str> {
    match mark {
        "“" => Some("„"),
        "”" => Some("“"),
        "‘" => Some("‚"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::render;

    #[test]
    fn quotes_are_those_of_the_language() {
        for (language, expected) in [
            ("en", "<p>“Isn’t it?” she said. „so“</p>\n"),
            ("de", "<p>„Isn’t it?“ she said. „so“</p>\n"),
        ] {
            let html = render("\"Isn't it?\" she said. „so“", language).html;
            assert_eq!(html, expected);
        }
    }
}
