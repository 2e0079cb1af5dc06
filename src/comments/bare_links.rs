//! Places of the web that stand in a text by name alone. They are no links here, but browsers, mail programs and
//! phones make links of them, and whoever wants to be visited writes them so.

use linkify::{LinkFinder, LinkKind};
use unicode_normalization::UnicodeNormalization as _;

use super::body::is_blank;

/// Endings that stand for themselves, in any case: those from before countries had some, and those of addresses that
/// are sold cheaply.
const ENDINGS: [&str; 52] = [
    "app", "asia", "bet", "bid", "biz", "blog", "buzz", "cam", "casino", "cfd", "click", "cloud",
    "club", "com", "coop", "cyou", "dating", "dev", "edu", "gov", "icu", "info", "int", "jobs",
    "link", "live", "loan", "mil", "mobi", "monster", "museum", "net", "online", "org", "page",
    "poker", "porn", "pro", "sale", "sbs", "shop", "site", "space", "store", "tech", "top", "vip",
    "website", "wiki", "win", "xxx", "xyz",
];

/// The endings of countries, but for those that are endings of files' names too (`.cc`, `.md`, `.mk`, `.pl`, `.ps`,
/// `.py`, `.rs`, `.sh`).
const COUNTRIES: &str = "ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs \
    bt bv bw by bz ca cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj \
    fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is \
    it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc me mg mh ml mm mn mo mp mq \
    mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pm pn pr pt pw qa re ro ru rw \
    sa sb sc sd se sg si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua \
    ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

/// Whether a text names a host, a page or a mailbox that other programs would make a link of. `file.rs`, `e.g.` and
/// `3.5` are none, nor is a full stop without a blank behind it (`the end.It`).
pub(super) fn names_a_place(text: &str) -> bool {
    // As it looks: a wide full stop is one, and what nobody sees does not part a name.
    let is_seen = |c: &char| c.is_whitespace() || !is_blank(*c);
    let text: String = text.chars().filter(is_seen).nfkc().collect();
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    finder.links(&text).any(|found| match found.kind() {
        LinkKind::Email => true,
        _ => is_place(found.as_str()),
    })
}

fn is_place(found: &str) -> bool {
    if found.contains("://") {
        return true;
    }
    let ends = |c: char| matches!(c, '/' | '?' | '#' | ':');
    let host = found.split(ends).next().unwrap_or(found);
    let has_path = host.len() < found.len();
    let Some((name, ending)) = host.rsplit_once('.') else {
        return false;
    };
    if has_path && is_number(host) {
        return true;
    }
    let small = ending.to_lowercase();
    let is_short = small.len() == 2 && small.chars().all(|c| c.is_ascii_lowercase());
    let is_country = COUNTRIES.split(' ').any(|country| country == small);
    // Of a new sentence, the first letter alone is large.
    let is_even = ending == small || host == host.to_uppercase();
    name.to_lowercase().starts_with("www.")
        || (has_path && is_short)
        || ENDINGS.contains(&small.as_str())
        || (is_country && is_even && name.chars().count() > 1)
}

/// `192.0.2.1`
fn is_number(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
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
