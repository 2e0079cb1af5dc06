//! HTML that was opened and not closed: to a browser all that follows belongs to it, to the end of the article. It
//! is shown as the text it is, so that its author sees what is wrong and readers see the rest.

use std::{borrow::Cow, collections::HashSet, ops::Range};

use pulldown_cmark::{Event, Options, Parser, TagEnd};

/// What holds only text, or drops what else stands in it, until it is closed (HTML, 13.1.2.2 and 13.2.6.4), and
/// `pre`, in which Markdown waits for the end, too.
const HOLDERS: [(&str, &str); 13] = [
    ("iframe", "</iframe"),
    ("noembed", "</noembed"),
    ("noframes", "</noframes"),
    ("noscript", "</noscript"),
    ("pre", "</pre"),
    ("script", "</script"),
    ("select", "</select"),
    ("style", "</style"),
    ("template", "</template"),
    ("textarea", "</textarea"),
    ("title", "</title"),
    ("xmp", "</xmp"),
    // Never, whatever is written.
    ("plaintext", "\0"),
];
/// What begins otherwise than a tag, and how it ends.
const OTHERS: [(&str, &str); 3] = [("<!--", "-->"), ("<?", "?>"), ("<![cdata[", "]]>")];
/// How often the text is read anew with one sign less that opens; after that all of them go at once.
const ROUNDS: usize = 16;

/// The text with `&lt;` in place of each sign that opens what nobody closes.
pub(super) fn shown(markdown: &str, options: Options) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(markdown);
    for round in 0..2 * ROUNDS {
        // What follows the first is read otherwise once it is gone: it may stand in code, where it is no HTML.
        let found = opened(&text, options, round < ROUNDS);
        if found.is_empty() {
            break;
        }
        text = Cow::Owned(without(&text, &found));
    }
    text
}

fn without(text: &str, signs: &[usize]) -> String {
    let mut mended = String::with_capacity(text.len() + 3 * signs.len());
    let mut from = 0;
    for sign in signs {
        mended.push_str(&text[from..*sign]);
        mended.push_str("&lt;");
        from = sign + 1;
    }
    mended.push_str(&text[from..]);
    mended
}

/// Where the signs stand, in order; or only the first.
fn opened(markdown: &str, options: Options, only_first: bool) -> Vec<usize> {
    let mut found = Vec::new();
    if !markdown.contains('<') {
        return found;
    }
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(markdown, options).into_offset_iter() {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => pieces.push(range),
            Event::End(end) if !is_inline(end) => {
                found.extend(Block::of(markdown, &pieces).opened(only_first));
                pieces.clear();
            }
            _ => {}
        }
        if only_first && !found.is_empty() {
            break;
        }
    }
    found
}

fn is_inline(end: TagEnd) -> bool {
    matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
    )
}

/// The HTML of one block: that between its words, or all of it.
#[derive(Default)]
struct Block {
    /// In small letters, which are as long.
    html: String,
    /// Where each piece begins in here, and in the text.
    starts: Vec<(usize, usize)>,
    /// What has no end in the rest of it.
    endless: HashSet<&'static str>,
}

impl Block {
    fn of(markdown: &str, pieces: &[Range<usize>]) -> Self {
        let mut block = Self::default();
        for piece in pieces {
            block.starts.push((block.html.len(), piece.start));
            let html = markdown.get(piece.clone()).unwrap_or_default();
            block.html.push_str(&html.to_ascii_lowercase());
        }
        block
    }

    /// Where it is opened without an end, as places in the text.
    fn opened(mut self, only_first: bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(sign) = self.html[at..].find('<').map(|next| at + next) {
            at = self.end_of(sign).unwrap_or_else(|| {
                found.extend(self.in_text(sign));
                sign + 1
            });
            if only_first && !found.is_empty() {
                break;
            }
        }
        found
    }

    fn in_text(&self, at: usize) -> Option<usize> {
        let after = self.starts.partition_point(|(start, _)| *start <= at);
        let (start, in_text) = self.starts.get(after.checked_sub(1)?)?;
        Some(in_text + at - start)
    }

    /// Where what begins at `sign` is over; `None` if it never is.
    fn end_of(&mut self, sign: usize) -> Option<usize> {
        let rest = &self.html[sign..];
        let other = OTHERS.iter().find(|(begin, _)| rest.starts_with(begin));
        if let Some((begin, end)) = other {
            return self.after(sign + begin.len(), end);
        }
        let name = rest[1..].trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric());
        let name = &name[..end.unwrap_or(name.len())];
        if name.is_empty() {
            return Some(sign + 1);
        }
        let holder = HOLDERS.iter().find(|(holder, _)| *holder == name);
        let holder = holder.filter(|_| !rest.starts_with("</"));
        let inside = sign + self.length_of_tag(sign)?;
        match holder {
            Some((_, end)) => {
                let closing = self.after(inside, end)?;
                let rest = &self.html[closing..];
                let after = rest.trim_start().strip_prefix('>')?;
                Some(self.html.len() - after.len())
            }
            None => Some(inside),
        }
    }

    /// Where `end` is over that comes next after `at`.
    fn after(&mut self, at: usize, end: &'static str) -> Option<usize> {
        if self.endless.contains(end) {
            return None;
        }
        let found = self.html[at..].find(end);
        if found.is_none() {
            self.endless.insert(end);
        }
        Some(at + found? + end.len())
    }

    /// How long the tag is from `at` on, its attributes' values read as browsers do.
    fn length_of_tag(&mut self, at: usize) -> Option<usize> {
        self.after(at, ">")?;
        let mut quote = None;
        let mut before = ' ';
        for (length, sign) in self.html[at..].char_indices() {
            match (quote, sign) {
                (None, '>') => return Some(length + 1),
                (None, '"' | '\'') if before == '=' => quote = Some(sign),
                (Some(open), _) if open == sign => quote = None,
                _ => {}
            }
            if !sign.is_whitespace() {
                before = sign;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::render;

    const AFTER: &str = "\n\nThen *this* one.\n\n> And that.";

    #[test]
    fn what_is_never_closed_swallows_nothing() {
        for opened in [
            "<iframe>",
            "<iframe src=\"/x\">",
            "<textarea>",
            "<TextArea rows=2>",
            "<title>",
            "<style>",
            "<script>",
            "<xmp>",
            "<plaintext>",
            "<plaintext>a</plaintext>",
            "<noscript>",
            "<noembed>",
            "<noframes>",
            "<select>",
            "<template>",
            "<pre>",
            "<!-- a",
            "<? a",
            "<![CDATA[ a",
            "Inside <textarea> a line",
            "> <style>",
            "- <title>\n- b",
            "<div>\n<iframe>\n</div>",
            "<div class=\"a\nb",
            "<div><p title='\n",
            "<iframe>\n\nBetween\n\n</iframe>",
            "<b><style></b>",
            "<textarea></textarea\n",
            "<style>*</style><style>",
        ] {
            let html = render(&format!("Before.\n\n{opened}{AFTER}"), "en").html;
            assert!(html.starts_with("<p>Before.</p>\n"), "{opened}: {html}");
            let after =
                "<p>Then <em>this</em> one.</p>\n<blockquote>\n<p>And that.</p>\n</blockquote>";
            assert!(html.contains(after), "{opened}: {html}");
            assert!(
                !html.contains("<style") && !html.contains("<textarea"),
                "{html}"
            );
        }
    }

    #[test]
    fn what_is_closed_and_what_is_code_stay_as_they_are() {
        for (markdown, expected) in [
            ("<style>p { color: red }</style>", ""),
            ("a <script>alert(1)</script> b", "<p>a  b</p>"),
            ("<!-- unseen -->", ""),
            ("<b title=\"a > b\">c</b> *d*", "c</b> <em>d</em></p>"),
            ("1 < 2 and <b>c</b>", "<p>1 &lt; 2 and <b>c</b></p>"),
            (
                "`<style>` is shown",
                "<p><code>&lt;style&gt;</code> is shown</p>",
            ),
            (
                "<textarea>\n\n```\n<textarea>\n```",
                "<p>&lt;textarea&gt;</p>\n<pre><code>&lt;textarea&gt;\n</code></pre>",
            ),
            ("<pre>\n\n*a*\n</pre>", "\n*a*\n</pre>"),
            (
                "<details><summary>More</summary>a</details>",
                "<details><summary>More</summary>a</details>",
            ),
        ] {
            let html = render(markdown, "en").html;
            assert!(html.trim().ends_with(expected), "{markdown}: {html}");
            assert!(
                !expected.is_empty() || html.trim().is_empty(),
                "{markdown}: {html}"
            );
        }
    }

    #[test]
    fn a_text_of_nothing_but_openings_is_read_in_no_time() {
        for line in [
            "<textarea>\n\n",
            "<style>",
            "<iframe>\n\n```\n",
            "<!--",
            "<div class=\"",
        ] {
            let markdown = line.repeat(300_000 / line.len());
            let begun = std::time::Instant::now();
            render(&markdown, "en");
            let took = begun.elapsed();
            assert!(took.as_secs() < 20, "{line}: {took:?}");
        }
    }
}
