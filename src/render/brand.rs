//! The publication's own colours: `/brand/8a2f1d.css` says what that accent is on light and on dark paper, and
//! `/brand/8a2f1d-fdf6e3-002b36.css` those of accent, paper and ink, `0` for the house's own. A colour that would be hard
//! to read there is made darker or lighter until it is not; a paper is a light and a dark shade of what was chosen.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use palette::{
    FromColor as _, IntoColor as _, Oklch, Srgb, color_difference::Wcag21RelativeContrast as _,
};

/// What the stylesheet has for paper and ink, light and dark.
const PAPERS: [&str; 2] = ["fbf9f4", "181613"];
const INKS: [&str; 2] = ["211d18", "ebe5da"];
/// The least contrast of links and buttons, which stand on a tint of theirs too: 4.5 is left there. Source: WCAG 2.2,
/// success criterion 1.4.3.
const LEAST: f32 = 5.8;
/// The least contrast of text, of which a lighter tone has to be readable as well.
const LEAST_INK: f32 = 13.0;
/// How light a light paper is at least, and a dark one at most, and how colourful, as Oklch counts.
const LIGHT: f32 = 0.94;
const DARK: f32 = 0.22;
const DULL: f32 = 0.04;
/// How much lighter or darker at a time, of 1.
const STEP: f32 = 0.01;

/// The name of the sheet with these colours, each six digits or the house's own; `None` if all are.
pub fn sheet(accent: Option<&str>, paper: Option<&str>, ink: Option<&str>) -> Option<String> {
    match (accent, paper, ink) {
        (None, None, None) => None,
        (Some(accent), None, None) => Some(accent.to_owned()),
        colours => {
            let [accent, paper, ink] = <[_; 3]>::from(colours).map(|one| one.unwrap_or("0"));
            Some(format!("{accent}-{paper}-{ink}"))
        }
    }
}

/// `GET /brand/{file}`: the name says all, so it never changes.
pub async fn serve(Path(file): Path<String>) -> Response {
    let css = file.strip_suffix(".css").and_then(stylesheet);
    let Some(css) = css else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, css).into_response()
}

/// What a sheet of this name says; `None` if it names no colours.
fn stylesheet(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('-').collect();
    let [accent, paper, ink] = match parts[..] {
        [accent] => [accent, "0", "0"],
        [accent, paper, ink] => [accent, paper, ink],
        _ => return None,
    };
    let [accent, paper, ink] = [chosen(accent)?, chosen(paper)?, chosen(ink)?];
    let papers = match paper {
        Some(paper) => [lightened(paper), darkened(paper)],
        None => PAPERS.map(|paper| parse(paper).unwrap_or_default()),
    };
    let both = |name: &str, [light, dark]: [Srgb<u8>; 2]| {
        format!("--{name}: light-dark(#{light:x}, #{dark:x});")
    };
    let said = [
        paper.map(|_| both("paper", papers)),
        // The house's own ink has to be readable on another's paper too.
        (paper.is_some() || ink.is_some()).then(|| {
            let inks = ink.map_or(INKS.map(|ink| parse(ink).unwrap_or_default()), |ink| {
                [ink, ink]
            });
            both("ink", on(inks, papers, LEAST_INK))
        }),
        accent.map(|accent| both("accent", on([accent, accent], papers, LEAST))),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    Some(format!(
        "@media screen {{ :root {{ {} }} }}\n",
        said.join(" ")
    ))
}

/// `Some(None)` is the house's own, `None` no colour at all.
fn chosen(digits: &str) -> Option<Option<Srgb<u8>>> {
    match digits {
        "0" => Some(None),
        digits => parse(digits).map(Some),
    }
}

fn on(colours: [Srgb<u8>; 2], papers: [Srgb<u8>; 2], least: f32) -> [Srgb<u8>; 2] {
    let [light, dark] = papers;
    [
        readable(colours[0], light, least),
        readable(colours[1], dark, least),
    ]
}

fn lightened(paper: Srgb<u8>) -> Srgb<u8> {
    let mut shade: Oklch = paper.into_format::<f32>().into_color();
    if shade.l < LIGHT {
        shade.l = LIGHT;
        shade.chroma = shade.chroma.min(DULL);
    }
    Srgb::from_color(shade).into_format()
}

fn darkened(paper: Srgb<u8>) -> Srgb<u8> {
    let mut shade: Oklch = paper.into_format::<f32>().into_color();
    shade.l = shade.l.min(DARK);
    shade.chroma = shade.chroma.min(DULL);
    Srgb::from_color(shade).into_format()
}

/// A colour as people type it, or as browsers send it: `#8A2F1D`. Six lower-case digits; `None` if it is none.
pub fn colour(typed: &str) -> Option<String> {
    let digits = typed.trim().trim_start_matches('#').to_lowercase();
    parse(&digits).map(|_| digits)
}

fn parse(digits: &str) -> Option<Srgb<u8>> {
    let bytes: [u8; 3] = hex::decode(digits).ok()?.try_into().ok()?;
    let is_plain = !digits.contains(|digit: char| digit.is_ascii_uppercase());
    is_plain.then(|| Srgb::from(bytes))
}

/// This colour, or the nearest to it that can be read on this paper.
fn readable(colour: Srgb<u8>, paper: Srgb<u8>, least: f32) -> Srgb<u8> {
    let paper: Srgb<f32> = paper.into_format();
    let is_dark = Oklch::from_color(paper).l < 0.5;
    let mut shade: Oklch = colour.into_format::<f32>().into_color();
    let mut shown = colour;
    while shown.into_format::<f32>().relative_contrast(paper) < least
        && (0.0..=1.0).contains(&shade.l)
    {
        shade.l += if is_dark { STEP } else { -STEP };
        shown = Srgb::from_color(shade).into_format();
    }
    shown
}

#[cfg(test)]
mod tests {
    use palette::Mix as _;

    use super::*;

    /// As `color-mix(in srgb, a part, b)` of the stylesheet.
    fn mixed(a: Srgb<f32>, part: f32, b: Srgb<f32>) -> Srgb<f32> {
        b.mix(a, part)
    }

    /// The two shades a sheet gives a property.
    fn shades(css: &str, property: &str) -> [Srgb<f32>; 2] {
        let start = css
            .find(&format!("--{property}: light-dark("))
            .expect(property);
        let said = css[start..].split(['(', ')']).nth(1).expect("two shades");
        let mut said = said.split(", #").map(|digits| {
            parse(digits.trim_start_matches('#'))
                .expect("a colour")
                .into_format()
        });
        [said.next().expect("light"), said.next().expect("dark")]
    }

    #[test]
    fn everything_can_be_read_whatever_was_chosen() {
        for seed in (0..=0xff_ffff_u32).step_by(40_503) {
            let colour = |turn: u32| format!("{:06x}", seed.rotate_left(turn) & 0xff_ffff);
            let name = format!("{}-{}-{}", colour(0), colour(7), colour(13));
            let css = stylesheet(&name).expect("colours");
            let [papers, inks, accents] =
                ["paper", "ink", "accent"].map(|property| shades(&css, property));
            for side in [0, 1] {
                let (paper, ink, accent) = (papers[side], inks[side], accents[side]);
                let quiet = mixed(ink, 0.72, paper);
                let edge = mixed(ink, 0.56, paper);
                let tint = mixed(ink, 0.05, paper);
                let accent_tint = mixed(accent, 0.09, paper);
                for (what, text, ground, least) in [
                    ("ink", ink, paper, 7.0),
                    ("quiet", quiet, paper, 4.5),
                    ("quiet on a tint", quiet, tint, 4.5),
                    ("quiet on the accent's", quiet, accent_tint, 4.5),
                    ("accent", accent, paper, 4.5),
                    ("accent on a tint", accent, tint, 4.5),
                    ("accent on its own", accent, accent_tint, 4.5),
                    ("edge", edge, paper, 3.0),
                ] {
                    let contrast = text.relative_contrast(ground);
                    assert!(contrast >= least, "{name}, {side}: {what} {contrast:.2}");
                }
            }
        }
    }

    #[test]
    fn what_can_be_read_stays_as_it_is_and_what_is_not_chosen_is_the_houses_own() {
        for (name, expected) in [
            ("8a2f1d", "--accent: light-dark(#8a2f1d, #"),
            ("8a2f1d-0-0", ":root { --accent: light-dark(#8a2f1d, #"),
            ("0-fdf6e3-0", "--paper: light-dark(#fdf6e3, #"),
            ("0-fdf6e3-0", "--ink: light-dark(#211d18, #ebe5da)"),
            ("0-0-101820", ":root { --ink: light-dark(#101820, #"),
        ] {
            let css = stylesheet(name).expect(name);
            assert!(css.contains(expected), "{name}: {css}");
        }
        for none in ["", "red;}", "8a2f1d-0", "8a2f1d-0-0-0", "0-x-0", "8A2F1D"] {
            assert_eq!(stylesheet(none), None, "{none}");
        }
    }

    #[test]
    fn a_sheet_is_named_by_what_is_chosen() {
        for (chosen, expected) in [
            ([None, None, None], None),
            ([Some("8a2f1d"), None, None], Some("8a2f1d")),
            ([None, Some("fdf6e3"), None], Some("0-fdf6e3-0")),
            (
                [Some("8a2f1d"), None, Some("101820")],
                Some("8a2f1d-0-101820"),
            ),
        ] {
            let [accent, paper, ink] = chosen;
            assert_eq!(sheet(accent, paper, ink).as_deref(), expected);
        }
    }

    #[test]
    fn colours_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("#8A2F1D", Some("8a2f1d")),
            (" 00ff00 ", Some("00ff00")),
            ("red", None),
            ("#fff", None),
            ("#12345", None),
            ("}*{display:none", None),
            ("", None),
        ] {
            assert_eq!(colour(typed).as_deref(), expected, "{typed}");
        }
    }
}
