//! HTML of anybody, made such that reading it takes as long as it is: a reader of HTML looks through all that is open
//! at each mark, and opens again what a paragraph closed, so that a few kilobytes could keep it busy for minutes.
//! What is dropped here would be no more than plain words anyway.

/// How deep marks nest at most.
const DEEPEST: usize = 100;

/// What closes its like by itself, or holds nothing: any number of them after one another is not deep.
const FLAT: [&str; 29] = [
    "a", "area", "base", "br", "button", "caption", "col", "colgroup", "embed", "frame", "hr",
    "image", "img", "input", "keygen", "li", "link", "meta", "nobr", "p", "param", "source",
    "tbody", "td", "tfoot", "th", "thead", "tr", "wbr",
];

/// What holds words alone, whatever stands there.
const RAW: [&str; 8] = [
    "iframe", "noembed", "noframes", "script", "style", "textarea", "title", "xmp",
];

/// In these other rules hold, and there is nothing in them that is kept.
const FOREIGN: [&str; 2] = ["math", "svg"];

/// The same without marks that are too deep, comments, and what marks say beside their names, but for links and lists.
pub(in super::super) fn shallow(html: &str) -> String {
    let mut kept = String::with_capacity(html.len());
    let mut open: Vec<String> = Vec::new();
    // Within the deepest.
    let mut dropped: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let mark = match Mark::at(rest) {
            Next::Words => {
                kept.push('<');
                rest = &rest[1..];
                continue;
            }
            Next::Nothing(length) => {
                rest = &rest[length..];
                continue;
            }
            Next::Mark(mark) => mark,
        };
        rest = &rest[mark.text.len()..];
        if FOREIGN.contains(&mark.name.as_str()) {
            continue;
        }
        if !mark.is_end && RAW.contains(&mark.name.as_str()) {
            let end = end_of(rest, &mark.name);
            mark.write(&mut kept);
            kept.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let name = mark.name.as_str();
        if RAW.contains(&name) || FLAT.contains(&name) {
            mark.write(&mut kept);
        } else if mark.is_end {
            let is = |one: &String| one == name;
            if let Some(at) = dropped.iter().rposition(is) {
                dropped.truncate(at);
            } else if let Some(at) = open.iter().rposition(is) {
                open.truncate(at);
                dropped.clear();
                mark.write(&mut kept);
            }
        } else if open.len() < DEEPEST {
            mark.write(&mut kept);
            open.push(mark.name);
        } else if dropped.len() < DEEPEST {
            dropped.push(mark.name);
        }
    }
    kept.push_str(rest);
    kept
}

/// What stands at a `<`.
enum Next<'a> {
    Words,
    /// So many bytes that nobody sees: a comment, or a mark that does not end.
    Nothing(usize),
    Mark(Mark<'a>),
}

struct Mark<'a> {
    /// In small letters.
    name: String,
    is_end: bool,
    text: &'a str,
}

impl<'a> Mark<'a> {
    fn at(text: &'a str) -> Next<'a> {
        let inside = &text[1..];
        if inside.starts_with("!--") {
            // `<!-->` is a whole one.
            let ends = ["-->", "--!>"].map(|end| text[2..].find(end).map(|at| at + 2 + end.len()));
            let end = ends.into_iter().flatten().min();
            return Next::Nothing(end.unwrap_or(text.len()));
        }
        let (is_end, named) = match inside.strip_prefix('/') {
            Some(named) => (true, named),
            None => (false, inside),
        };
        if !named.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return match is_end || inside.starts_with(['!', '?']) {
                true => Next::Nothing(text.find('>').map_or(text.len(), |at| at + 1)),
                false => Next::Words,
            };
        }
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let length = named.find(ends).unwrap_or(named.len());
        match closed(&named[length..]) {
            None => Next::Nothing(text.len()),
            Some(end) => Next::Mark(Self {
                name: named[..length].to_ascii_lowercase(),
                is_end,
                text: &text[..text.len() - named.len() + length + end],
            }),
        }
    }

    fn write(&self, kept: &mut String) {
        match self.name.as_str() {
            "a" | "ol" => kept.push_str(self.text),
            name => {
                kept.push_str(if self.is_end { "</" } else { "<" });
                kept.push_str(name);
                kept.push('>');
            }
        }
    }
}

/// Where a mark ends: behind a `>` that stands in no value between quotes.
fn closed(said: &str) -> Option<usize> {
    let (mut quote, mut is_value) = (None, false);
    for (at, c) in said.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') if is_value => (quote, is_value) = (Some(c), false),
            (None, _) if c.is_ascii_whitespace() => {}
            (None, _) => is_value = c == '=',
        }
    }
    None
}

/// Where what holds words alone ends.
fn end_of(text: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let named = text.as_bytes().get(at + 2..at + 2 + name.len());
        named.is_some_and(|named| named.eq_ignore_ascii_case(name.as_bytes()))
    };
    let mut ends = text.match_indices("</").map(|(at, _)| at);
    ends.find(is_end).unwrap_or(text.len())
}
