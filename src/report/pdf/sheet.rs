//! Blocks on sheets of A4.

use super::block::{Block, Piece};
use super::fonts::Measure;
use super::line::{Run, lines};
use super::mark::{Mark, QUIET, Style};
use super::{HEIGHT, WIDTH};
use crate::report::page::Running;

const LEFT: f32 = 34.0;
const TOP: f32 = 46.0;
const BOTTOM: f32 = HEIGHT - 44.0;
/// Width of what stands on a sheet.
pub(super) const COLUMN: f32 = WIDTH - 2.0 * LEFT;
/// What is taller stands on no sheet as a whole.
pub(super) const TALLEST: f32 = BOTTOM - TOP;
/// Rows that are on the sheet of their heading.
const ROWS_TOGETHER: usize = 3;
/// Sheets of one record. Twenty thousand long notes fill more: then the first sheet and the last say so.
const MOST_SHEETS: usize = 2_000;

/// What is said when they are not enough.
const CUT: &str =
    "Not all of it is on paper: the record as a page, as tables and as data has the rest.";

/// One sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Sheet {
    marks: Vec<Mark>,
    pub(super) links: Vec<Link>,
    /// Each with its height.
    pub(super) headings: Vec<(f32, String)>,
    anchors: Vec<(f32, String)>,
}

/// What leads elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) to: String,
    pub(super) words: String,
}

/// All sheets.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sheets {
    pub(super) all: Vec<Sheet>,
    /// Something is on no sheet, because there are no more.
    is_cut: bool,
}

/// Where the next piece goes.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    sheet: usize,
    y: f32,
}

impl Sheets {
    pub(super) fn of(blocks: Vec<Block>) -> Self {
        let mut sheets = Self { all: vec![Sheet::default()], is_cut: false };
        sheets.fill(blocks, LEFT, Place { sheet: 0, y: TOP });
        sheets
    }

    /// Puts blocks below each other from there on, and says where they end.
    fn fill(&mut self, blocks: Vec<Block>, x: f32, mut at: Place) -> Place {
        let needed: Vec<f32> = (0..blocks.len()).map(|index| needed(&blocks[index..])).collect();
        for (block, needed) in blocks.into_iter().zip(needed) {
            match block {
                Block::Columns(columns) => {
                    let ends: Vec<Place> = columns
                        .into_iter()
                        .map(|(right, column)| self.fill(column, x + right, at))
                        .collect();
                    let furthest =
                        |a: &Place, b: &Place| a.sheet.cmp(&b.sheet).then(a.y.total_cmp(&b.y));
                    at = ends.into_iter().max_by(furthest).unwrap_or(at);
                }
                Block::Piece(piece) => at = self.put(piece, needed, x, at),
            }
        }
        at
    }

    /// `needed` is the height of the piece with all that does not stand on another sheet than it.
    fn put(&mut self, piece: Piece, needed: f32, x: f32, mut at: Place) -> Place {
        let is_first = at.y <= TOP;
        let before = if is_first { 0.0 } else { piece.before };
        if !is_first && at.y + before + needed > BOTTOM {
            at = Place { sheet: at.sheet + 1, y: TOP };
            if let Some(head) = piece.head.clone() {
                at = self.draw(Piece::clone(&head), x, at);
            }
        } else {
            at.y += before;
        }
        self.draw(piece, x, at)
    }

    fn draw(&mut self, piece: Piece, x: f32, at: Place) -> Place {
        if at.sheet >= MOST_SHEETS {
            self.is_cut = true;
            return at;
        }
        while self.all.len() <= at.sheet {
            self.all.push(Sheet::default());
        }
        let sheet = &mut self.all[at.sheet];
        sheet.headings.extend(piece.heading.map(|heading| (at.y, heading)));
        sheet.anchors.extend(piece.anchor.map(|anchor| (at.y, anchor)));
        for mark in piece.marks {
            match mark.moved((x, at.y)) {
                Mark::Link { x, y, width, height, to, words } => {
                    sheet.links.push(Link { x, y, width, height, to, words });
                }
                mark => sheet.marks.push(mark),
            }
        }
        Place { y: at.y + piece.height, ..at }
    }

    /// With whom it is about above, and which sheet of how many; and who made it below.
    pub(super) fn furnished(mut self, running: &Running, measure: &Measure<'_>) -> Self {
        let count = self.all.len();
        let style = Style { size: 7.8, colour: QUIET, ..Style::PLAIN };
        let text = |text: &str, width: f32| {
            let run = Run { text: text.to_owned(), style, to: None, breaks: false };
            lines(&[run], width, measure).into_iter().next()
        };
        for (index, sheet) in self.all.iter_mut().enumerate() {
            let page = format!("page {} of {count}", index + 1);
            let places = [
                (text(&running.top, COLUMN - 90.0), false, 22.0),
                (text(&page, 90.0), true, 22.0),
                (text(&running.bottom, COLUMN), false, HEIGHT - 32.0),
            ];
            for (line, is_right, y) in places {
                let Some(line) = line else { continue };
                let x = if is_right { LEFT + COLUMN - line.width } else { LEFT };
                line.marks((x, y), &mut sheet.marks);
            }
            if self.is_cut && (index == 0 || index + 1 == count) {
                let style = Style { size: 9.0, is_bold: true, ..Style::PLAIN };
                let run = Run { text: CUT.to_owned(), style, to: None, breaks: false };
                for line in lines(&[run], COLUMN, measure) {
                    line.marks((LEFT, HEIGHT - 20.0), &mut sheet.marks);
                }
            }
        }
        self
    }

    /// The sheet and the height of what a link names.
    pub(super) fn place_of(&self, anchor: &str) -> Option<(usize, f32)> {
        self.all.iter().enumerate().find_map(|(index, sheet)| {
            let known = sheet.anchors.iter().find(|(_, known)| known == anchor);
            known.map(|(y, _)| (index, *y))
        })
    }
}

/// The height of the first block with what stays with it: a heading is where something of what it is
/// about is, and a list does not begin with a row or two at the foot of a sheet. No more than half a
/// sheet, so that what follows is never too tall for any.
fn needed(blocks: &[Block]) -> f32 {
    let (mut height, mut rows, mut is_headed) = (0.0, 0, false);
    for block in blocks {
        match block {
            Block::Piece(piece) => {
                let is_next = piece.keeps_next || piece.heading.is_some();
                if rows > 0 && is_next {
                    return height;
                }
                let before = if height > 0.0 { piece.before } else { 0.0 };
                height += before + piece.height;
                is_headed |= piece.keeps_next;
                rows += usize::from(!piece.keeps_next);
                if rows > 0 && (!is_headed || rows == ROWS_TOGETHER) {
                    return height;
                }
            }
            Block::Columns(_) if rows > 0 => return height,
            Block::Columns(columns) => {
                let first = columns.iter().map(|(_, column)| needed(column));
                return height + first.fold(0.0, f32::max);
            }
        }
        if height > TALLEST / 2.0 {
            return height;
        }
    }
    height
}

impl Sheet {
    pub(super) fn svg(&self, width: f32, height: f32) -> String {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">"
        );
        for mark in &self.marks {
            mark.svg(&mut svg);
        }
        svg + "</svg>"
    }
}
