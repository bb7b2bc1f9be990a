//! Draws, in points of the page, on any backend: text stays text.

use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::{DrawingBackend, DrawingErrorKind};

/// Backends count whole pixels: this many are one point of the drawing.
pub(super) const SCALE: f64 = 4.0;
const FAMILY: &str = "Inter, Helvetica, Arial, sans-serif";
/// The library writes a font smaller than the size it is given, by this factor.
const FONT_SIZE: f64 = 1.24;

pub(super) const BLACK: RGBColor = RGBColor(0, 0, 0);
pub(super) const GREY: RGBColor = RGBColor(90, 90, 90);
pub(super) const LIGHT: RGBColor = RGBColor(214, 214, 214);
pub(super) const BAND: RGBColor = RGBColor(236, 236, 236);
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(super) const RED: RGBColor = RGBColor(200, 16, 46);
pub(super) const AMBER: RGBColor = RGBColor(255, 205, 40);

pub(super) type Drawn<B> = Result<(), DrawingErrorKind<<B as DrawingBackend>::ErrorType>>;

/// Where a text is placed relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Left,
    Middle,
    Right,
}

pub(super) struct Canvas<'a, B>(pub(super) &'a mut B);

/// How a text is written.
#[derive(Clone, Copy)]
pub(super) struct Text {
    pub(super) size: f64,
    pub(super) is_bold: bool,
    pub(super) colour: RGBColor,
    pub(super) side: Side,
}

impl Text {
    pub(super) const PLAIN: Self =
        Self { size: 11.5, is_bold: false, colour: BLACK, side: Side::Left };

    pub(super) const fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }

    pub(super) const fn side(self, side: Side) -> Self {
        Self { side, ..self }
    }

    pub(super) const fn size(self, size: f64) -> Self {
        Self { size, ..self }
    }

    pub(super) const fn colour(self, colour: RGBColor) -> Self {
        Self { colour, ..self }
    }
}

/// A line's pattern: lengths on and off, points.
#[derive(Clone, Copy)]
pub(super) enum Dash {
    Long,
    Short,
    Dots,
}

fn px(value: f64) -> i32 {
    (value * SCALE).round() as i32
}

fn at((x, y): (f64, f64)) -> (i32, i32) {
    (px(x), px(y))
}

fn stroke(colour: RGBColor, width: f64) -> ShapeStyle {
    ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: px(width).unsigned_abs() }
}

impl<B: DrawingBackend> Canvas<'_, B> {
    pub(super) fn text(&mut self, text: &str, place: (f64, f64), how: Text) -> Drawn<B> {
        let style = if how.is_bold { FontStyle::Bold } else { FontStyle::Normal };
        let size = how.size * SCALE * FONT_SIZE;
        let font = FontDesc::new(FontFamily::Name(FAMILY), size, style);
        let side = match how.side {
            Side::Left => HPos::Left,
            Side::Middle => HPos::Center,
            Side::Right => HPos::Right,
        };
        let style = TextStyle::from(font).color(&how.colour).pos(Pos::new(side, VPos::Center));
        self.0.draw_text(text, &style, at(place))
    }

    pub(super) fn fill(&mut self, from: (f64, f64), to: (f64, f64), colour: RGBColor) -> Drawn<B> {
        self.0.draw_rect(at(from), at(to), &colour, true)
    }

    pub(super) fn frame(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        (colour, width): (RGBColor, f64),
    ) -> Drawn<B> {
        self.0.draw_rect(at(from), at(to), &stroke(colour, width), false)
    }

    pub(super) fn line(
        &mut self,
        from: (f64, f64),
        to: (f64, f64),
        (colour, width): (RGBColor, f64),
    ) -> Drawn<B> {
        self.0.draw_line(at(from), at(to), &stroke(colour, width))
    }

    /// A horizontal line with a pattern.
    pub(super) fn level(
        &mut self,
        (from, to): (f64, f64),
        y: f64,
        (colour, width): (RGBColor, f64),
        dash: Dash,
    ) -> Drawn<B> {
        let (on, off) = match dash {
            Dash::Long => (6.0, 3.0),
            Dash::Short => (3.0, 3.0),
            Dash::Dots => (1.0, 2.5),
        };
        let mut x = from;
        while x < to {
            self.line((x, y), ((x + on).min(to), y), (colour, width))?;
            x += on + off;
        }
        Ok(())
    }

    pub(super) fn path(
        &mut self,
        points: &[(f64, f64)],
        (colour, width): (RGBColor, f64),
    ) -> Drawn<B> {
        match points {
            [] => Ok(()),
            // A single value between two gaps has to be visible too.
            [only] => self.line(*only, (only.0 + 0.5, only.1), (colour, width)),
            _ => {
                let points = points.iter().map(|point| at(*point));
                self.0.draw_path(points, &stroke(colour, width))
            }
        }
    }

    pub(super) fn shape(&mut self, points: &[(f64, f64)], colour: RGBColor) -> Drawn<B> {
        self.0.fill_polygon(points.iter().map(|point| at(*point)), &colour)
    }

    pub(super) fn disc(&mut self, centre: (f64, f64), radius: f64, colour: RGBColor) -> Drawn<B> {
        self.0.draw_circle(at(centre), px(radius).unsigned_abs(), &colour, true)
    }

    pub(super) fn ring(&mut self, centre: (f64, f64), radius: f64, width: f64) -> Drawn<B> {
        self.disc(centre, radius, WHITE)?;
        let style = stroke(BLACK, width);
        self.0.draw_circle(at(centre), px(radius).unsigned_abs(), &style, false)
    }

    /// Slanted lines: nothing is known about what is under them.
    pub(super) fn hatch(&mut self, from: (f64, f64), to: (f64, f64)) -> Drawn<B> {
        const STEP: f64 = 3.0;
        let (left, top, right, bottom) = (from.0, from.1, to.0, to.1);
        self.fill(from, to, WHITE)?;
        // Each line rises to the right: y + x is constant along it.
        let mut sum = left + top + STEP;
        while sum < right + bottom {
            let start = ((sum - bottom).max(left), (sum - left).min(bottom));
            let end = ((sum - top).min(right), (sum - right).max(top));
            self.line(start, end, (GREY, 0.4))?;
            sum += STEP;
        }
        Ok(())
    }
}
