//! One table: what was measured, what was aimed at, and whether it was reached.

/// A line of the table.
struct Line {
    what: String,
    measured: String,
    target: String,
    is_reached: Option<bool>,
}

#[derive(Default)]
pub struct Report {
    lines: Vec<Line>,
}

/// What is aimed at.
pub enum Target {
    AtLeast(f64),
    Under(f64),
    /// For comparison only.
    None,
}

impl Report {
    /// Adds a line, and says it at once, since the whole takes minutes.
    pub fn add(&mut self, what: &str, measured: f64, unit: &str, target: Target) {
        let number = |number: f64| match number {
            _ if number.abs() >= 100.0 => format!("{number:.0}"),
            _ if number.abs() >= 10.0 => format!("{number:.1}"),
            _ => format!("{number:.2}"),
        };
        let (target, is_reached) = match target {
            Target::AtLeast(wanted) => (format!("≥ {}", number(wanted)), Some(measured >= wanted)),
            Target::Under(wanted) => (format!("< {}", number(wanted)), Some(measured < wanted)),
            Target::None => (String::new(), None),
        };
        let line = Line {
            what: what.to_owned(),
            measured: format!("{} {unit}", number(measured)),
            target,
            is_reached,
        };
        println!("{}", line.text());
        self.lines.push(line);
    }

    pub fn print(&self) {
        println!("\n| measure | figure | target | |\n| --- | ---: | ---: | --- |");
        for line in &self.lines {
            println!("{}", line.text());
        }
    }
}

impl Line {
    fn text(&self) -> String {
        let mark = match self.is_reached {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "",
        };
        format!(
            "| {} | {} | {} | {mark} |",
            self.what, self.measured, self.target
        )
    }
}
