//! XML as a tree of elements, for files whose shape is known.

use anyhow::{Context as _, bail};
use quick_xml::{Reader, escape::resolve_predefined_entity, events::Event};

/// Deeper than any file we know.
const DEEPEST: usize = 64;

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// As written, with its prefix.
    pub name: String,
    /// The value of an attribute called `id`, whatever its prefix.
    pub id: Option<String>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The children of this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// What the child of this name says; empty where there is none.
    pub fn says(&self, name: &str) -> &str {
        self.child(name).map_or("", |child| child.text.trim())
    }
}

/// Parses a document into its outermost element. Names of entities that the document itself defines stay as
/// they are: nothing is ever fetched or expanded.
pub(super) fn parse(text: &str) -> anyhow::Result<Element> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event();
        let event = event.with_context(|| format!("at byte {}", reader.buffer_position()))?;
        match event {
            Event::Start(start) => {
                if open.len() > DEEPEST {
                    bail!("elements are nested more than {DEEPEST} deep");
                }
                open.push(begun(&start)?);
            }
            Event::Empty(start) => append(&mut open, begun(&start)?),
            Event::End(_) => {
                if let Some(done) = open.pop() {
                    append(&mut open, done);
                }
            }
            Event::Text(text) => say(&mut open, &text.decode()?),
            Event::CData(text) => say(&mut open, &text.decode()?),
            Event::GeneralRef(entity) => match entity.resolve_char_ref()? {
                Some(c) => say(&mut open, c.encode_utf8(&mut [0; 4])),
                None => {
                    let name = entity.decode()?;
                    let known = resolve_predefined_entity(&name);
                    say(&mut open, known.unwrap_or(&format!("&{name};")));
                }
            },
            Event::Eof => break,
            _ => {}
        }
    }
    let document = open
        .pop()
        .filter(|_| open.is_empty())
        .context("it ends too early")?;
    let root = document.children.into_iter().next();
    root.context("there is no XML in it")
}

fn begun(start: &quick_xml::events::BytesStart<'_>) -> anyhow::Result<Element> {
    let mut id = None;
    for attribute in start.attributes() {
        let attribute = attribute?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        if key == "id" || key.ends_with(":id") {
            id = Some(String::from_utf8_lossy(&attribute.value).into_owned());
        }
    }
    Ok(Element {
        name: String::from_utf8_lossy(start.name().as_ref()).into_owned(),
        id,
        ..Element::default()
    })
}

fn append(open: &mut [Element], done: Element) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(done);
    }
}

fn say(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}
