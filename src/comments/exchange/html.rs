//! The HTML of other programs' comments as our Markdown: emphasis, links, quotes, code, lists; the rest as plain words.

mod flattening;
mod setting;

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::Builder;

use crate::render::marked;
pub(super) use flattening::shallow;
use setting::{code, escaped, fenced, paragraph, plainly, unescaped};

/// How deep marks may nest; what is deeper is plain words.
const DEEPEST: usize = 12;

/// What there is a mark for, and what parts paragraphs.
const KEPT: [&str; 21] = [
    "a",
    "b",
    "blockquote",
    "br",
    "code",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "strong",
    "tt",
    "ul",
];

/// What has no place here: its words alone are kept, or nothing.
const LOST: [&str; 15] = [
    "audio", "dd", "del", "embed", "iframe", "img", "ins", "object", "s", "strike", "sub", "sup",
    "table", "u", "video",
];

fn builder(tags: impl IntoIterator<Item = &'static str>) -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(tags.into_iter().collect::<HashSet<_>>())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .link_rel(None);
    builder
}

static MARKED: LazyLock<Builder<'static>> = LazyLock::new(|| builder(KEPT));
static ALL: LazyLock<Builder<'static>> = LazyLock::new(|| builder(KEPT.into_iter().chain(LOST)));

/// A text as our Markdown, and whether it had anything there is no mark for.
pub(super) fn markdown(html: &str) -> (String, bool) {
    let html = shallow(html);
    let clean = MARKED.clean(&html).to_string();
    let mut reader = Reader { rest: &clean };
    let text = blocks(&reader.children("", 0));
    // What would not be read as it was written is written without marks.
    let plain = marked::plain(&clean);
    let is_same = seen(&marked::plain(&marked::render(&text))) == seen(&plain);
    let text = if is_same { text } else { plainly(&plain) };
    let is_less = !is_same || ALL.clean(&html).to_string().len() != clean.len();
    (text, is_less)
}

fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A part of what was cleaned.
enum Node<'a> {
    Text(String),
    Mark {
        tag: &'a str,
        /// Of a link where it leads, of a list where it begins.
        says: Option<String>,
        inside: Vec<Node<'a>>,
    },
}

/// Reads what was cleaned: every mark is closed, and nothing but marks begins with `<`.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// What stands before the end of `tag`.
    fn children(&mut self, tag: &str, depth: usize) -> Vec<Node<'a>> {
        let mut nodes = Vec::new();
        // Marks of this name within it that are too deep to be read.
        let mut ignored = 0;
        while !self.rest.is_empty() {
            let Some(mark) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                nodes.push(Node::Text(unescaped(&self.rest[..end])));
                self.rest = &self.rest[end..];
                continue;
            };
            let mut is_quoted = false;
            let end = mark.find(|c| {
                is_quoted ^= c == '"';
                c == '>' && !is_quoted
            });
            let (mark, rest) = mark.split_at(end.unwrap_or(mark.len()));
            self.rest = rest.strip_prefix('>').unwrap_or(rest);
            if let Some(ended) = mark.strip_prefix('/') {
                match ended == tag {
                    true if ignored == 0 => return nodes,
                    true => ignored -= 1,
                    false => {}
                }
                continue;
            }
            let (name, says) = mark.split_once(' ').unwrap_or((mark, ""));
            let says = says.split('"').nth(1).map(unescaped);
            let inside = match name {
                "br" => Vec::new(),
                _ if depth >= DEEPEST => {
                    ignored += usize::from(name == tag);
                    continue;
                }
                _ => self.children(name, depth + 1),
            };
            nodes.push(Node::Mark {
                tag: name,
                says,
                inside,
            });
        }
        nodes
    }
}

/// Paragraphs, lists, quotes, code, with an empty line between.
fn blocks(nodes: &[Node<'_>]) -> String {
    let mut all: Vec<String> = Vec::new();
    let mut line = String::new();
    for node in nodes {
        let block = match node {
            Node::Mark { tag, says, inside } => block(tag, says.as_deref(), inside),
            Node::Text(_) => None,
        };
        match block {
            Some(block) => {
                all.push(paragraph(&std::mem::take(&mut line)));
                all.push(block);
            }
            None => line.push_str(&inline(node)),
        }
    }
    all.push(paragraph(&line));
    all.retain(|block| !block.trim().is_empty());
    all.join("\n\n")
}

/// `None` for what stands within a line.
fn block(tag: &str, says: Option<&str>, inside: &[Node<'_>]) -> Option<String> {
    Some(match tag {
        "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => blocks(inside),
        "blockquote" => prefixed(&blocks(inside), "> ", "> "),
        "pre" => fenced(&plain(inside)),
        "ul" => items(inside, |_| "- ".to_owned()),
        "ol" => {
            let first: usize = says.and_then(|says| says.parse().ok()).unwrap_or(1);
            items(inside, |number| {
                format!("{}. ", first.saturating_add(number))
            })
        }
        "li" => prefixed(&blocks(inside), "- ", "  "),
        _ => return None,
    })
}

fn items(nodes: &[Node<'_>], mark: impl Fn(usize) -> String) -> String {
    let items = nodes.iter().filter_map(|node| match node {
        Node::Mark {
            tag: "li", inside, ..
        } => Some(blocks(inside)),
        // A list that stands in a list without an item of its own.
        Node::Mark { tag, says, inside } => block(tag, says.as_deref(), inside),
        Node::Text(text) => Some(paragraph(&escaped(text))),
    });
    let items = items.filter(|item| !item.is_empty()).enumerate();
    let items = items.map(|(number, item)| {
        let mark = mark(number);
        prefixed(&item, &mark, &" ".repeat(mark.len()))
    });
    items.collect::<Vec<_>>().join("\n")
}

/// Its first line after `first`, all others after `others`.
fn prefixed(text: &str, first: &str, others: &str) -> String {
    let lines = text.lines().enumerate().map(|(number, line)| {
        let before = if number == 0 { first } else { others };
        format!("{before}{line}").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A part of a line.
fn inline(node: &Node<'_>) -> String {
    let (tag, says, inside) = match node {
        Node::Text(text) => return escaped(text),
        Node::Mark { tag, says, inside } => (*tag, says.as_deref(), inside),
    };
    let all = || inside.iter().map(inline).collect::<String>();
    match tag {
        "br" => "\n".to_owned(),
        "b" | "strong" => around("**", &all()),
        "i" | "em" => around("*", &all()),
        "code" | "tt" => code(&plain(inside)),
        "a" => link(says.unwrap_or_default(), &plain(inside), &all()),
        // A paragraph within emphasis: its words.
        _ => format!("\n{}\n", all()),
    }
}

/// Blanks stand outside of marks, and no mark spans lines that are empty.
fn around(mark: &str, text: &str) -> String {
    let inside = text.trim();
    let stars = inside.len() - inside.trim_start_matches('*').len();
    if inside.is_empty() || stars + mark.len() > 3 {
        return text.to_owned();
    }
    let begin = &text[..text.len() - text.trim_start().len()];
    let end = &text[text.trim_end().len()..];
    format!("{begin}{mark}{inside}{mark}{end}")
}

fn link(address: &str, text: &str, marked: &str) -> String {
    let address = address.trim();
    let leads_out = ["http://", "https://", "mailto:"]
        .iter()
        .any(|scheme| address.to_ascii_lowercase().starts_with(scheme));
    match leads_out && !text.trim().is_empty() {
        false => marked.to_owned(),
        true if text == address && !address.starts_with("mailto:") => address.to_owned(),
        true => {
            let address = address.replace(['<', '>', '\n', ' '], "%20");
            format!("[{marked}](<{}>)", address.replace('\\', "%5C"))
        }
    }
}

/// What a part says, with its lines.
fn plain(nodes: &[Node<'_>]) -> String {
    let text = nodes.iter().map(|node| match node {
        Node::Text(text) => text.clone(),
        Node::Mark { tag: "br", .. } => "\n".to_owned(),
        Node::Mark { inside, .. } => plain(inside),
    });
    text.collect()
}

#[cfg(test)]
mod tests;
