//! The last word on what an article's HTML may hold: nothing that runs, loads or imitates the page.

use std::{borrow::Cow, collections::HashSet, sync::LazyLock};

use ammonia::Builder;

use super::pictures::{are_own, is_own};

const TAGS: [&str; 48] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
];
const MORE_TAGS: [&str; 7] = ["th", "thead", "time", "tr", "u", "ul", "wbr"];

static BUILDER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::default();
    builder
        .tags(TAGS.into_iter().chain(MORE_TAGS).collect())
        .rm_tag_attributes("img", ["align", "src"])
        .add_tag_attributes(
            "img",
            [
                "src", "srcset", "sizes", "alt", "width", "height", "title", "loading",
            ],
        )
        .add_tag_attributes("time", ["datetime"])
        .add_generic_attributes(["id"])
        .add_allowed_classes("section", ["footnotes"])
        .add_allowed_classes("th", ["num"])
        .add_allowed_classes("td", ["num"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .link_rel(Some("noopener"))
        .attribute_filter(attribute);
    builder
});

/// Pictures are our own; names are those that we give ourselves.
fn attribute<'a>(tag: &str, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let keep = match (tag, name) {
        ("img", "src") => is_own(value),
        ("img", "srcset") => are_own(value),
        (_, "id") => ["s-", "fn-", "fnref-"]
            .iter()
            .any(|prefix| value.starts_with(prefix)),
        _ => true,
    };
    keep.then_some(Cow::Borrowed(value))
}

/// Keeps what an article is made of and drops the rest.
pub(super) fn clean(html: &str) -> String {
    BUILDER.clean(&aligned(html)).to_string()
}

/// Cells are aligned by class, since the page's policy lets no inline style through.
fn aligned(html: &str) -> String {
    let mut html = html.to_owned();
    for cell in ["td", "th"] {
        html = html.replace(
            &format!("<{cell} style=\"text-align: right\">"),
            &format!("<{cell} class=\"num\">"),
        );
    }
    html
}
