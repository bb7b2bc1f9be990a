//! What stands below each other in a column.

use std::rc::Rc;

use super::line::Line;
use super::mark::{BLACK, Mark};

/// What stays together on one sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Piece {
    pub(super) height: f32,
    /// By their places from its upper left corner.
    pub(super) marks: Vec<Mark>,
    /// White before it, but not at the top of a sheet.
    pub(super) before: f32,
    /// It does not end a sheet.
    pub(super) keeps_next: bool,
    /// What is repeated above it where a sheet begins with it.
    pub(super) head: Option<Rc<Piece>>,
    /// The bookmark that leads here.
    pub(super) heading: Option<String>,
    /// By what a link names it.
    pub(super) anchor: Option<String>,
}

/// A piece, or columns side by side.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    Piece(Piece),
    /// Each from this far right.
    Columns(Vec<(f32, Vec<Block>)>),
}

impl Piece {
    /// Lines below each other.
    pub(super) fn of_lines(lines: &[Line]) -> Self {
        let mut piece = Self::default();
        piece.add_lines(lines, (0.0, 0.0));
        piece
    }

    /// Adds lines with their upper left corner there, and makes room for them.
    pub(super) fn add_lines(&mut self, lines: &[Line], (left, mut top): (f32, f32)) {
        for line in lines {
            line.marks((left, top), &mut self.marks);
            top += line.height();
        }
        self.height = self.height.max(top);
    }

    /// A line below all of it.
    pub(super) fn underlined(mut self, right: f32, width: f32, colour: &'static str) -> Self {
        let y = self.height;
        self.marks.push(Mark::Line { from: (0.0, y), to: (right, y), width, colour });
        self.height += width;
        self
    }

    /// A frame around all of it.
    pub(super) fn framed(mut self, width: f32, line: f32) -> Self {
        let frame =
            Mark::Rect { x: 0.0, y: 0.0, width, height: self.height, fill: None, round: 0.0, line };
        self.marks.insert(0, frame);
        self
    }

    /// Another one beside what is in it.
    pub(super) fn with_beside(&mut self, other: Self, place: (f32, f32)) {
        self.height = self.height.max(place.1 + other.height);
        self.marks.extend(other.marks.into_iter().map(|mark| mark.moved(place)));
    }

    pub(super) fn ruled(self, right: f32) -> Self {
        self.underlined(right, 0.8, BLACK)
    }
}

/// All that is in a column, as one piece that is not parted.
pub(super) fn as_one(blocks: Vec<Block>) -> Piece {
    let mut whole = Piece::default();
    let mut top = 0.0;
    for block in blocks {
        match block {
            Block::Piece(piece) => {
                top += if top > 0.0 { piece.before } else { 0.0 };
                let height = piece.height;
                whole.with_beside(piece, (0.0, top));
                top += height;
            }
            Block::Columns(columns) => {
                let begin = top;
                for (x, column) in columns {
                    let column = as_one(column);
                    top = top.max(begin + column.height);
                    whole.with_beside(column, (x, begin));
                }
            }
        }
    }
    whole
}
