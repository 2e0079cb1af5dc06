//! How large a picture is, read from the first bytes of its file, so that pages can keep its place.

/// Width and height in pixels of a PNG, JPEG, WebP or SVG file; `None` if it does not tell.
pub(super) fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((big(bytes.get(16..20)?), big(bytes.get(20..24)?)));
    }
    if bytes.starts_with(&[0xff, 0xd8]) {
        return jpeg(bytes);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return webp(bytes);
    }
    svg(std::str::from_utf8(bytes).ok()?)
}

/// Segment by segment to the start of a frame. Source: ITU-T T.81, B.2.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let height = big(bytes.get(at + 5..at + 7)?);
            let width = big(bytes.get(at + 7..at + 9)?);
            return Some((width, height));
        }
        at += 2 + usize::try_from(big(bytes.get(at + 2..at + 4)?)).ok()?;
    }
}

/// Source: RFC 9649, section 2.
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8X" => {
            let width = little(bytes.get(24..27)?) + 1;
            let height = little(bytes.get(27..30)?) + 1;
            Some((width, height))
        }
        b"VP8L" => {
            let bits = little(bytes.get(21..25)?);
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        _ => {
            let width = little(bytes.get(26..28)?) & 0x3fff;
            let height = little(bytes.get(28..30)?) & 0x3fff;
            Some((width, height))
        }
    }
}

/// From `width` and `height`, else from the `viewBox`.
fn svg(text: &str) -> Option<(u32, u32)> {
    let tag = &text[text.find("<svg")?..];
    let tag = &tag[..tag.find('>')?];
    let number = |name: &str| whole(attribute(tag, name)?);
    if let (Some(width), Some(height)) = (number("width"), number("height")) {
        return Some((width, height));
    }
    let mut corners = attribute(tag, "viewBox")?.split([' ', ',']).skip(2);
    Some((whole(corners.next()?)?, whole(corners.next()?)?))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

fn whole(number: &str) -> Option<u32> {
    let number = number.trim_end_matches("px");
    number.split('.').next()?.parse().ok()
}

fn big(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

fn little(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .rev()
        .fold(0, |sum, byte| sum << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_picture_tells_its_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0";
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03";
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0";
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        let sized: &[u8] = b"<svg width=\"640\" height=\"480px\" viewBox=\"0 0 1 1\"></svg>";
        let boxed: &[u8] = b"<?xml version=\"1.0\"?><svg viewBox=\"0 0 640.5 480\"></svg>";
        for file in [&png[..], jpeg, webp, lossless, lossy, sized, boxed] {
            assert_eq!(size(file), Some((640, 480)), "{file:?}");
        }
        for file in [
            &b"no picture"[..],
            b"\xff\xd8\xff",
            b"RIFF\0\0\0\0WEBP",
            b"",
        ] {
            assert_eq!(size(file), None);
        }
    }
}
