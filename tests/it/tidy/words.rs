//! Every word is in the catalogues, in both languages, and every word there is used.

use std::collections::{BTreeMap, BTreeSet};

use super::{assert_none, files};

/// What is said once after a redirect; in the catalogue of the room that says it.
const FLASH: &str = "flash-";

/// By file name, the keys of one language.
fn catalogues(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    files(&[&format!("templates/lang/{language}")], &["ftl"])
        .iter()
        .map(|file| {
            let keys = file
                .text
                .lines()
                .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
                .filter_map(|line| line.split_once('='))
                .map(|(key, _)| key.trim().to_owned());
            (file.stem().to_owned(), keys.collect())
        })
        .collect()
}

fn without_comments(code: &str) -> String {
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

/// What is between double quotes in `code`.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut inside: Option<String> = None;
    let mut signs = code.chars().peekable();
    let mut last = ' ';
    while let Some(sign) = signs.next() {
        match (&mut inside, sign) {
            (Some(text), '\\') => text.extend(signs.next()),
            (Some(_), '"') => found.extend(inside.take()),
            (Some(text), _) => text.push(sign),
            (None, '"') if last != '\'' => inside = Some(String::new()),
            (None, _) => {}
        }
        last = sign;
    }
    found
}

/// A key, or one with gaps: `web-error-{}-title`, or `articles-gate-` to be gone on with.
fn fits(key: &str, pattern: &str) -> bool {
    let mut rest = key;
    let mut pattern = pattern;
    while let Some((before, after)) = pattern.split_once('{') {
        let Some(found) = rest.find(before) else {
            return false;
        };
        rest = &rest[found + before.len()..];
        pattern = after.split_once('}').map_or("", |(_, after)| after);
    }
    if pattern.len() > 1 && pattern.ends_with('-') {
        rest.starts_with(pattern)
    } else if rest.len() == key.len() {
        rest == pattern
    } else {
        rest.ends_with(pattern)
    }
}

/// Whether `text` looks like a key of one of the catalogues.
fn is_keyish(text: &str, rooms: &BTreeSet<String>) -> bool {
    let Some((room, rest)) = text.split_once('-') else {
        return false;
    };
    rooms.contains(room)
        && !rest.is_empty()
        && rest.chars().all(|sign| {
            sign.is_ascii_lowercase() || sign.is_ascii_digit() || "-_{}:.".contains(sign)
        })
}

/// What templates and code ask for, with where.
fn asked(rooms: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for file in files(&["src"], &["rs"]) {
        let keys = literals(&without_comments(file.without_tests()));
        let keys = keys.into_iter().filter(|text| is_keyish(text, rooms));
        found.extend(keys.map(|key| (key, file.path.clone())));
    }
    for file in files(&["templates"], &["html", "txt"]) {
        for inside in expressions(&file.text) {
            let keys = literals(inside);
            let keys = keys.into_iter().filter(|text| is_keyish(text, rooms));
            found.extend(keys.map(|key| (key, file.path.clone())));
        }
    }
    found
}

/// What stands in `{{ … }}` and `{% … %}`.
fn expressions(template: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}"), ("{<", ">}")] {
        for piece in template.split(open).skip(1) {
            found.push(piece.split(close).next().unwrap_or_default());
        }
    }
    found
}

#[test]
fn both_languages_have_the_same_catalogues_and_keys() {
    let (english, german) = (catalogues("en"), catalogues("de"));
    let mut faults = Vec::new();
    for (one, other, language) in [(&english, &german, "de"), (&german, &english, "en")] {
        for (name, keys) in one {
            let theirs = other.get(name).cloned().unwrap_or_default();
            let missing = keys.difference(&theirs);
            faults.extend(missing.map(|key| format!("{language}/{name}.ftl lacks {key}")));
        }
    }
    assert_none(&faults);
}

#[test]
fn every_kind_of_letter_has_a_name() {
    let folders = std::fs::read_dir("templates/emails").expect("the letters");
    let folders = folders.map(|entry| entry.expect("an entry").path());
    let kinds: Vec<String> = folders
        .filter(|path| path.is_dir())
        .filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .collect();
    assert!(kinds.len() > 30, "{kinds:?}");
    let keys = catalogues("en").remove("mail").expect("what is mailed");
    let named = keys.iter().filter_map(|key| key.strip_prefix("mail-kind-"));
    let named: BTreeSet<&str> = named.filter(|kind| *kind != "other").collect();
    let kinds: BTreeSet<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(named, kinds);
}

#[test]
fn every_key_is_named_for_its_room() {
    let mut faults = Vec::new();
    for (name, keys) in catalogues("en") {
        let strangers = keys
            .iter()
            .filter(|key| !key.starts_with(&format!("{name}-")) && !key.starts_with(FLASH));
        faults.extend(strangers.map(|key| format!("{name}.ftl: {key}")));
    }
    assert_none(&faults);
}

#[test]
fn every_key_that_is_asked_for_exists_and_every_key_is_asked_for() {
    let catalogues = catalogues("en");
    let flash = FLASH.trim_end_matches('-').to_owned();
    let rooms: BTreeSet<String> = catalogues.keys().cloned().chain([flash]).collect();
    let keys: BTreeSet<String> = catalogues.into_values().flatten().collect();
    let asked = asked(&rooms);
    let mut faults: Vec<String> = asked
        .iter()
        .filter(|(pattern, _)| !keys.iter().any(|key| fits(key, pattern)))
        .map(|(pattern, path)| format!("{path} asks for {pattern}, which no catalogue has"))
        .collect();
    let spoken: String = files(&["templates/lang/en"], &["ftl"])
        .into_iter()
        .map(|file| file.text)
        .collect();
    let unused = keys
        .iter()
        .filter(|key| !asked.iter().any(|(pattern, _)| fits(key, pattern)))
        .filter(|key| !spoken.contains(&format!("{{ {key} }}")));
    faults.extend(unused.map(|key| format!("nobody asks for {key}")));
    assert_none(&faults);
}

#[test]
fn keys_with_gaps_fit() {
    for (key, pattern, expected) in [
        ("web-error-404-title", "web-error-{}-title", true),
        ("web-error-404", "web-error-{}-title", false),
        ("web-error-404", "web-error-{code}", true),
        ("articles-gate-patrons", "articles-gate-", true),
        ("articles-gate", "articles-gate", true),
        ("articles-gate-patrons", "articles-gate", false),
    ] {
        assert_eq!(fits(key, pattern), expected, "{key} {pattern}");
    }
}
