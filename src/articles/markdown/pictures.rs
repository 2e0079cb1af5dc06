//! Pictures: our own are shown, those of other hosts become links, so that no page loads anything
//! from elsewhere.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use crate::{
    media::{Picture, quoted},
    render::assets,
};

/// Whether this is a picture of this site.
pub(super) fn is_own(source: &str) -> bool {
    let inside = source.starts_with("/assets/") || source.starts_with("/media/");
    inside && !source.contains("..") && !source.contains('\\')
}

/// Whether each of these is: `/media/… 480w, /media/… 960w`.
pub(super) fn are_own(choice: &str) -> bool {
    choice.split(',').all(|one| is_own(one.trim_start()))
}

/// Sets our own pictures, the first to be loaded at once, and turns the others into links.
pub(super) fn own_or_linked(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut links = 0_usize;
    let mut shown = 0_usize;
    let mut events = events.into_iter();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Image {
                dest_url, title, ..
            }) => {
                let inside: Vec<Event<'_>> = events
                    .by_ref()
                    .take_while(|event| *event != Event::End(TagEnd::Image))
                    .collect();
                let words = super::plain(&inside);
                if is_own(&dest_url) {
                    out.push(picture(&dest_url, &words, &title, shown == 0));
                    shown += 1;
                } else if links > 0 {
                    out.push(Event::Text(CowStr::from(words)));
                } else {
                    out.extend(link(dest_url, words));
                }
            }
            event => {
                match event {
                    Event::Start(Tag::Link { .. }) => links += 1,
                    Event::End(TagEnd::Link) => links = links.saturating_sub(1),
                    _ => {}
                }
                out.push(event);
            }
        }
    }
    out
}

fn picture<'a>(source: &str, words: &str, title: &str, is_first: bool) -> Event<'a> {
    if let Some(picture) = Picture::at(source) {
        let html = picture.html(words, title, is_first);
        return Event::InlineHtml(CowStr::from(html));
    }
    let mut html = format!("<img src=\"{}\" alt=\"{}\"", quoted(source), quoted(words));
    if !title.is_empty() {
        html.push_str(&format!(" title=\"{}\"", quoted(title)));
    }
    if let Some((width, height)) = assets::size(source) {
        html.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
    }
    html.push_str(if is_first { ">" } else { " loading=\"lazy\">" });
    Event::InlineHtml(CowStr::from(html))
}

fn link<'a>(address: CowStr<'a>, words: String) -> [Event<'a>; 3] {
    let words = if words.trim().is_empty() {
        address.clone()
    } else {
        CowStr::from(words)
    };
    [
        Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: address,
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }),
        Event::Text(words),
        Event::End(TagEnd::Link),
    ]
}
