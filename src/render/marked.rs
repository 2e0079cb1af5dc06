//! What comments and short words of authors may be made of: emphasis, links, quotes, code, lists. The rest is shown as typed.

use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

/// How deep quotes, lists and emphasis may nest; what is deeper stays as plain words.
const DEEPEST: usize = 16;

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "em",
            "li",
            "ol",
            "p",
            "pre",
            "strong",
            "ul",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow ugc noopener"));
    builder
});

/// Sanitised HTML of what was typed. Empty if nothing of it would be seen.
pub fn render(markdown: &str) -> String {
    let parser = Parser::new_ext(markdown, Options::empty());
    let mut setter = Setter::default();
    for event in TextMergeStream::new(parser) {
        setter.set(event);
    }
    let mut unsafe_html = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut unsafe_html, setter.events.into_iter());
    let html = BUILDER.clean(&unsafe_html).to_string();
    html.trim().to_owned()
}

/// Sanitised HTML of what was HTML elsewhere, by the same rules.
pub fn sanitise(html: &str) -> String {
    BUILDER.clean(html).to_string().trim().to_owned()
}

/// What sanitised HTML says to those who read it, without its marks.
pub fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut is_tag = false;
    for c in html.replace("</p>", "\n").replace("<br>", "\n").chars() {
        match c {
            '<' => is_tag = true,
            '>' if is_tag => is_tag = false,
            _ if !is_tag => text.push(c),
            _ => {}
        }
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let text = text.replace("&nbsp;", " ").replace("&amp;", "&");
    text.trim().to_owned()
}

/// Turns what was parsed into what is kept.
#[derive(Default)]
struct Setter<'a> {
    events: Vec<Event<'a>>,
    /// What is open, with how each will be closed; `None` for what was dropped.
    open: Vec<Option<TagEnd>>,
}

impl<'a> Setter<'a> {
    fn set(&mut self, event: Event<'a>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(_) => self.close(),
            Event::Text(text) if self.is_in(TagEnd::CodeBlock) || self.is_in(TagEnd::Link) => {
                self.events.push(Event::Text(text));
            }
            Event::Text(text) => self.text(&text),
            Event::Html(line) => {
                if matches!(self.events.last(), Some(Event::Text(_))) {
                    self.events.push(Event::HardBreak);
                }
                self.events.push(Event::Text(line));
            }
            Event::InlineHtml(tag) => self.events.push(Event::Text(tag)),
            Event::SoftBreak | Event::HardBreak => self.events.push(Event::HardBreak),
            Event::Code(_) => self.events.push(event),
            Event::Rule => {
                self.open(Tag::Paragraph);
                self.events.push(Event::Text("* * *".into()));
                self.close();
            }
            _ => {}
        }
    }

    fn is_in(&self, wanted: TagEnd) -> bool {
        self.open.contains(&Some(wanted))
    }

    fn open(&mut self, tag: Tag<'a>) {
        let kept = match tag {
            Tag::Paragraph | Tag::Heading { .. } | Tag::HtmlBlock => Some(Tag::Paragraph),
            Tag::BlockQuote(_) => Some(Tag::BlockQuote(None)),
            Tag::CodeBlock(_) => Some(Tag::CodeBlock(CodeBlockKind::Indented)),
            Tag::List(_) | Tag::Item | Tag::Emphasis | Tag::Strong => Some(tag),
            Tag::Link {
                link_type: LinkType::Email,
                dest_url,
                ..
            } => self.link(format!("mailto:{dest_url}").into()),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.link(dest_url),
            _ => None,
        };
        let depth = self.open.iter().flatten().count();
        let kept = kept.filter(|_| depth < DEEPEST);
        self.open.push(kept.as_ref().map(Tag::to_end));
        self.events.extend(kept.map(Event::Start));
    }

    fn close(&mut self) {
        let Some(Some(end)) = self.open.pop() else {
            return;
        };
        if let Some(Event::Start(Tag::Link { dest_url, .. })) = self.events.last() {
            let address = Event::Text(dest_url.clone());
            self.events.push(address);
        }
        self.events.push(Event::End(end));
    }

    /// A link to elsewhere, unless there is one around it.
    fn link(&self, address: CowStr<'a>) -> Option<Tag<'a>> {
        let scheme = address.split_once(':').map(|(scheme, _)| scheme);
        let leads_out = scheme.is_some_and(|scheme| {
            ["http", "https", "mailto"].contains(&scheme.to_ascii_lowercase().as_str())
        });
        (leads_out && !self.is_in(TagEnd::Link)).then_some(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: address,
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        })
    }

    /// Words, with the addresses among them made links.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(found) = next_address(rest) {
            let (before, address) = (&rest[..found.start], &rest[found.clone()]);
            rest = &rest[found.end..];
            self.words(before);
            if let Some(link) = self.link(address.to_owned().into()) {
                self.events.push(Event::Start(link));
                self.words(address);
                self.events.push(Event::End(TagEnd::Link));
            }
        }
        self.words(rest);
    }

    fn words(&mut self, words: &str) {
        if !words.is_empty() {
            self.events.push(Event::Text(words.to_owned().into()));
        }
    }
}

/// Where a bare web address stands in `text`, without the punctuation after it.
fn next_address(text: &str) -> Option<Range<usize>> {
    text.match_indices("http").find_map(|(start, _)| {
        let address = &text[start..];
        let host = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"))?;
        let begins = host.starts_with(char::is_alphanumeric)
            && !text[..start].ends_with(char::is_alphanumeric);
        let is_outside = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"');
        let address = &address[..address.find(is_outside).unwrap_or(address.len())];
        let opens = address.contains('(');
        let address = address.trim_end_matches(|c: char| {
            matches!(
                c,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '“' | '”' | '*' | '_'
            ) || (c == ')' && !opens)
        });
        begins.then_some(start..start + address.len())
    })
}

#[cfg(test)]
mod tests;
