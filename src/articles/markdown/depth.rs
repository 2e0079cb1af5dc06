//! Texts folded into themselves without end: flattened, because nobody reads them and every reader of the
//! page would pay for them.

use pulldown_cmark::Event;

/// How deep quotations, lists and emphasis stand inside each other at most.
const DEEPEST: usize = 60;
/// Elements that hold nothing, and so nest nothing.
const VOID: [&str; 6] = ["br", "hr", "img", "input", "source", "wbr"];

/// Leaves out what stands deeper; its words stay.
pub(super) fn flattened(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut depth = 0_usize;
    let keep = |event: &Event<'_>| match event {
        Event::Start(_) => {
            depth += 1;
            depth <= DEEPEST
        }
        Event::End(_) => {
            depth = depth.saturating_sub(1);
            depth < DEEPEST
        }
        _ => true,
    };
    let mut keep = keep;
    events.into_iter().filter(|event| keep(event)).collect()
}

/// Shows HTML that was typed as the text it is, where it would nest without end.
pub(super) fn without_endless_html(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut depth = 0_usize;
    let is_endless = events.iter().any(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => is_deeper(html, &mut depth),
        _ => false,
    });
    if !is_endless {
        return events;
    }
    let as_text = |event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        event => event,
    };
    events.into_iter().map(as_text).collect()
}

/// Whether so many elements are open somewhere in it.
fn is_deeper(html: &str, depth: &mut usize) -> bool {
    html.split('<').skip(1).any(|tag| {
        let name: String = tag
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if tag.starts_with('/') {
            *depth = depth.saturating_sub(1);
        } else if !name.is_empty() && !VOID.contains(&name.to_ascii_lowercase().as_str()) {
            *depth += 1;
        }
        *depth > DEEPEST
    })
}
