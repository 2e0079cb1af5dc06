//! Who may import whom: a room uses what is below it, never what is beside or above.

use super::{File, assert_none, files};

/// From the floor up. Rooms on one line do not know each other.
const STOREYS: &[&[&str]] = &[
    &["clock", "entities", "money", "server"],
    &["config"],
    &[
        "db",
        "house",
        "media",
        "render",
        "slugs",
        "telemetry",
        "tidying",
    ],
    &["mail", "payments", "web"],
    &["app"],
    &["accounts"],
    &["authors"],
    &["membership"],
    &["comments", "notices"],
    &["articles"],
    &["admin", "doors", "sandbox", "studio"],
    &["router", "worker"],
    &["cli"],
];

fn storey(room: &str) -> Option<usize> {
    STOREYS.iter().position(|rooms| rooms.contains(&room))
}

/// `src/accounts/mod.rs` and `src/accounts.rs` are both `accounts`.
fn room(file: &File) -> &str {
    let inside = file.path.trim_start_matches("src/");
    inside
        .split(['/', '.'])
        .next()
        .expect("a path has a first part")
}

/// The modules of this crate that `code` names: `crate::a::b` and `crate::{a::b, c}`.
fn imports(code: &str) -> Vec<String> {
    let code: String = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            found.extend(members(group));
        } else {
            found.push(first_name(rest));
        }
    }
    found.retain(|name| name.starts_with(|first: char| first.is_ascii_lowercase()));
    found
}

/// The first names in a group whose opening brace has been read.
fn members(group: &str) -> Vec<String> {
    let mut depth = 1;
    let mut names = Vec::new();
    let mut start = 0;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 || (depth == 1 && sign == ',') {
            names.push(first_name(&group[start..at]));
            start = at + 1;
        }
        if depth == 0 {
            break;
        }
    }
    names
}

fn first_name(path: &str) -> String {
    path.trim_start()
        .chars()
        .take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '_')
        .collect()
}

#[test]
fn rooms_use_only_what_is_below_them() {
    let mut faults = Vec::new();
    for file in files(&["src"], &["rs"]) {
        let room = room(&file);
        if matches!(room, "lib" | "main") {
            continue;
        }
        let Some(own) = storey(room) else {
            faults.push(format!("{}: give “{room}” a storey", file.path));
            continue;
        };
        for used in imports(file.without_tests()) {
            let is_below = storey(&used).is_some_and(|other| other < own);
            if used != room && !is_below {
                faults.push(format!("{}: {room} must not use {used}", file.path));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn imports_are_found_in_groups_too() {
    let code = "use crate::{\n    app::App,\n    web::{self, Error},\n}; // crate::cli\nfn f() { crate::db::begin() }";
    assert_eq!(imports(code), ["app", "web", "db"]);
}
