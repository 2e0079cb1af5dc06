//! A kept picture and its addresses. All that pages need to know of it stands in its path:
//! `3f2a…/1920x1280.jpg` is the largest, `3f2a…/1920x1280-480.jpg` the same 480 pixels wide.

use serde::Serialize;

/// The widths a picture is kept in, in pixels, beside its own where that is smaller than the last.
pub(super) const WIDTHS: [u32; 3] = [480, 960, 1920];

/// Hexadecimal digits of a picture's hash.
pub(super) const HASH: usize = 32;

/// What pages are set for: a column of 38 rem, the whole screen where that is narrower.
const SIZES: &str = "(max-width: 42rem) 100vw, 38rem";

/// A picture as its path names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Of the largest file's bytes, so that a path never changes what it shows.
    pub(super) hash: String,
    /// Of the largest, in pixels.
    pub width: u32,
    pub height: u32,
    /// `jpg` or `png`.
    pub(super) ending: &'static str,
}

/// What an `img` needs.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub src: String,
    pub srcset: String,
    pub sizes: &'static str,
    pub width: u32,
    pub height: u32,
}

impl Picture {
    /// Reads a path such as [`Picture::path`] writes it; whatever else is no picture of ours.
    pub fn parse(path: &str) -> Option<Self> {
        let (picture, width) = Self::parse_any(path)?;
        width.is_none().then_some(picture)
    }

    /// The same with the width where the path names one of those it is kept in.
    pub fn parse_any(path: &str) -> Option<(Self, Option<u32>)> {
        let (hash, file) = path.split_once('/')?;
        let is_hash =
            hash.len() == HASH && hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let (size, ending) = file.split_once('.')?;
        let ending = ["jpg", "png"].into_iter().find(|known| *known == ending)?;
        let (size, wanted) = match size.split_once('-') {
            Some((size, wanted)) => (size, Some(number(wanted)?)),
            None => (size, None),
        };
        let (width, height) = size.split_once('x')?;
        let picture = Self {
            hash: hash.to_owned(),
            width: number(width)?,
            height: number(height)?,
            ending,
        };
        let is_kept = wanted.is_none_or(|wanted| picture.smaller().any(|kept| kept == wanted));
        (is_hash && is_kept).then_some((picture, wanted))
    }

    /// A picture by its address on this site, `/media/…`.
    pub fn at(address: &str) -> Option<Self> {
        Self::parse_any(address.strip_prefix("/media/")?).map(|(picture, _)| picture)
    }

    /// The widths it is kept in beside its own.
    pub(super) fn smaller(&self) -> impl Iterator<Item = u32> {
        let own = self.width;
        WIDTHS.into_iter().filter(move |width| *width < own)
    }

    /// Where the store keeps it, the whole or `width` pixels wide.
    pub fn path(&self, width: Option<u32>) -> String {
        let Self {
            hash,
            width: own,
            height,
            ending,
        } = self;
        match width {
            Some(width) => format!("{hash}/{own}x{height}-{width}.{ending}"),
            None => format!("{hash}/{own}x{height}.{ending}"),
        }
    }

    /// Where readers find it.
    pub fn address(&self, width: Option<u32>) -> String {
        format!("/media/{}", self.path(width))
    }

    pub fn media_type(&self) -> &'static str {
        match self.ending {
            "png" => "image/png",
            _ => "image/jpeg",
        }
    }

    /// What an `img` of it needs: the middle width where nobody chooses, the others to choose from.
    pub fn shown(&self) -> Shown {
        let middle = self.smaller().last();
        let mut choice: Vec<String> = self
            .smaller()
            .map(|width| format!("{} {width}w", self.address(Some(width))))
            .collect();
        choice.push(format!("{} {}w", self.address(None), self.width));
        Shown {
            src: self.address(middle),
            srcset: choice.join(", "),
            sizes: SIZES,
            width: self.width,
            height: self.height,
        }
    }

    /// An `img`, `is_first` to be loaded at once.
    pub fn html(&self, alt: &str, title: &str, is_first: bool) -> String {
        let Shown {
            src,
            srcset,
            sizes,
            width,
            height,
        } = self.shown();
        let title = match title {
            "" => String::new(),
            title => format!(" title=\"{}\"", quoted(title)),
        };
        let loading = if is_first { "" } else { " loading=\"lazy\"" };
        format!(
            "<img src=\"{src}\" srcset=\"{srcset}\" sizes=\"{sizes}\" alt=\"{}\"{title} \
             width=\"{width}\" height=\"{height}\"{loading}>",
            quoted(alt)
        )
    }
}

/// As an attribute's value.
pub fn quoted(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// A number without a sign or zeros in front, so that one picture has one path.
fn number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number > 0 && number.to_string() == text).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASHED: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_path_tells_all_there_is_to_know() {
        let path = format!("{HASHED}/1200x800.jpg");
        let picture = Picture::parse(&path).expect("a picture");
        assert_eq!((picture.width, picture.height), (1200, 800));
        assert_eq!(picture.path(None), path);
        let shown = picture.shown();
        assert_eq!(shown.src, format!("/media/{HASHED}/1200x800-960.jpg"));
        assert_eq!(shown.srcset.matches("w").count(), 3);
        let small = format!("/media/{HASHED}/1200x800-480.jpg");
        assert_eq!(Picture::at(&small), Some(picture));
    }

    #[test]
    fn what_is_no_path_of_ours_is_no_picture() {
        for path in [
            "0123/1200x800.jpg".to_owned(),
            format!("{HASHED}/1200x800.svg"),
            format!("{HASHED}/1200x800-500.jpg"),
            format!("{HASHED}/400x300-480.jpg"),
            format!("{HASHED}/01200x800.jpg"),
            format!("{HASHED}/+1200x800.jpg"),
            format!("{HASHED}/0x0.jpg"),
            format!("{}/1200x800.jpg", HASHED.to_uppercase()),
            format!("../{HASHED}/1200x800.jpg"),
            "..%2f/1x1.jpg".to_owned(),
        ] {
            assert_eq!(Picture::parse_any(&path), None, "{path}");
        }
    }
}
