//! Tables: how wide a column is, and rows that may be parted between sheets.

use std::rc::Rc;

use super::block::{Block, Piece};
use super::fonts::Measure;
use super::line::{Line, Run, lines, widths};
use super::mark::LINE;

/// White right of a column.
const GAP: f32 = 6.0;
/// White above and below the lines of a row.
const AIR: f32 = 2.0;
/// Lines of a cell that stay together: a sheet holds more of them.
const LINES_TOGETHER: usize = 40;

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cell {
    pub(super) runs: Vec<Run>,
    /// Its lines end below each other.
    pub(super) is_right: bool,
    /// It is never parted.
    pub(super) is_whole: bool,
}

/// A table as it is in the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    pub(super) head: Option<Vec<Cell>>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Table {
    pub(super) fn blocks(&self, width: f32, measure: &Measure<'_>) -> Vec<Block> {
        let columns = self.columns(width, measure);
        let head = self.head.as_ref().and_then(|head| {
            let mut pieces = pieces(head, &columns, width, measure);
            pieces.truncate(1);
            pieces.pop()
        });
        let head = head.map(|piece| Rc::new(Piece { keeps_next: true, ..piece }));
        let mut all: Vec<Block> = Vec::new();
        all.extend(head.as_ref().map(|head| Block::Piece(Piece::clone(head))));
        for row in &self.rows {
            for piece in pieces(row, &columns, width, measure) {
                all.push(Block::Piece(Piece { head: head.clone(), ..piece }));
            }
        }
        all
    }

    /// The width of each column, white apart: what it needs, and of what is left an equal share, or
    /// less where it has no use for that.
    fn columns(&self, width: f32, measure: &Measure<'_>) -> Vec<f32> {
        let all = || self.head.iter().chain(&self.rows);
        let count = all().map(Vec::len).max().unwrap_or_default();
        let mut least = vec![0.0_f32; count];
        let mut most = vec![0.0_f32; count];
        for row in all() {
            for (index, cell) in row.iter().enumerate() {
                let (widest, whole) = widths(&cell.runs, measure);
                least[index] = least[index].max(if cell.is_whole { whole } else { widest });
                most[index] = most[index].max(whole);
            }
        }
        let room = width - GAP * count.saturating_sub(1) as f32;
        let (needed, liked): (f32, f32) = (least.iter().sum(), most.iter().sum());
        if liked <= room {
            // What is left goes to the texts, in proportion.
            let more = (room - liked) / liked.max(1.0);
            return most.iter().map(|width| width + width * more).collect();
        }
        if needed <= room {
            // Columns of few words are whole first: a number and its unit stay on one line, and the
            // long texts share what is left.
            let more = |index: usize| most[index] - least[index];
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by(|a, b| more(*a).total_cmp(&more(*b)));
            let mut left = room - needed;
            let mut widths = least.clone();
            for (done, index) in order.into_iter().enumerate() {
                let share = more(index).min(left / (count - done) as f32);
                widths[index] += share;
                left -= share;
            }
            return widths;
        }
        let share = room / needed.max(1.0);
        least.iter().map(|width| width * share).collect()
    }
}

/// A row, in as many pieces as its longest cell needs.
fn pieces(row: &[Cell], columns: &[f32], width: f32, measure: &Measure<'_>) -> Vec<Piece> {
    let cells: Vec<(bool, Vec<Line>)> = row
        .iter()
        .zip(columns)
        .map(|(cell, width)| (cell.is_right, lines(&cell.runs, *width, measure)))
        .collect();
    let longest = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or_default().max(1);
    let count = longest.div_ceil(LINES_TOGETHER);
    let one = |part: usize| {
        let mut piece = Piece::default();
        let mut x = 0.0;
        for ((is_right, lines), width) in cells.iter().zip(columns) {
            let mut top = AIR;
            for line in lines.iter().skip(part * LINES_TOGETHER).take(LINES_TOGETHER) {
                let left = if *is_right { x + (width - line.width).max(0.0) } else { x };
                piece.add_lines(std::slice::from_ref(line), (left, top));
                top += line.height();
            }
            x += width + GAP;
        }
        piece.height = piece.height.max(AIR + 12.0) + AIR;
        if part + 1 == count { piece.underlined(width, 0.4, LINE) } else { piece }
    };
    (0..count).map(one).collect()
}
