//! What front matter says, and where it is wrong.

use super::*;

#[test]
fn a_head_is_read() {
    let file = "---\ntitle: \"A: b\"\nslug: a-b\nstandfirst: >\n  Two\n  lines\n\
                author: matthew-smith\ndate: 2026-12-21\naudience: patrons\ncomments: closed\n\
                co_authors: ann, bea\ntags: Sea, Boats\nopens: 2027-05-01\n---\n\nText.\n---\nMore.\n";
    let (head, text) = parse(file).expect("sound");
    assert_eq!(head.title, "A: b");
    assert_eq!(head.standfirst, "Two lines");
    assert_eq!(head.author.as_deref(), Some("matthew-smith"));
    let date = head.date.map(|date| date.to_rfc3339());
    assert_eq!(date.as_deref(), Some("2026-12-21T00:00:00+00:00"));
    assert_eq!(head.audience, Some(Audience::Patrons));
    assert_eq!(head.comments, Some(Gate::Closed));
    let both = vec!["ann".to_owned(), "bea".to_owned()];
    assert_eq!(head.co_authors, Some(both));
    assert_eq!(head.tags, Some(vec!["Sea".to_owned(), "Boats".to_owned()]));
    assert_eq!(head.opens, super::date("2027-05-01").ok());
    assert_eq!(text, "\nText.\n---\nMore.\n");
    let (head, text) = parse("\u{feff}---\r\ntitle: 1984\r\n---\r\nText.").expect("sound");
    assert_eq!((head.title.as_str(), text), ("1984", "Text."));
    let (head, _) = parse("---\ntitle: a\ndate: 2026-12-21T08:00:00+01:00\n---\n").expect("sound");
    let date = head.date.map(|date| date.to_rfc3339());
    assert_eq!(date.as_deref(), Some("2026-12-21T07:00:00+00:00"));
}

#[test]
fn a_fault_is_named_by_line_and_field() {
    for (file, expected) in [
        ("Text.", "line 1: the front matter is missing"),
        ("---\ntitle: a\n", "line 1: the front matter does not end"),
        ("---\n---\n", "line 1, title: is missing"),
        (
            "---\ntitel: a\n---\n",
            "line 2, titel: is not a field; did you mean title?",
        ),
        (
            "---\ntitle: a\ncolour: b\n---\n",
            "line 3, colour: is not a field; there are title",
        ),
        (
            "---\ntitle: a\naudience: all\n---\n",
            "line 3, audience: “all” is none of public",
        ),
        (
            "---\ntitle: a\ncomments: yes\n---\n",
            "line 3, comments: “yes” is none of readers",
        ),
        (
            "---\ntitle: a\n\ndate: soon\n---\n",
            "line 4, date: “soon” is no date",
        ),
        ("---\ntitle: a\nslug: [b]\n---\n", "line 3, slug: "),
        ("---\ntitle: a\nslug: {b: c}\n---\n", "line 3, slug: "),
        ("---\ntitle: a\ntitle: b\n---\n", "line 3, title: "),
        ("---\ntitle: \"a\nslug: b\n---\n", "line "),
        ("---\ntitle: a: b\n---\n", "line 2, title: "),
        ("---\n- title\n---\n", "line 2"),
        ("---\njust words\n---\n", "line 2"),
    ] {
        let faults = parse(file).expect_err(file);
        let said = faults[0].to_string();
        assert!(said.starts_with(expected), "{file:?}: {said}");
        assert!(!said.contains('\n'), "{said}");
    }
    let faults = parse("---\naudience: all\ndate: soon\n---\n").expect_err("three");
    assert_eq!(faults.len(), 3);
}
