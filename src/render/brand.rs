//! The publication's own colour: `/brand/8a2f1d.css` says what it is on light and on dark paper. A colour that would
//! be hard to read there is made darker or lighter until it is not.

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use palette::{
    FromColor as _, IntoColor as _, Oklch, Srgb, color_difference::Wcag21RelativeContrast as _,
};

/// The papers of the stylesheet, light and dark.
const PAPERS: [&str; 2] = ["fbf9f4", "181613"];
/// The least contrast of text. Source: WCAG 2.2, success criterion 1.4.3.
const LEAST: f32 = 4.5;
/// How much lighter or darker at a time, of 1.
const STEP: f32 = 0.01;

/// `GET /brand/{file}`: the name says all, so it never changes.
pub async fn serve(Path(file): Path<String>) -> Response {
    let colour = file.strip_suffix(".css").and_then(parse);
    let Some(colour) = colour else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let [light, dark] = PAPERS.map(|paper| hex(readable(colour, paper)));
    let css = format!("@media screen {{ :root {{ --accent: light-dark(#{light}, #{dark}); }} }}\n");
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, css).into_response()
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
fn readable(colour: Srgb<u8>, paper: &str) -> Srgb<u8> {
    let paper: Srgb<f32> = parse(paper).unwrap_or_default().into_format();
    let is_dark = Oklch::from_color(paper).l < 0.5;
    let mut shade: Oklch = colour.into_format::<f32>().into_color();
    let mut shown = colour;
    while shown.into_format::<f32>().relative_contrast(paper) < LEAST
        && (0.0..=1.0).contains(&shade.l)
    {
        shade.l += if is_dark { STEP } else { -STEP };
        shown = Srgb::from_color(shade).into_format();
    }
    shown
}

fn hex(colour: Srgb<u8>) -> String {
    format!("{colour:x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_colour_can_be_read_on_both_papers() {
        for paper in PAPERS {
            let behind: Srgb<f32> = parse(paper).expect("a colour").into_format();
            for colour in (0..=0xff_ffff_u32).step_by(40_503) {
                let colour = parse(&format!("{colour:06x}")).expect("a colour");
                let shown = readable(colour, paper);
                let contrast = shown.into_format::<f32>().relative_contrast(behind);
                assert!(
                    contrast >= LEAST,
                    "{colour:x} on {paper}: {shown:x}, {contrast}"
                );
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        let red = parse("8a2f1d").expect("a colour");
        assert_eq!(hex(readable(red, PAPERS[0])), "8a2f1d");
        assert_ne!(hex(readable(red, PAPERS[1])), "8a2f1d");
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
