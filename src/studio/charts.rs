//! Charts as SVG: scales, ticks and lines are the library's, colours the stylesheet's. Each is drawn in
//! a few fixed colours that `plaudit.css` maps to the page's own, by day and by night.

use anyhow::anyhow;
use plotters::{
    coord::{ranged1d::ValueFormatter, types::RangedCoordf64},
    prelude::*,
};

/// A chart in the shape for one kind of page. The stylesheet shows the one that fits: scaled down to a telephone, the
/// words of a wide one could not be read.
struct Shape {
    /// What the stylesheet knows it by.
    class: &'static str,
    /// Width and height in the units of the picture; it is as wide as the page lets it.
    size: (u32, u32),
    /// How many names stand along the bottom at most.
    names: usize,
    /// The room for values at the side.
    side: u32,
}

const SHAPES: [Shape; 2] = [
    Shape {
        class: "chart wide",
        size: (720, 240),
        names: 12,
        side: 64,
    },
    Shape {
        class: "chart narrow",
        size: (352, 240),
        names: 5,
        side: 56,
    },
];
const SPARK: (u32, u32) = (160, 36);

// The stylesheet knows these.
const LINE: RGBColor = RGBColor(1, 1, 1);
const FILL: RGBColor = RGBColor(2, 2, 2);
const GAIN: RGBColor = RGBColor(3, 3, 3);
const SHED: RGBColor = RGBColor(4, 4, 4);
const GRID: RGBColor = RGBColor(5, 5, 5);
const TEXT: RGBColor = RGBColor(6, 6, 6);

/// A chart's picture, in each shape it has, without words for those who cannot see it: those stand in its figure.
pub(super) type Svg = String;

/// What stands along the bottom, a name a step.
pub(super) struct Steps<'a> {
    pub names: &'a [String],
}

/// A line over steps, the space below it tinted. `name` writes a value at the side.
///
/// # Errors
/// If the picture cannot be drawn.
pub(super) fn line(
    steps: &Steps<'_>,
    values: &[i64],
    name: impl Fn(&i64) -> String,
) -> anyhow::Result<Svg> {
    let top = values.iter().max().copied().unwrap_or_default().max(1);
    in_each_shape(|root, shape| {
        let mut chart = ChartBuilder::on(root)
            .margin(8)
            .x_label_area_size(26)
            .y_label_area_size(shape.side)
            .build_cartesian_2d(across(values.len()), 0..room(top))?;
        mesh(&mut chart, steps, &name, shape.names)?;
        let points = || (0..).map(f64::from).zip(values.iter().copied());
        let area = AreaSeries::new(points(), 0, FILL.filled()).border_style(LINE.stroke_width(2));
        chart.draw_series(area)?;
        Ok(())
    })
}

/// What came above the line and what went below it, a pair of bars a step.
///
/// # Errors
/// If the picture cannot be drawn.
pub(super) fn gains(
    steps: &Steps<'_>,
    values: &[(i64, i64)],
    name: impl Fn(&i64) -> String,
) -> anyhow::Result<Svg> {
    let top = values.iter().map(|pair| pair.0).max().unwrap_or_default();
    let bottom = values.iter().map(|pair| pair.1).min().unwrap_or_default();
    let (bottom, top) = (bottom.min(0), top.max(1));
    in_each_shape(|root, shape| {
        let mut chart = ChartBuilder::on(root)
            .margin(8)
            .x_label_area_size(26)
            .y_label_area_size(shape.side)
            .build_cartesian_2d(across(values.len()), -room(-bottom)..room(top))?;
        mesh(&mut chart, steps, &name, shape.names)?;
        for (side, colour) in [(0, GAIN), (1, SHED)] {
            let bars = values.iter().enumerate().map(|(step, pair)| {
                let value = if side == 0 { pair.0 } else { pair.1 };
                let at = step as f64;
                Rectangle::new([(at - 0.32, 0), (at + 0.32, value)], colour.filled())
            });
            chart.draw_series(bars)?;
        }
        Ok(())
    })
}

/// A small line without words, beside its number.
///
/// # Errors
/// If the picture cannot be drawn.
pub(super) fn spark(values: &[i64]) -> anyhow::Result<Svg> {
    let top = values.iter().max().copied().unwrap_or_default().max(1);
    drawn("chart", SPARK, |root| {
        let mut chart = ChartBuilder::on(root)
            .margin(3)
            .build_cartesian_2d(across(values.len()), 0..top)?;
        let points = (0..).map(f64::from).zip(values.iter().copied());
        chart.draw_series(LineSeries::new(points, LINE.stroke_width(2)))?;
        Ok(())
    })
}

type Root<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn in_each_shape(draw: impl Fn(&Root<'_>, &Shape) -> anyhow::Result<()>) -> anyhow::Result<Svg> {
    let each = SHAPES.map(|shape| drawn(shape.class, shape.size, |root| draw(root, &shape)));
    each.into_iter().collect()
}

fn drawn(
    class: &str,
    size: (u32, u32),
    draw: impl FnOnce(&Root<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<Svg> {
    let mut svg = String::new();
    {
        let root = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw(&root)?;
        root.present().map_err(|error| anyhow!("{error}"))?;
    }
    // The figure says what it shows.
    let named = format!("<svg class=\"{class}\" aria-hidden=\"true\" ");
    Ok(svg.replacen("<svg ", &named, 1))
}

/// Half a step of room on both sides, so that bars and names stand in the middle of theirs.
fn across(steps: usize) -> std::ops::Range<f64> {
    -0.5..(steps.max(1) as f64 - 0.5)
}

/// A little air above what is highest.
fn room(top: i64) -> i64 {
    top + top.div_euclid(10).max(i64::from(top > 0))
}

fn mesh<Y>(
    chart: &mut ChartContext<'_, SVGBackend<'_>, Cartesian2d<RangedCoordf64, Y>>,
    steps: &Steps<'_>,
    name: &impl Fn(&i64) -> String,
    names: usize,
) -> anyhow::Result<()>
where
    Y: Ranged<ValueType = i64> + ValueFormatter<i64>,
{
    let style = || ("sans-serif", 14).into_font().color(&TEXT);
    let named = |at: &f64| {
        let is_step = (at - at.round()).abs() < 1e-6 && *at >= 0.0;
        let index = if is_step {
            at.round() as usize
        } else {
            usize::MAX
        };
        steps.names.get(index).cloned().unwrap_or_default()
    };
    chart
        .configure_mesh()
        .disable_x_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(GRID)
        .x_labels(steps.names.len().min(names))
        .y_labels(5)
        .x_label_style(style())
        .y_label_style(style())
        .x_label_formatter(&named)
        .y_label_formatter(name)
        .draw()
        .map_err(|error| anyhow!("{error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_a_shape_for_each_page_with_no_more_names_than_fit() {
        let names: Vec<String> = (1..=30).map(|day| format!("{day} Nov")).collect();
        let steps = Steps { names: &names };
        let values: Vec<i64> = (1..=30).collect();
        let pairs: Vec<(i64, i64)> = values.iter().map(|value| (*value, -value)).collect();
        let line = line(&steps, &values, ToString::to_string).expect("drawn");
        let gains = gains(&steps, &pairs, ToString::to_string).expect("drawn");
        for charts in [line, gains] {
            let each: Vec<&str> = charts.split("<svg class=\"").skip(1).collect();
            assert_eq!(each.len(), 2);
            for (chart, (shape, most)) in each.iter().zip(SHAPES.iter().zip([12, 5])) {
                assert!(chart.starts_with(shape.class));
                let (width, height) = shape.size;
                assert!(chart.contains(&format!("viewBox=\"0 0 {width} {height}\"")));
                let count = chart.matches(" Nov\n").count();
                assert!((2..=most).contains(&count), "{count}: {chart}");
            }
        }
    }
}
