//! The shapes pictures are kept in.

use image::{DynamicImage, imageops::FilterType};

use super::{picture::WIDTHS, shrinking::narrowed};

/// What a picture is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// All of it, in an article.
    Whole,
    /// A square of a face.
    Portrait,
    /// Small enough to stand above every page.
    Logo,
}

/// A portrait's sides at most, in pixels: three for each that a page shows.
const PORTRAIT: u32 = 320;
/// A logo's sides at most, in pixels.
const LOGO: (u32, u32) = (480, 120);

impl Shape {
    /// The picture in this shape. Faces are more often above the middle than below.
    pub(super) fn cut(self, image: DynamicImage) -> DynamicImage {
        let (width, height) = (image.width(), image.height());
        match self {
            Self::Whole if width > WIDTHS[2] => narrowed(&image, WIDTHS[2]),
            Self::Logo if width > LOGO.0 || height > LOGO.1 => {
                image.resize(LOGO.0, LOGO.1, FilterType::CatmullRom)
            }
            Self::Portrait => {
                let side = width.min(height);
                let square = image.crop_imm((width - side) / 2, (height - side) / 4, side, side);
                match side > PORTRAIT {
                    true => narrowed(&square, PORTRAIT),
                    false => square,
                }
            }
            Self::Whole | Self::Logo => image,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portrait_is_a_square_and_a_logo_is_low() {
        for (shape, from, expected) in [
            (Shape::Portrait, (800, 1200), (320, 320)),
            (Shape::Portrait, (1200, 800), (320, 320)),
            (Shape::Portrait, (100, 40), (40, 40)),
            (Shape::Logo, (2000, 500), (480, 120)),
            (Shape::Logo, (100, 1000), (12, 120)),
            (Shape::Logo, (200, 50), (200, 50)),
        ] {
            let image = DynamicImage::ImageLuma8(image::GrayImage::new(from.0, from.1));
            let cut = shape.cut(image);
            let found = (cut.width(), cut.height());
            assert_eq!(found, expected, "{shape:?} of {from:?}");
        }
    }
}
