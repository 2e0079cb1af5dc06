//! From Markdown to the HTML a page may show: parsed, set, then sanitised.

mod depth;
mod described;
mod footnotes;
mod headings;
mod pictures;
mod quotes;
mod sanitise;
mod unclosed;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

/// What becomes of an article's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rendered {
    /// Sanitised HTML.
    pub html: String,
    /// The first paragraph as plain text; empty if there is none.
    pub first_paragraph: String,
    /// How many words there are.
    pub words: usize,
    /// How many characters the text has.
    pub characters: usize,
    /// How many pictures nothing is said of.
    pub undescribed: usize,
}

/// Renders GitHub's Markdown with tables, footnotes and typographic quotes of `language`.
pub(super) fn render(markdown: &str, language: &str) -> Rendered {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let shown = unclosed::shown(markdown, options);
    let markdown = &*shown;
    let events = Parser::new_ext(markdown, options).into_offset_iter();
    let events = quotes::in_language(markdown, language, events);
    let events = depth::without_endless_html(depth::flattened(events));
    let (words, characters) = count(&events);
    let first_paragraph = first_paragraph(&events);
    let events = headings::below_the_headline(events);
    let events = pictures::own_or_linked(ticked(events));
    let events = footnotes::numbered(events);
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut unsafe_html, events.into_iter());
    let (html, undescribed) = described::described(&sanitise::clean(&unsafe_html));
    Rendered {
        html,
        undescribed,
        first_paragraph,
        words,
        characters,
    }
}

/// Boxes to tick as the signs they are: a form's box would be one without a name, and mail and feeds have none.
fn ticked(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let sign = |event| match event {
        Event::TaskListMarker(true) => Event::Text("☑ ".into()),
        Event::TaskListMarker(false) => Event::Text("☐ ".into()),
        event => event,
    };
    events.into_iter().map(sign).collect()
}

fn count(events: &[Event<'_>]) -> (usize, usize) {
    let text = plain(events);
    (text.split_whitespace().count(), text.trim().chars().count())
}

fn first_paragraph(events: &[Event<'_>]) -> String {
    let mut depth = 0_usize;
    let mut start = None;
    for (index, event) in events.iter().enumerate() {
        match event {
            Event::Start(tag) => {
                if depth == 0 && *tag == Tag::Paragraph {
                    start = Some(index);
                }
                depth += 1;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                if let (0, TagEnd::Paragraph, Some(start)) = (depth, tag, start) {
                    let text = plain(&events[start..index]);
                    if !text.trim().is_empty() {
                        return text.trim().to_owned();
                    }
                }
            }
            _ => {}
        }
    }
    String::new()
}

/// The words of these events without their setting; blocks stand apart by a line break.
fn plain(events: &[Event<'_>]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell,
            ) => text.push('\n'),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(markdown: &str) -> String {
        render(markdown, "en").html
    }

    #[test]
    fn what_a_text_is_made_of_comes_through() {
        for (markdown, expected) in [
            ("~~old~~ *new*", "<p><del>old</del> <em>new</em></p>\n"),
            (
                "| a | b |\n|---|--:|\n| 1 | 2 |",
                "<th class=\"num\">b</th>",
            ),
            ("- [x] done\n- [ ] due", "<li>☑ done</li>\n<li>☐ due</li>"),
            ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
            ("a -- b --- c...", "<p>a – b — c…</p>"),
            (
                "```rust\nfn a() {}\n```",
                "<pre><code>fn a() {}\n</code></pre>",
            ),
        ] {
            let html = html(markdown);
            assert!(html.contains(expected), "{markdown}: {html}");
        }
    }

    #[test]
    fn a_summary_of_the_text_comes_with_it() {
        let rendered = render("# Title\n\nFirst *para*\ngraph.\n\nSecond one.", "en");
        assert_eq!(rendered.first_paragraph, "First para graph.");
        assert_eq!(rendered.words, 6);
    }

    #[test]
    fn nothing_runs_and_nothing_is_loaded_from_elsewhere() {
        for markdown in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[a](javascript:alert(1))",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "![a](https://elsewhere.example/pixel.gif)",
            "<img src=\"https://elsewhere.example/pixel.gif\">",
            "<img src=\"/assets/../sign-out\">",
            "<img src=\"//elsewhere.example/assets/x.png\">",
            "<img srcset=\"/media/x 1w, https://elsewhere.example/pixel.gif 2w\">",
            "<p style=\"background:url(https://elsewhere.example)\">a</p>",
            "<iframe src=\"https://elsewhere.example\"></iframe>",
            "<svg><style><img src=x onerror=alert(1)></style></svg>",
            "<form action=\"https://elsewhere.example\"><input name=q></form>",
            "<a href=\"/x\" id=\"main\" onclick=\"alert(1)\">a</a>",
            "<input type=\"text\" autofocus>",
            "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
        ] {
            let html = html(markdown);
            for bad in [
                "<script",
                "onerror",
                "onclick",
                "javascript:",
                "=\"data:",
                "style=",
                "<iframe",
                "<form",
                "<input",
                "<svg",
                "src=\"http",
                "srcset",
                "src=\"//",
                "src=\"x",
                "..",
                "id=\"main\"",
                "name=",
                "<img src=\"/assets/",
            ] {
                assert!(!html.contains(bad), "{markdown}: {html}");
            }
        }
    }

    #[test]
    fn what_is_folded_without_end_is_flattened() {
        for (sign, element, most) in [
            ("> ", "<blockquote>", 60),
            ("- ", "<ul>", 30),
            ("<div>", "<div>", 0),
        ] {
            let html = html(&format!("{}deep", sign.repeat(5_000)));
            assert!(html.contains("deep"), "{sign}");
            assert!(
                html.matches(element).count() <= most,
                "{sign}: {}",
                html.matches(element).count()
            );
        }
        assert!(html("<div>\n\n*a*\n\n</div>").contains("<em>a</em>"));
        assert_eq!(html("> > a").matches("<blockquote>").count(), 2);
    }

    #[test]
    fn links_lead_out_without_a_way_back_in() {
        let html = html("[a](https://elsewhere.example/) <b>bold</b>");
        assert!(
            html.contains("<a href=\"https://elsewhere.example/\" rel=\"noopener\">a</a>"),
            "{html}"
        );
    }
}
