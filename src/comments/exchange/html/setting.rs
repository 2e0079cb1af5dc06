//! Words and code as Markdown means them: signs that would be marks are escaped.

/// One blank between words, and no line that would be read as something else.
pub(super) fn paragraph(text: &str) -> String {
    let lines = text.trim().lines().map(|line| {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let after = line[digits..].chars().next();
        match (digits, after) {
            (1.., Some('.' | ')')) => format!("{}\\{}", &line[..digits], &line[digits..]),
            (0, Some('#' | '>' | '+' | '-' | '=' | '~')) => format!("\\{line}"),
            _ => line,
        }
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

/// Lines without any marks.
pub(super) fn plainly(text: &str) -> String {
    let lines = text.lines().map(|line| paragraph(&escaped(line)));
    let lines: Vec<String> = lines.collect();
    lines.join("\n")
}

/// Words that mean themselves.
pub(super) fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    let mut before = ' ';
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().unwrap_or(' ');
        let is_mark = match sign {
            '\\' | '*' | '`' | '[' | ']' | '<' => true,
            // Within a word it marks nothing.
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '&' => next.is_alphanumeric() || next == '#',
            _ => false,
        };
        if is_mark {
            written.push('\\');
        }
        written.push(if sign == '\n' { ' ' } else { sign });
        before = sign;
    }
    written
}

pub(super) fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&quot;", "\"").replace("&nbsp;", " ");
    text.replace("&amp;", "&")
}

/// Lines of code.
pub(super) fn fenced(code: &str) -> String {
    let code = code.trim_matches('\n');
    let fence = fence(code).max(3);
    let fence = "`".repeat(fence);
    format!("{fence}\n{code}\n{fence}")
}

/// How many backticks stand around a code in which others may be.
fn fence(code: &str) -> usize {
    let runs = code.split(|c| c != '`');
    runs.map(str::len).max().unwrap_or_default() + 1
}

/// Code within a line.
pub(super) fn code(code: &str) -> String {
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if code.is_empty() {
        return code;
    }
    let fence = "`".repeat(fence(&code));
    match code.starts_with('`') || code.ends_with('`') {
        true => format!("{fence} {code} {fence}"),
        false => format!("{fence}{code}{fence}"),
    }
}
