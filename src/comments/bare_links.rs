//! Places of the web that stand in a text by name alone. They are no links here, but browsers, mail programs and
//! phones make links of them, and whoever wants to be visited writes them so.

use std::iter;

use linkify::{LinkFinder, LinkKind};
use unicode_normalization::UnicodeNormalization as _;
use url::Host;

use super::body::is_blank;

/// Endings that are an address after any name, in any case.
const WELL_KNOWN: [&str; 5] = ["biz", "com", "info", "net", "org"];

/// Endings of addresses that end names of files, too, and what is meant wherever people talk of either. A harmless
/// comment that waits costs its author one press; an address that passes is words here and leads nowhere. So a name
/// is a file's where files by far are what is named, and an address where a page follows it.
const FILES: [&str; 15] = [
    "ac",         // configure.ac
    "am",         // Makefile.am
    "java",       // has a file for each class, and hardly an address
    "md",         // README.md; Moldova has few
    "mk",         // parts of a Makefile
    "mov",        // films, before there were addresses
    "pm",         // modules of Perl, and the afternoon: `10.pm`
    "properties", // settings; the long word is seldom an address
    "ps",         // PostScript
    "py",         // Python is more talked of than Paraguay
    "rs",         // Rust than Serbia
    "sh",         // install.sh
    "so",         // libraries
    "tf",         // Terraform
    "zip",        // archives, whoever may have registered one
];

/// Endings of files, too, but of so many more addresses (Poland's millions, and the cheap ones whoever advertises
/// takes) that a name is a file's only where more says so: a folder before it, a line behind it, an underscore.
const SELDOM_FILES: [&str; 2] = ["cc", "pl"];

/// Whether a text names a host, a page or a mailbox that other programs would make a link of. `file.rs:12`, `e.g.` and
/// `3.5` are none, nor is a full stop without a blank behind it (`the end.It`).
pub(super) fn names_a_place(text: &str) -> bool {
    let text = as_it_looks(text);
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    // `//example.org` is found by what stands behind its strokes.
    let texts = [text.replace("//", " "), text];
    texts.iter().any(|text| {
        let mut found = finder.links(text);
        let is_found = found.any(|found| match found.kind() {
            LinkKind::Email => true,
            _ => is_place(
                found.as_str(),
                text[..found.start()].ends_with(['/', '\\', '_']),
            ),
        });
        is_found || foreign(text).any(|word| is_place(word, false))
    })
}

/// Words with letters that are not ASCII's: what ends in such is not found by the crate.
fn foreign(text: &str) -> impl Iterator<Item = &str> {
    let is_between = |c: char| c.is_whitespace() || "<>()[]{}\"'«»“”„‘’,;".contains(c);
    let words = text.split(is_between).filter(|word| !word.is_ascii());
    words.map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation() || c == '…'))
}

/// A wide full stop is one, and what nobody sees does not part a name. An ideographic one ends a sentence without a
/// blank behind it, unless what follows is of no such script.
fn as_it_looks(text: &str) -> String {
    let is_seen = |c: &char| c.is_whitespace() || !is_blank(*c);
    let text: Vec<char> = text.chars().filter(is_seen).nfkc().collect();
    let next = text.iter().skip(1).map(Some).chain(iter::once(None));
    let is_in_a_name = |c: &char| c.is_alphanumeric() && *c < '\u{2e80}';
    let stop = |(c, next): (&char, Option<&char>)| match c {
        '\u{3002}' if next.is_some_and(is_in_a_name) => '.',
        c => *c,
    };
    text.iter().zip(next).map(stop).collect()
}

/// `is_inside` says that it stands behind the stroke of a folder.
fn is_place(found: &str, is_inside: bool) -> bool {
    if found.contains("://") {
        return true;
    }
    let ends = |c: char| matches!(c, '/' | '?' | '#' | ':');
    let host = found.split(ends).next().unwrap_or(found);
    let behind = &found[host.len()..];
    let has_page = behind.starts_with(['/', '?']);
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    if has_page && host.parse::<std::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let small = ending.to_lowercase();
    if name.to_lowercase().starts_with("www.") {
        return true;
    }
    if WELL_KNOWN.contains(&small.as_str()) {
        return has_page || !is_platform(name, ending);
    }
    if !is_ending(&small) {
        return false;
    }
    // Of a new sentence, the first letter alone is large; a title (`Dr.med.`) is short.
    let is_even = ending == small || host == host.to_uppercase();
    let is_long = small.is_ascii() && small.len() > 2;
    let shortest = if is_long { 3 } else { 2 };
    let is_a_name = is_even && name.chars().count() >= shortest;
    let is_file = match () {
        () if FILES.contains(&small.as_str()) => true,
        () if SELDOM_FILES.contains(&small.as_str()) => {
            let has_line = behind.starts_with(':');
            is_inside || has_line || name.contains('_')
        }
        () => false,
    };
    has_page || (is_a_name && !is_file)
}

/// `ASP.NET`, `Asp.Net`, `Paint.NET`: what is made with Microsoft's. Whoever shouts an address (`EXAMPLE.NET`) has a
/// longer name, large throughout.
fn is_platform(name: &str, ending: &str) -> bool {
    let is_word = name.chars().all(|c| c.is_ascii_alphabetic());
    let is_shouted = name == name.to_uppercase();
    match ending {
        "NET" => is_word && (name.len() <= 3 || !is_shouted),
        "Net" => is_word && name.len() <= 3,
        _ => false,
    }
}

/// Whether addresses end so: in the root of all names, each in its ASCII form.
fn is_ending(small: &str) -> bool {
    match Host::parse(small) {
        Ok(Host::Domain(ascii)) => tld::exist(&ascii),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_programs_make_a_link_of_is_a_place() {
        for text in [
            "Look at www.example.org now",
            "example.com",
            "See example.com.",
            "(example.co.uk)",
            "Example.COM/deal",
            "EXAMPLE.DE",
            "t.co/abc",
            "lib.rs/crates",
            "WWW.harbour.museum",
            "cheap.xyz",
            "http://192.0.2.1",
            "192.0.2.1/pay",
            "ann@example.org",
            "example．com",
            "пример.рф",
            "Смотри на пример.рф/скидка",
            "ПРИМЕР.РФ",
            "例子.中国",
            "مثال.مصر",
            "उदाहरण.भारत",
            "example。com",
            "example｡com/x",
            "пример。рф",
            "//example.net/x",
            "see //example.net",
            "cheap.today",
            "example.com:8080",
            "onet.pl",
            "Onet.pl and wp.pl",
            "onet.pl/deal",
            "cheap.cc",
            "see (cheap.cc)",
            "python.py/x",
            "EXAMPLE.NET",
            "Example.Net",
            "example.net",
            "asp.net",
            "ASP.NET/deal",
            "www.ASP.NET",
            "cheap-pills.NET",
            "x.com",
            "exam\u{200b}ple.com",
            "bücher.de",
        ] {
            assert!(names_a_place(text), "{text}");
        }
    }

    #[test]
    fn a_full_stop_in_a_text_is_no_place() {
        for text in [
            "",
            "e.g. a boat, i.e. a small one",
            "z.B. morgens, d.h. früh",
            "It costs 3.5 or 1.000,50",
            "Version 1.2.3.4",
            "Look into file.rs, README.md and run.sh",
            "src/main.cc and lib\\Names.pl, test_main.cc, main.cc:12, my_script.pl",
            "Foo.pm, Makefile.am, configure.ac, at 10.pm",
            "ASP.NET, Asp.Net, VB.NET and ADO.NET",
            "Paint.NET, Json.NET",
            "It breaks at main.rs:12 and in src/lib.rs:3:14",
            "See README.md#usage",
            "Cargo.toml, Cargo.lock and package.json",
            "Main.java, app.py, libfoo.so, index.html, archive.tar.gz, photos.zip",
            "Dr.med. Ott und Prof.Dr. Lau",
            "Я пришёл.Он ушёл.",
            "今天天气很好。我们去散步。OK",
            "今日は。Rustが好き",
            "// a note in code",
            "and // so on",
            "Node.js",
            "That is the end.It was late.",
            "They sailed.In the morning",
            "10 a.m. to 4 p.m.",
            "The U.S. and St.Gallen",
            "and/or",
            "@matthew said so",
            "Wait... what?",
            "12.11.2026",
        ] {
            assert!(!names_a_place(text), "{text}");
        }
    }
}
