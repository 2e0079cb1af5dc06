//! What is typed, without what disturbs the text around it.

use unicode_normalization::UnicodeNormalization as _;

/// One line as it may stand in a list beside others: without what turns the direction of what follows,
/// what nobody sees, and line ends; letters and their marks composed, so that what reads the same is the same. Source:
/// Unicode UAX #9, UTR #36 and UAX #15.
pub fn line(typed: &str) -> String {
    let seen: String = typed
        .nfc()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_disturbing(*c))
        .collect();
    seen.split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Plain words in lines of their own: what `line` takes out is out, and the line ends stay.
pub fn lines(typed: &str) -> String {
    let text: String = body(typed).chars().filter(|c| !is_disturbing(*c)).collect();
    text.trim().to_owned()
}

/// Plain line ends, nothing PostgreSQL does not take.
pub fn body(typed: &str) -> String {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    text.chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Directional overrides and isolates, and characters of no width. The joiners stay: Persian and families
/// of emoji are written with them.
fn is_disturbing(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether nothing of it is seen where it stands alone.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || is_disturbing(c)
        || matches!(c, '\u{200c}' | '\u{200d}' | '\u{2800}' | '\u{3164}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_lines_keep_their_lines_and_turn_nothing_around() {
        for (typed, expected) in [
            (" Dear\r\nAnn\u{202e} \u{0}", "Dear\nAnn"),
            ("\u{200b}\u{202e}", ""),
        ] {
            assert_eq!(lines(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn a_title_is_one_line_that_disturbs_no_other() {
        for (typed, expected) in [
            ("  Lights\r\n at\tsea ", "Lights at sea"),
            ("\u{202e}evil\u{202c} \u{2066}x\u{2069}", "evil x"),
            ("a\u{200b}b\u{feff}\u{0}c", "abc"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("\u{200b}\u{202e}", ""),
            ("A\u{30a}ngstro\u{308}m", "Ångström"),
        ] {
            assert_eq!(line(typed), expected, "{typed:?}");
        }
    }
}
