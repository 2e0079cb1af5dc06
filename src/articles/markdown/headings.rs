//! Headings inside an article: below the page's one `h1`, each with an address of its own.

use std::collections::HashSet;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

/// Lowers all headings by one where the text has some of the first level, and names them.
pub(super) fn below_the_headline(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let lower = events.iter().any(|event| match event {
        Event::Start(Tag::Heading { level, .. }) => *level == HeadingLevel::H1,
        _ => false,
    });
    let level = |level: HeadingLevel| if lower { below(level) } else { level };
    let mut taken = HashSet::new();
    let names: Vec<Option<String>> = (0..events.len())
        .map(|index| name(&events[index..]).map(|name| unique(&mut taken, name)))
        .collect();
    events
        .into_iter()
        .zip(names)
        .map(|(event, name)| match event {
            Event::Start(Tag::Heading { level: was, .. }) => Event::Start(Tag::Heading {
                level: level(was),
                id: name.map(CowStr::from),
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
            Event::End(TagEnd::Heading(was)) => Event::End(TagEnd::Heading(level(was))),
            other => other,
        })
        .collect()
}

/// The name of the heading that starts here: the one it was given, or one made of its words.
/// Prefixed, so that it meets no other name on the page.
fn name(events: &[Event<'_>]) -> Option<String> {
    let Some(Event::Start(Tag::Heading { id, .. })) = events.first() else {
        return None;
    };
    let end = events
        .iter()
        .position(|event| matches!(event, Event::End(TagEnd::Heading(_))))?;
    let words = match id {
        Some(id) => slug::slugify(id),
        None => slug::slugify(super::plain(&events[..end])),
    };
    Some(format!("s-{words}"))
}

fn unique(taken: &mut HashSet<String>, name: String) -> String {
    let unique = (1..)
        .map(|count| match count {
            1 => name.clone(),
            _ => format!("{name}-{count}"),
        })
        .find(|name| !taken.contains(name))
        .unwrap_or(name);
    taken.insert(unique.clone());
    unique
}

fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::super::render;

    #[test]
    fn headings_are_named_and_stand_below_the_headline() {
        let html = render(
            "# One\n\n## Two *words*\n\n## Two words\n\n### Own {#mine}",
            "en",
        )
        .html;
        for expected in [
            "<h2 id=\"s-one\">One</h2>",
            "<h3 id=\"s-two-words\">Two <em>words</em></h3>",
            "<h3 id=\"s-two-words-2\">Two words</h3>",
            "<h4 id=\"s-mine\">Own</h4>",
        ] {
            assert!(html.contains(expected), "{html}");
        }
        let html = render("## Already below", "en").html;
        assert!(html.contains("<h2 id=\"s-already-below\">"), "{html}");
    }
}
