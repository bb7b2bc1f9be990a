//! What is drawn on a sheet, by its place from the upper left corner; points.

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) is_bold: bool,
    pub(super) is_struck: bool,
    pub(super) colour: &'static str,
    pub(super) frame: Frame,
}

/// What is around a word or two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    None,
    /// What is open, or else catches the eye.
    Tag,
    /// By hand.
    Pill,
    /// The number of an event.
    Disc,
    /// The sign of an alert, filled.
    Sign(&'static str),
}

pub(super) const BLACK: &str = "#000";
pub(super) const QUIET: &str = "#444";
pub(super) const LINE: &str = "#c9c9c9";

impl Style {
    pub(super) const PLAIN: Self =
        Self { size: 9.0, is_bold: false, is_struck: false, colour: BLACK, frame: Frame::None };

    /// Width that a frame adds.
    pub(super) const fn around(self) -> f32 {
        match self.frame {
            Frame::None => 0.0,
            Frame::Tag | Frame::Pill | Frame::Sign(_) => 7.0,
            Frame::Disc => 5.0,
        }
    }
}

/// A thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// From here on, on this base line.
    Text {
        x: f32,
        y: f32,
        width: f32,
        text: String,
        style: Style,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        colour: &'static str,
    },
    Rect {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        fill: Option<&'static str>,
        round: f32,
        line: f32,
    },
    /// A drawing of its own.
    Drawing {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        svg: String,
    },
    /// What leads to a heading.
    Link {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        to: String,
        words: String,
    },
}

impl Mark {
    /// The same elsewhere.
    pub(super) fn moved(mut self, (dx, dy): (f32, f32)) -> Self {
        match &mut self {
            Self::Text { x, y, .. }
            | Self::Rect { x, y, .. }
            | Self::Drawing { x, y, .. }
            | Self::Link { x, y, .. } => {
                *x += dx;
                *y += dy;
            }
            Self::Line { from, to, .. } => {
                *from = (from.0 + dx, from.1 + dy);
                *to = (to.0 + dx, to.1 + dy);
            }
        }
        self
    }

    /// As SVG.
    pub(super) fn svg(&self, out: &mut String) {
        match self {
            Self::Text { x, y, text, style, .. } => {
                let weight = if style.is_bold { "bold" } else { "normal" };
                let struck = if style.is_struck { " text-decoration=\"line-through\"" } else { "" };
                *out += &format!(
                    "<text x=\"{x:.2}\" y=\"{y:.2}\" font-family=\"{}\" font-size=\"{}\" \
                     font-stretch=\"semi-condensed\" font-weight=\"{weight}\" fill=\"{}\" xml:space=\"preserve\"{struck}>{}</text>",
                    super::fonts::FAMILY,
                    style.size,
                    style.colour,
                    escaped(text)
                );
            }
            Self::Line { from, to, width, colour } => {
                *out += &format!(
                    "<line x1=\"{:.2}\" y1=\"{:.2}\" x2=\"{:.2}\" y2=\"{:.2}\" stroke=\"{colour}\" \
                     stroke-width=\"{width}\"/>",
                    from.0, from.1, to.0, to.1
                );
            }
            Self::Rect { x, y, width, height, fill, round, line } => {
                let fill = fill.unwrap_or("none");
                *out += &format!(
                    "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" \
                     rx=\"{round}\" fill=\"{fill}\" stroke=\"#000\" stroke-width=\"{line}\"/>"
                );
            }
            Self::Drawing { x, y, width, height, svg } => {
                // A drawing brings its own coordinates.
                let placed = format!("<svg x=\"{x:.2}\" y=\"{y:.2}\" ");
                *out += &sized(&svg.replacen("<svg ", &placed, 1), *width, *height);
            }
            Self::Link { .. } => {}
        }
    }
}

/// The same drawing at another size.
fn sized(svg: &str, width: f32, height: f32) -> String {
    let (tag, rest) = svg.split_once('>').unwrap_or((svg, ""));
    let kept =
        tag.split(' ').filter(|part| !part.starts_with("width=") && !part.starts_with("height="));
    let tag = kept.collect::<Vec<_>>().join(" ");
    format!("{tag} width=\"{width:.2}\" height=\"{height:.2}\">{rest}")
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe += "&amp;",
            '<' => safe += "&lt;",
            '>' => safe += "&gt;",
            // What XML cannot hold is nothing that is read either.
            c if c.is_control() => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}
