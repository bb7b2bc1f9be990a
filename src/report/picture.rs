//! The chart as PNG: the same drawing, for programs that take pictures alone.

use resvg::tiny_skia::{Pixmap, Transform};

use super::{Fonts, SessionRecord, svg};

/// Dots for each point of the drawing: enough to print it across A4 at 200 dpi.
const DOTS: f32 = 2.0;

/// Why the chart is not there as a picture: a bug, and not what was recorded.
#[derive(Debug, thiserror::Error)]
#[error("the chart cannot be made into a picture: {0}")]
pub struct NoPicture(String);

/// The chart as PNG, 1,656 dots across and 1,208 down, on white.
///
/// # Errors
/// It cannot be made, which is a bug.
pub fn png(record: &SessionRecord, fonts: &Fonts) -> Result<Vec<u8>, NoPicture> {
    let fails = |what: &str| NoPicture(what.to_owned());
    let tree = usvg::Tree::from_str(&svg(record), &fonts.options());
    let tree = tree.map_err(|error| NoPicture(error.to_string()))?;
    let size = tree.size().to_int_size().scale_by(DOTS).ok_or_else(|| fails("its size"))?;
    let picture = Pixmap::new(size.width(), size.height());
    let mut picture = picture.ok_or_else(|| fails("its size"))?;
    resvg::render(&tree, Transform::from_scale(DOTS, DOTS), &mut picture.as_mut());
    picture.encode_png().map_err(|error| NoPicture(error.to_string()))
}
