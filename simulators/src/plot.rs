//! The reference runs R1 to R8 as charts, in SVG.

use std::fmt::Display;

use plotters::prelude::*;

use crate::reference::{Point, RUNS, Run};

const SIZE: (u32, u32) = (960, 540);
const LASTS_MIN: f64 = 180.0;
/// One point a minute is as fine as the lines can show.
const STEP_S: usize = 60;

/// Eight hues that people with any colour vision can distinguish, and black for R1.
const COLOURS: [RGBColor; 8] = [
    RGBColor(0, 0, 0),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(150, 150, 150),
];

/// A chart, and the name of its file.
#[derive(Debug)]
pub struct Chart {
    /// Such as `plasma.svg`.
    pub file: &'static str,
    /// The SVG.
    pub svg: String,
}

/// Why a chart could not be drawn.
#[derive(Debug)]
pub struct CannotDraw(String);

impl Display for CannotDraw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the chart cannot be drawn: {}", self.0)
    }
}

impl std::error::Error for CannotDraw {}

/// Concentration in plasma, and the pressor drive, of R1 to R8.
///
/// # Errors
/// The drawing library refuses, which it has no reason to.
pub fn charts() -> Result<[Chart; 2], CannotDraw> {
    let plasma = Axis {
        title: "Ketamine in plasma, ng/mL (reference runs, 70 kg, no noise)",
        top: 400.0,
        digits: 0,
        of: |point| point.plasma_ng_ml,
    };
    let drive = Axis {
        title: "Pressor drive g: 1 at the peak of R1 (reference runs)",
        top: 1.5,
        digits: 1,
        of: |point| point.drive,
    };
    let draw = |axis: Axis| axis.draw().map_err(|problem| CannotDraw(problem.to_string()));
    Ok([
        Chart { file: "plasma.svg", svg: draw(plasma)? },
        Chart { file: "drive.svg", svg: draw(drive)? },
    ])
}

/// What is drawn over time.
struct Axis {
    title: &'static str,
    top: f64,
    digits: usize,
    of: fn(&Point) -> f64,
}

impl Axis {
    fn draw(&self) -> Result<String, Box<dyn std::error::Error>> {
        let mut svg = String::new();
        {
            let area = SVGBackend::with_string(&mut svg, SIZE).into_drawing_area();
            area.fill(&WHITE)?;
            let mut chart = ChartBuilder::on(&area)
                .caption(self.title, ("sans-serif", 20))
                .margin(16)
                .x_label_area_size(44)
                .y_label_area_size(52)
                .build_cartesian_2d(0.0..LASTS_MIN, 0.0..self.top)?;
            chart
                .configure_mesh()
                .x_desc("minutes after the start")
                .label_style(("sans-serif", 14))
                .axis_desc_style(("sans-serif", 14))
                .x_labels(10)
                .x_label_formatter(&|minute| format!("{minute:.0}"))
                .y_label_formatter(&|value| format!("{value:.0$}", self.digits))
                .light_line_style(WHITE)
                .draw()?;
            for (run, colour) in RUNS.into_iter().zip(COLOURS) {
                let style = colour.stroke_width(2);
                chart
                    .draw_series(LineSeries::new(self.line(run), style))?
                    .label(format!("{}  {}", run.name, run.shows))
                    .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 24, y)], style));
            }
            chart
                .configure_series_labels()
                .position(SeriesLabelPosition::UpperRight)
                .legend_area_size(32)
                .label_font(("sans-serif", 14))
                .background_style(WHITE.mix(0.85))
                .border_style(RGBColor(200, 200, 200))
                .draw()?;
            area.present()?;
        }
        Ok(svg)
    }

    fn line(&self, run: Run) -> impl Iterator<Item = (f64, f64)> + use<> {
        let of = self.of;
        let points = run.points().skip(STEP_S - 1).step_by(STEP_S);
        let points = points.map(move |point| (f64::from(point.second) / 60.0, of(&point)));
        std::iter::once((0.0, 0.0)).chain(points)
    }
}
