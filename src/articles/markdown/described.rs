//! Pictures and what is said of them: one of which nothing is said is passed over by those who cannot see it,
//! instead of being read out by its file's name; and its author is told how many there are.

use crate::render::length_of_tag;

/// Sanitised HTML with an empty `alt` where a picture has none, and how many pictures nothing is said of.
pub(super) fn described(html: &str) -> (String, usize) {
    let mut out = String::with_capacity(html.len());
    let mut undescribed = 0;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, from) = rest.split_at(start);
        let (tag, after) = from.split_at(length_of_tag(from));
        out.push_str(before);
        match tag.strip_prefix("<img").filter(|_| is_undescribed(tag)) {
            Some(attributes) => {
                undescribed += 1;
                out.push_str("<img");
                if !has_alt(tag) {
                    out.push_str(" alt=\"\"");
                }
                out.push_str(attributes);
            }
            None => out.push_str(tag),
        }
        rest = after;
    }
    out.push_str(rest);
    (out, undescribed)
}

fn has_alt(tag: &str) -> bool {
    attributes(tag).any(|(name, _)| name == "alt")
}

fn is_undescribed(tag: &str) -> bool {
    !attributes(tag).any(|(name, value)| name == "alt" && !value.trim().is_empty())
}

/// Names and values.
fn attributes(tag: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut parts = tag.split('"');
    std::iter::from_fn(move || {
        let name = parts.next()?.trim_end_matches('=');
        let value = parts.next()?;
        Some((name.rsplit(' ').next().unwrap_or(name), value))
    })
}

#[cfg(test)]
mod tests {
    use super::described;

    #[test]
    fn a_picture_without_words_says_so_and_is_counted() {
        for (html, expected, count) in [
            ("<p>a</p>", "<p>a</p>", 0),
            (
                "<img src=\"/a\" alt=\"Fog\">",
                "<img src=\"/a\" alt=\"Fog\">",
                0,
            ),
            (
                "<img src=\"/a\" alt=\" \">",
                "<img src=\"/a\" alt=\" \">",
                1,
            ),
            ("<img src=\"/a\">", "<img alt=\"\" src=\"/a\">", 1),
            (
                "<img title=\"> alt=\"><img>",
                "<img alt=\"\" title=\"> alt=\"><img alt=\"\">",
                2,
            ),
            (
                "<b title=\"<img\">a</b> &lt;img",
                "<b title=\"<img\">a</b> &lt;img",
                0,
            ),
        ] {
            assert_eq!(described(html), (expected.to_owned(), count), "{html}");
        }
    }
}
