//! The house stays tidy: what the compiler cannot keep is kept here.

mod imports;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of the project: its path from the root, and what it says.
struct File {
    path: String,
    text: String,
}

impl File {
    /// The lines before the tests at the foot.
    fn without_tests(&self) -> &str {
        let end = self.text.find("\n#[cfg(test)]\nmod ");
        end.map_or(self.text.as_str(), |end| &self.text[..end])
    }

    fn stem(&self) -> &str {
        let path = Path::new(&self.path);
        path.file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a name")
    }
}

/// Every file under `folders` with one of these endings, in order.
fn files(folders: &[&str], endings: &[&str]) -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for folder in folders {
        walk(&root.join(folder), endings, &mut found);
    }
    found.sort();
    found
        .into_iter()
        .map(|path| File {
            text: fs::read_to_string(&path).expect("UTF-8"),
            path: path
                .strip_prefix(root)
                .expect("inside")
                .display()
                .to_string(),
        })
        .collect()
}

fn walk(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let is_wanted = path
            .extension()
            .is_some_and(|ending| endings.iter().any(|wanted| ending == *wanted));
        if path.is_dir() {
            walk(&path, endings, found);
        } else if is_wanted {
            found.push(path);
        }
    }
}

fn rust() -> Vec<File> {
    files(&["src", "migration/src", "tests", "benches"], &["rs"])
}

#[track_caller]
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_file_opens_with_a_line_on_what_it_is_for() {
    let faults: Vec<String> = rust()
        .iter()
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| file.path.clone())
        .collect();
    assert_none(&faults);
}

#[test]
fn no_file_is_longer_than_300_lines() {
    let faults: Vec<String> = rust()
        .iter()
        .map(|file| (file, file.text.lines().count()))
        .filter(|(_, lines)| *lines > 300)
        .map(|(file, lines)| format!("{}: {lines} lines", file.path))
        .collect();
    assert_none(&faults);
}

#[test]
fn modules_are_named_for_what_they_do() {
    let faults: Vec<String> = rust()
        .iter()
        .filter(|file| {
            let folders = file.path.split('/').chain([file.stem()]);
            folders.into_iter().any(|name| {
                matches!(
                    name,
                    "utils" | "util" | "helpers" | "common" | "core" | "types"
                )
            })
        })
        .map(|file| file.path.clone())
        .collect();
    assert_none(&faults);
}

#[test]
fn nothing_is_left_for_later_and_nothing_is_waved_through() {
    // In pieces, so that this file does not accuse itself.
    let forbidden = [
        concat!("todo", "!("),
        concat!("unimplemented", "!("),
        concat!("dbg", "!("),
        concat!("#[", "allow("),
        concat!("#![", "allow("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("thread::", "sleep("),
        concat!("#[", "ignore"),
    ];
    let mut faults = Vec::new();
    for file in rust() {
        for (number, line) in file.text.lines().enumerate() {
            for word in forbidden.iter().filter(|word| line.contains(**word)) {
                faults.push(format!("{}:{}: {word}", file.path, number + 1));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn no_file_knows_a_machine() {
    let places = [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/tmp/", "wt"),
    ];
    let endings = [
        "rs", "html", "txt", "ftl", "css", "toml", "md", "py", "snap",
    ];
    let folders = [
        "src",
        "migration",
        "tests",
        "benches",
        "templates",
        "config",
        "assets",
    ];
    let mut faults = Vec::new();
    for file in files(&folders, &endings) {
        for place in places.iter().filter(|place| file.text.contains(**place)) {
            faults.push(format!("{}: {place}", file.path));
        }
    }
    assert_none(&faults);
}

#[test]
fn what_an_address_names_is_read_in_one_way() {
    // What is left to axum answers in its own words, and not with the house's page. Files compiled in are named by
    // any text, and know nothing of the house.
    let own = [
        "src/web/path.rs",
        "src/render/assets.rs",
        "src/render/brand.rs",
    ];
    let bare = |file: &File| {
        let code: String = file.without_tests().split_whitespace().collect();
        let groups = code.match_indices("extract::").map(|(at, _)| &code[at..]);
        let mut groups = groups.map(|rest| rest.split(';').next().unwrap_or_default());
        groups.any(|rest| {
            let named = rest.trim_start_matches("extract::");
            let named = match named.strip_prefix('{') {
                Some(group) => group.split('}').next().unwrap_or_default(),
                None => named.split([',', '(', '<', '}']).next().unwrap_or_default(),
            };
            named
                .split([',', ':'])
                .any(|name| name == "Path" || name == "RawPathParams")
        })
    };
    let faults: Vec<String> = files(&["src"], &["rs"])
        .iter()
        .filter(|file| !own.contains(&file.path.as_str()) && bare(file))
        .map(|file| file.path.clone())
        .collect();
    assert_none(&faults);
    assert!(
        files(&["src"], &["rs"])
            .iter()
            .any(|file| own.contains(&file.path.as_str()) && bare(file))
    );
}
