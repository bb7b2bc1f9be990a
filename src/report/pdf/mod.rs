//! The record as PDF: the page's own content, laid out on A4. Because the page is what it is made
//! of, the paper and the screen cannot say different things.
//!
//! ```text
//!  page::body ──► markup (what it holds) ──► blocks (pieces of a column) ──► sheets (A4) ──► PDF
//! ```
//!
//! Each sheet is written as SVG and drawn by krilla-svg, which shapes text in both directions, finds
//! a font for what the first one lacks, and leaves it selectable.

mod block;
mod fonts;
mod line;
mod mark;
mod markup;
mod sheet;
mod table;
#[cfg(test)]
mod tests;

use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Rect, Size};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};
use krilla_svg::{SurfaceExt, SvgSettings};

pub use fonts::Fonts;

use super::{SessionRecord, page};
use sheet::{Sheet, Sheets};

/// Width of A4, points.
const WIDTH: f32 = 595.28;
/// Height of A4, points.
const HEIGHT: f32 = 841.89;

/// Why a record is not there as PDF: a bug, and not what was recorded.
#[derive(Debug, thiserror::Error)]
pub enum NotDrawn {
    /// The page cannot be read again.
    #[error("the page of the record is not well-formed: {0}")]
    Page(#[from] roxmltree::Error),
    /// A sheet cannot be drawn.
    #[error("sheet {0} cannot be drawn: {1}")]
    Sheet(usize, String),
    /// The document cannot be written.
    #[error("the document cannot be written: {0}")]
    Document(String),
}

/// The record as PDF.
///
/// # Errors
/// It cannot be drawn, which is a bug.
pub fn pdf(record: &SessionRecord, fonts: &Fonts) -> Result<Vec<u8>, NotDrawn> {
    let page::Body { markup, running } = page::body(record);
    // Everything in it is escaped, and this is its only tag without an end.
    let markup = format!("<body>{}</body>", markup.replace("<br>", "<br/>"));
    let tree = roxmltree::Document::parse(&markup)?;
    let measure = fonts.measure();
    let blocks = markup::blocks(&markup, tree.root_element(), &measure);
    let sheets = Sheets::of(blocks).furnished(&running, &measure);
    let mut document = Document::new_with(SerializeSettings::default());
    for (index, sheet) in sheets.all.iter().enumerate() {
        draw(&mut document, index, sheet, &sheets, fonts)?;
    }
    document.set_outline(outline(&sheets));
    let metadata = Metadata::new()
        .title(running.title.clone())
        .creator("dripwatch".to_owned())
        .language("en".to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|error| NotDrawn::Document(format!("{error:?}")))
}

fn draw(
    document: &mut Document,
    index: usize,
    sheet: &Sheet,
    sheets: &Sheets,
    fonts: &Fonts,
) -> Result<(), NotDrawn> {
    let fails = |what: &str| NotDrawn::Sheet(index + 1, what.to_owned());
    let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or_else(|| fails("its size"))?;
    let size = Size::from_wh(WIDTH, HEIGHT).ok_or_else(|| fails("its size"))?;
    let svg = sheet.svg(WIDTH, HEIGHT);
    let tree = usvg::Tree::from_str(&svg, &fonts.options());
    let tree = tree.map_err(|error| NotDrawn::Sheet(index + 1, error.to_string()))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    let drawn = surface.draw_svg(&tree, size, SvgSettings::default());
    surface.finish();
    drawn.ok_or_else(|| fails("what is on it"))?;
    for link in &sheet.links {
        let target = sheets.place_of(&link.to);
        let (Some((target, y)), Some(rect)) =
            (target, Rect::from_xywh(link.x, link.y, link.width, link.height))
        else {
            continue;
        };
        let to = XyzDestination::new(target, Point::from_xy(0.0, y));
        let annotation = LinkAnnotation::new(rect, Target::Destination(to.into()));
        page.add_annotation(Annotation::new_link(annotation, Some(link.words.clone())));
    }
    page.finish();
    Ok(())
}

/// A bookmark for each heading.
fn outline(sheets: &Sheets) -> Outline {
    let mut outline = Outline::new();
    for (index, sheet) in sheets.all.iter().enumerate() {
        for (y, heading) in &sheet.headings {
            let to = XyzDestination::new(index, Point::from_xy(0.0, *y));
            outline.push_child(OutlineNode::new(heading.clone(), to));
        }
    }
    outline
}
