//! Footnotes: numbered as they are met, gathered at the end, each with the way back.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// Takes the notes out of the text and puts them behind it, in the order of their marks.
pub(super) fn numbered(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let (text, mut notes) = apart(events);
    if notes.is_empty() {
        return text;
    }
    let mut order = Order::default();
    let mut out = marked(text, &mut order);
    let mut number = 0;
    while let Some(name) = order.names.get(number).cloned() {
        number += 1;
        if number == 1 {
            out.push(raw("<section class=\"footnotes\"><ol>\n"));
        }
        out.push(raw(&format!("<li id=\"fn-{number}\">")));
        let note = notes.remove(&name).unwrap_or_default();
        out.extend(marked(note, &mut order));
        out.push(raw(&format!("<a href=\"#fnref-{number}\">↩</a></li>\n")));
    }
    if number > 0 {
        out.push(raw("</ol></section>\n"));
    }
    out
}

/// Names of notes in the order of their first marks.
#[derive(Default)]
struct Order {
    names: Vec<String>,
}

impl Order {
    /// The number of this note, and whether this is its first mark.
    fn number(&mut self, name: &str) -> (usize, bool) {
        match self.names.iter().position(|known| known == name) {
            Some(index) => (index + 1, false),
            None => {
                self.names.push(name.to_owned());
                (self.names.len(), true)
            }
        }
    }
}

fn apart(events: Vec<Event<'_>>) -> (Vec<Event<'_>>, HashMap<String, Vec<Event<'_>>>) {
    let mut text = Vec::with_capacity(events.len());
    let mut notes: HashMap<String, Vec<Event<'_>>> = HashMap::new();
    let mut inside: Option<String> = None;
    for event in events {
        match event {
            Event::Start(Tag::FootnoteDefinition(name)) => inside = Some(name.to_string()),
            Event::End(TagEnd::FootnoteDefinition) => inside = None,
            event => match &inside {
                Some(name) => notes.entry(name.clone()).or_default().push(event),
                None => text.push(event),
            },
        }
    }
    (text, notes)
}

fn marked<'a>(events: Vec<Event<'a>>, order: &mut Order) -> Vec<Event<'a>> {
    events
        .into_iter()
        .map(|event| match event {
            Event::FootnoteReference(name) => {
                let (number, is_first) = order.number(&name);
                let id = if is_first {
                    format!(" id=\"fnref-{number}\"")
                } else {
                    String::new()
                };
                raw(&format!(
                    "<sup{id}><a href=\"#fn-{number}\">{number}</a></sup>"
                ))
            }
            other => other,
        })
        .collect()
}

fn raw<'a>(html: &str) -> Event<'a> {
    Event::InlineHtml(CowStr::from(html.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::render;

    #[test]
    fn notes_stand_at_the_end_in_the_order_of_their_marks() {
        let markdown = "One[^b] two[^a] three[^b].\n\n[^a]: Note A.\n[^b]: Note B.\n\nLast.";
        let html = render(markdown, "en").html;
        let expected = "One<sup id=\"fnref-1\"><a href=\"#fn-1\" rel=\"noopener\">1</a></sup> two";
        assert!(html.contains(expected), "{html}");
        let notes = html
            .split("<section class=\"footnotes\">")
            .nth(1)
            .expect("notes");
        let b = notes.find("Note B.").expect("B");
        let a = notes.find("Note A.").expect("A");
        assert!(b < a, "{html}");
        assert!(html.find("Last.") < html.find("Note B."), "{html}");
        assert_eq!(html.matches("id=\"fnref-1\"").count(), 1);
    }
}
