//! The one stylesheet: readable in light and dark, small, and at home on this host alone.

use std::{collections::HashMap, io::Write as _};

use flate2::{Compression, write::GzEncoder};

const STYLESHEET: &str = include_str!("../../assets/plaudit.css");

type Colour = [f64; 3];

/// Every text colour and what it stands on, with the least contrast WCAG 2.2 asks of it.
const PAIRS: [(&str, &str, f64); 17] = [
    ("ink", "paper", 7.0),
    ("ink", "tint", 4.5),
    ("ink", "accent-tint", 4.5),
    ("quiet", "paper", 4.5),
    ("quiet", "tint", 4.5),
    ("quiet", "accent-tint", 4.5),
    ("accent", "paper", 4.5),
    ("accent", "tint", 4.5),
    ("accent", "accent-tint", 4.5),
    ("accent-deep", "paper", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-deep", 4.5),
    ("paper", "ink", 4.5),
    ("danger", "paper", 4.5),
    ("danger", "tint", 4.5),
    ("good", "paper", 4.5),
    ("edge", "paper", 3.0),
];

#[test]
fn text_is_readable_in_light_and_in_dark() {
    let tokens = tokens();
    for dark in [false, true] {
        for (text, ground, least) in PAIRS {
            let [a, b] = [text, ground].map(|name| colour(&tokens, &tokens[name], dark));
            let ratio = contrast(a, b);
            assert!(
                ratio >= least,
                "{text} on {ground} (dark: {dark}): {ratio:.2}"
            );
        }
    }
}

#[test]
fn the_stylesheet_is_small() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(STYLESHEET.as_bytes()).expect("in memory");
    let weight = encoder.finish().expect("in memory").len();
    assert!(weight < 12_000, "{weight} bytes compressed");
}

#[test]
fn the_stylesheet_asks_nothing_of_other_hosts() {
    for word in ["url(", "@import", "http:", "https:"] {
        assert!(!STYLESHEET.contains(word), "“{word}” in the stylesheet");
    }
}

/// The custom properties of the tokens layer.
fn tokens() -> HashMap<&'static str, String> {
    let start = STYLESHEET.find("@layer tokens {").expect("the tokens");
    let end = STYLESHEET.find("@layer type {").expect("the type");
    STYLESHEET[start..end]
        .split(['{', ';'])
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':'))
        .map(|(name, value)| (name, value.trim().to_owned()))
        .collect()
}

/// Reads `#rgb…`, `var(--x)`, `light-dark(a, b)` and `color-mix(in srgb, a N%, b)`.
fn colour(tokens: &HashMap<&str, String>, value: &str, dark: bool) -> Colour {
    let value = value.trim();
    if let Some(hex) = value.strip_prefix('#') {
        return std::array::from_fn(|i| {
            let byte = u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).expect("hex");
            f64::from(byte) / 255.0
        });
    }
    let (function, rest) = value.split_once('(').expect("a function");
    let inside = rest.strip_suffix(')').expect("a bracket");
    let parts: Vec<&str> = inside.split(", ").collect();
    match (function, parts.as_slice()) {
        ("var", [name]) => colour(tokens, &tokens[&name[2..]], dark),
        ("light-dark", [light, night]) => colour(tokens, if dark { night } else { light }, dark),
        ("color-mix", ["in srgb", first, second]) => {
            let (first, share) = first.split_once(' ').expect("a share");
            let share: f64 = share.trim_end_matches('%').parse().expect("a number");
            let [a, b] = [first, *second].map(|value| colour(tokens, value, dark));
            std::array::from_fn(|i| (a[i] * share + b[i] * (100.0 - share)) / 100.0)
        }
        _ => panic!("cannot read “{value}”"),
    }
}

/// WCAG 2.2, contrast ratio.
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG 2.2, relative luminance.
fn luminance(colour: Colour) -> f64 {
    let [r, g, b] = colour.map(|c| {
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[test]
fn the_studio_shows_its_rooms_and_where_one_is() {
    let templates = plaudit::render::Templates::load().expect("templates");
    let config = plaudit::config::load_from(None, []).expect("defaults");
    let house = plaudit::house::House::new(&config.publication);
    for (path, room) in [
        ("/studio?page=2", "/studio"),
        ("/studio/tiers/new", "/studio/tiers"),
    ] {
        let frame = plaudit::web::Frame::new((&config, &house), path, None, "de");
        let values = serde_json::json!({ "frame": frame });
        let page = templates.render("layouts/studio.html", "de", &values);
        let page = page.expect("the studio's frame");
        let current = format!("href=\"{room}\" aria-current=\"page\"");
        assert!(page.contains(&current), "{page}");
        assert_eq!(page.matches("aria-current").count(), 1);
    }
}
