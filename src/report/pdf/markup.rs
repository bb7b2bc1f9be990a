//! The page's markup as blocks. Whatever stands in it is drawn: an element of which nothing is
//! known here is a paragraph.

use roxmltree::Node;

use super::block::{Block, Piece, as_one};
use super::fonts::Measure;
use super::line::{Run, lines};
use super::mark::{BLACK, Frame, LINE, Mark, QUIET, Style};
use super::sheet::{COLUMN, TALLEST};
use super::table::{Cell, Table};

/// White between columns.
const BETWEEN: f32 = 14.0;
/// White before a section.
const BEFORE: f32 = 9.0;

/// Reads the page.
struct Reader<'a> {
    /// Of which drawings are parts.
    source: &'a str,
    measure: &'a Measure<'a>,
}

/// What the body holds, from top to bottom.
pub(super) fn blocks(source: &str, body: Node<'_, '_>, measure: &Measure<'_>) -> Vec<Block> {
    Reader { source, measure }.inside(body, COLUMN)
}

impl Reader<'_> {
    /// Everything in an element.
    fn inside(&self, node: Node<'_, '_>, width: f32) -> Vec<Block> {
        elements(node).flat_map(|child| self.one(child, width)).collect()
    }

    fn one(&self, node: Node<'_, '_>, width: f32) -> Vec<Block> {
        let is = |class: &str| has_class(node, class);
        match node.tag_name().name() {
            "header" => vec![self.header(node, width)],
            "section" if is("lacks") => vec![self.in_frame(node, width)],
            "section" => self.section(node, width),
            "dl" => self.facts(node, width),
            "div" if is("dose") => vec![self.dose(node, width)],
            "div" if is("two") => vec![self.two(node, width)],
            "div" if is("heading") => vec![self.heading(node, width)],
            "div" if is("boxes") => vec![self.boxes(node, width)],
            "div" | "main" => self.inside(node, width),
            "figure" => elements(node).map(|svg| self.drawing(svg, width, 7.0)).collect(),
            "svg" => vec![self.drawing(node, width, 2.0)],
            "table" => self.table(node).blocks(width, self.measure),
            "ul" if has_class_above(node, "checklist") => vec![self.checklist(node, width)],
            "ul" => elements(node).map(|item| self.bullet(item, width)).collect(),
            "footer" => vec![self.footer(node, width)],
            _ => vec![Block::Piece(self.text(node, width, 2.0))],
        }
    }

    fn section(&self, node: Node<'_, '_>, width: f32) -> Vec<Block> {
        let mut all = self.inside(node, width);
        let is_whole = has_class(node, "whole") || has_class(node, "signing");
        if is_whole {
            let heading = heading_of(node);
            let whole = as_one(all);
            if whole.height < TALLEST {
                let anchor = node.attribute("id").map(str::to_owned);
                return vec![Block::Piece(Piece { before: BEFORE, heading, anchor, ..whole })];
            }
            all = self.inside(node, width);
        }
        if let Some(Block::Piece(first)) = all.first_mut() {
            first.before = BEFORE;
            first.anchor = node.attribute("id").map(str::to_owned);
        }
        all
    }

    /// A paragraph.
    fn text(&self, node: Node<'_, '_>, width: f32, before: f32) -> Piece {
        let style = style_of(node, Style::PLAIN);
        let runs = self.runs(node, style);
        Piece { before, ..Piece::of_lines(&lines(&runs, width, self.measure)) }
    }

    fn heading(&self, node: Node<'_, '_>, width: f32) -> Block {
        let mut piece = Piece::default();
        let mut left_width = width;
        if let Some(beside) = elements(node).find(|child| child.tag_name().name() == "span") {
            let quiet = Style { size: 8.0, colour: QUIET, ..Style::PLAIN };
            let beside = lines(&self.runs(beside, quiet), width * 0.6, self.measure);
            let widest = beside.iter().map(|line| line.width).fold(0.0, f32::max);
            left_width = width - widest - 8.0;
            piece.add_lines(&beside, (width - widest, 2.5));
        }
        let bold = Style { size: 10.0, is_bold: true, ..Style::PLAIN };
        let title = elements(node).find(|child| child.tag_name().name() == "h2");
        let runs = title.map(|title| self.runs(title, bold)).unwrap_or_default();
        piece.add_lines(&lines(&runs, left_width, self.measure), (0.0, 0.0));
        piece.height += 1.5;
        let heading = title.map(words_of);
        Block::Piece(Piece { keeps_next: true, heading, ..piece.ruled(width) })
    }

    fn header(&self, node: Node<'_, '_>, width: f32) -> Block {
        let mut piece = Piece::default();
        let mut left = elements(node);
        let (who, clinic) = (left.next(), left.next());
        let mut right_width = 0.0_f32;
        if let Some(clinic) = clinic {
            let mut top = 0.0;
            for line in elements(clinic) {
                let style = style_of(line, Style::PLAIN);
                for line in lines(&self.runs(line, style), width * 0.4, self.measure) {
                    piece.add_lines(std::slice::from_ref(&line), (width - line.width, top));
                    right_width = right_width.max(line.width);
                    top += line.height();
                }
            }
        }
        if let Some(who) = who {
            let title = Style { size: 17.0, is_bold: true, ..Style::PLAIN };
            let mut runs = Vec::new();
            for part in elements(who) {
                if part.tag_name().name() == "h1" {
                    runs.extend(self.runs(part, title));
                    continue;
                }
                let plain = Style { size: 10.5, ..Style::PLAIN };
                for part in elements(part) {
                    runs.push(space(plain));
                    runs.extend(self.runs(part, style_of(part, plain)));
                }
            }
            let lines = lines(&runs, width - right_width - 12.0, self.measure);
            piece.add_lines(&lines, (0.0, 0.0));
        }
        piece.height += 4.0;
        let heading = Some("Session record".to_owned());
        Block::Piece(Piece { heading, ..piece.underlined(width, 1.6, BLACK) })
    }

    /// Who, where, by what: four columns, of which some facts take two.
    fn facts(&self, node: Node<'_, '_>, width: f32) -> Vec<Block> {
        const COLUMNS: usize = 4;
        let one = (width - 12.0 * 3.0) / 4.0;
        let mut rows: Vec<[bool; COLUMNS]> = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for fact in elements(node) {
            let span = if has_class(fact, "span2") { 2 } else { 1 };
            let free = |row: &[bool; COLUMNS]| {
                (0..=COLUMNS - span).find(|from| !row[*from..from + span].contains(&true))
            };
            let place = rows.iter().enumerate().find_map(|(row, taken)| Some((row, free(taken)?)));
            let (row, from) = place.unwrap_or((rows.len(), 0));
            if row == rows.len() {
                rows.push([false; COLUMNS]);
                pieces.push(Piece { before: if row == 0 { 7.0 } else { 3.0 }, ..Piece::default() });
            }
            rows[row][from..from + span].fill(true);
            let width = one * span as f32 + 12.0 * (span - 1) as f32;
            let name = Style { size: 8.0, colour: QUIET, ..Style::PLAIN };
            let value = Style { is_bold: true, ..Style::PLAIN };
            let mut cell = Piece::default();
            for part in elements(fact) {
                let style = if part.tag_name().name() == "dt" { name } else { value };
                let lines = lines(&self.runs(part, style), width, self.measure);
                let top = cell.height;
                cell.add_lines(&lines, (0.0, top));
            }
            pieces[row].with_beside(cell, ((one + 12.0) * from as f32, 0.0));
        }
        pieces.into_iter().map(Block::Piece).collect()
    }

    /// Ordered, given, how long, paused, not given.
    fn dose(&self, node: Node<'_, '_>, width: f32) -> Block {
        const SHARES: [f32; 5] = [1.25, 1.1, 1.2, 1.0, 0.9];
        let all: f32 = SHARES.iter().sum();
        let mut piece = Piece { before: 7.0, ..Piece::default() };
        let (mut x, mut edges) = (0.0, Vec::new());
        for (cell, share) in elements(node).zip(SHARES) {
            let wide = width * share / all;
            let mut column = Piece::default();
            for part in elements(cell) {
                let style = match part.tag_name().name() {
                    "strong" => Style { size: 13.0, is_bold: true, ..Style::PLAIN },
                    _ => style_of(part, Style::PLAIN),
                };
                let top = column.height;
                column.add_lines(
                    &lines(&self.runs(part, style), wide - 12.0, self.measure),
                    (0.0, top),
                );
            }
            piece.with_beside(column, (x + 6.0, 4.0));
            x += wide;
            edges.push(x);
        }
        piece.height += 4.0;
        edges.pop();
        for x in edges {
            let (from, to) = ((x, 0.0), (x, piece.height));
            piece.marks.push(Mark::Line { from, to, width: 0.5, colour: LINE });
        }
        Block::Piece(piece.framed(width, 0.8))
    }

    fn two(&self, node: Node<'_, '_>, width: f32) -> Block {
        let left = if has_class(node, "wide-left") { 1.32 / 2.32 } else { 0.5 };
        let left = (width - BETWEEN) * left;
        let mut columns = Vec::new();
        for (column, (x, wide)) in
            elements(node).zip([(0.0, left), (left + BETWEEN, width - left - BETWEEN)])
        {
            columns.push((x, self.inside(column, wide)));
        }
        Block::Columns(columns)
    }

    fn in_frame(&self, node: Node<'_, '_>, width: f32) -> Block {
        let inner = as_one(self.inside(node, width - 16.0));
        let mut piece = Piece { before: 8.0, ..Piece::default() };
        piece.with_beside(inner, (8.0, 5.0));
        piece.height += 5.0;
        Block::Piece(Piece { heading: heading_of(node), ..piece.framed(width, 1.2) })
    }

    /// Where people sign.
    fn boxes(&self, node: Node<'_, '_>, width: f32) -> Block {
        const LEAST: f32 = 66.0;
        let count = elements(node).count().max(1);
        let wide = width / count as f32;
        let columns = elements(node).map(|cell| {
            let (last, others): (Vec<_>, Vec<_>) =
                elements(cell).partition(|part| has_class(*part, "line"));
            let mut column = Piece::default();
            for part in others {
                let top = column.height;
                column.with_beside(self.text(part, wide - 16.0, 0.0), (0.0, top));
            }
            (column, last)
        });
        let columns: Vec<_> = columns.collect();
        let tallest = columns.iter().map(|(column, _)| column.height).fold(0.0, f32::max);
        let height = (tallest + 30.0).max(LEAST);
        let mut piece = Piece { height, before: 4.0, ..Piece::default() };
        for (index, (column, last)) in columns.into_iter().enumerate() {
            let x = wide * index as f32;
            piece.with_beside(column, (x + 8.0, 5.0));
            let (from, to) = ((x + 8.0, height - 16.0), (x + wide - 8.0, height - 16.0));
            piece.marks.push(Mark::Line { from, to, width: 0.5, colour: BLACK });
            let small = Style { size: 7.8, colour: QUIET, ..Style::PLAIN };
            for (index, part) in last.iter().flat_map(|last| elements(*last)).enumerate() {
                for line in lines(&self.runs(part, small), wide, self.measure) {
                    let right = x + wide - 8.0 - line.width;
                    let left = if index == 0 { x + 8.0 } else { right };
                    line.marks((left, height - 14.0), &mut piece.marks);
                }
            }
            if index > 0 {
                let (from, to) = ((x, 0.0), (x, height));
                piece.marks.push(Mark::Line { from, to, width: 0.8, colour: BLACK });
            }
        }
        piece.height = height;
        Block::Piece(piece.framed(width, 0.8))
    }

    fn drawing(&self, node: Node<'_, '_>, width: f32, before: f32) -> Block {
        let svg = self.source.get(node.range()).unwrap_or_default().to_owned();
        let sides = node.attribute("viewBox").map(|sides| {
            sides.split(' ').filter_map(|side| side.parse::<f32>().ok()).collect::<Vec<_>>()
        });
        let height = match sides.as_deref() {
            _ if has_class(node, "bar") => 9.0,
            Some([_, _, wide, high]) if *wide > 0.0 => width * high / wide,
            _ => width * 0.6,
        };
        let drawing = Mark::Drawing { x: 0.0, y: 0.0, width, height, svg };
        Block::Piece(Piece {
            height: height + 2.0,
            marks: vec![drawing],
            before,
            ..Piece::default()
        })
    }

    fn table(&self, node: Node<'_, '_>) -> Table {
        let is_whole = has_class(node, "summary");
        let row = |row: Node<'_, '_>, is_head: bool| -> Vec<Cell> {
            let cell = |cell: Node<'_, '_>| {
                let plain = match (is_head, cell.tag_name().name()) {
                    (true, _) => Style { size: 8.0, colour: QUIET, ..Style::PLAIN },
                    (false, "th") => Style { is_bold: true, ..Style::PLAIN },
                    _ => Style::PLAIN,
                };
                let is = |class: &str| has_class(cell, class);
                Cell {
                    runs: self.runs(cell, style_of(cell, plain)),
                    is_right: is("n") || is("by"),
                    is_whole: is_whole || is("n") || is("by") || is("time"),
                }
            };
            elements(row).map(cell).collect()
        };
        let mut table = Table::default();
        for part in elements(node) {
            match part.tag_name().name() {
                "thead" => table.head = elements(part).next().map(|head| row(head, true)),
                _ => table.rows.extend(elements(part).map(|one| row(one, false))),
            }
        }
        table
    }

    /// Two columns, the first as long as the second or one item longer.
    fn checklist(&self, node: Node<'_, '_>, width: f32) -> Block {
        let wide = (width - BETWEEN) / 2.0;
        let mut items: Vec<Block> =
            elements(node).map(|item| Block::Piece(self.ticked(item, wide))).collect();
        let right = items.split_off(items.len().div_ceil(2));
        Block::Columns(vec![(0.0, items), (wide + BETWEEN, right)])
    }

    fn ticked(&self, item: Node<'_, '_>, width: f32) -> Piece {
        const BOX: f32 = 8.5;
        let part = |class: &str| elements(item).find(|part| has_class(*part, class));
        let runs =
            |class: &str| part(class).map(|part| self.runs(part, Style::PLAIN)).unwrap_or_default();
        let by = lines(&runs("by"), width * 0.4, self.measure);
        let by_width = by.iter().map(|line| line.width).fold(0.0, f32::max);
        let mut piece = Piece::default();
        let left = BOX + 5.0;
        let what = lines(&runs("what"), width - left - by_width - 6.0, self.measure);
        piece.add_lines(&what, (left, 2.0));
        for line in &by {
            piece.add_lines(std::slice::from_ref(line), (width - line.width, 2.0));
        }
        let (x, y) = (0.4, 4.0);
        let (fill, round, line) = (None, 0.0, 0.8);
        piece.marks.push(Mark::Rect { x, y, width: BOX, height: BOX, fill, round, line });
        if part("box").is_some_and(|ticked| !words_of(ticked).is_empty()) {
            let style = Style { is_bold: true, size: 8.5, ..Style::PLAIN };
            let text = "✓".to_owned();
            piece.marks.push(Mark::Text { x: 1.2, y: y + 7.4, width: BOX, text, style });
        }
        piece.height += 2.0;
        piece.underlined(width, 0.4, LINE)
    }

    fn bullet(&self, item: Node<'_, '_>, width: f32) -> Block {
        let mut piece = Piece { before: 1.5, ..Piece::default() };
        let is_open = elements(item).next().is_some_and(|first| has_class(first, "tag"));
        let inset = if is_open { 0.0 } else { 10.0 };
        let runs = self.runs(item, Style::PLAIN);
        piece.add_lines(&lines(&runs, width - inset, self.measure), (inset, 0.0));
        if !is_open {
            let (text, style) = ("•".to_owned(), Style::PLAIN);
            piece.marks.push(Mark::Text { x: 1.0, y: 9.2, width: 5.0, text, style });
        }
        Block::Piece(piece)
    }

    fn footer(&self, node: Node<'_, '_>, width: f32) -> Block {
        let quiet = Style { size: 7.8, colour: QUIET, ..Style::PLAIN };
        let mut piece = Piece { before: 10.0, ..Piece::default() };
        piece.add_lines(&lines(&self.runs(node, quiet), width, self.measure), (0.0, 4.0));
        let (from, to) = ((0.0, 0.0), (width, 0.0));
        piece.marks.push(Mark::Line { from, to, width: 0.5, colour: LINE });
        Block::Piece(piece)
    }

    /// The words of an element, each with its look.
    fn runs(&self, node: Node<'_, '_>, style: Style) -> Vec<Run> {
        let mut all = Vec::new();
        self.add_runs(node, style, None, &mut all);
        all
    }

    fn add_runs(&self, node: Node<'_, '_>, style: Style, to: Option<&str>, all: &mut Vec<Run>) {
        if style.frame != Frame::None {
            let text = words_of(node);
            all.push(Run { text, style, to: to.map(str::to_owned), breaks: false });
            return;
        }
        let mut breaks = false;
        for child in node.children() {
            if child.is_text() {
                let text = child.text().unwrap_or_default().to_owned();
                all.push(Run { text, style, to: to.map(str::to_owned), breaks });
                breaks = false;
            } else if child.tag_name().name() == "br" {
                breaks = true;
            } else if child.is_element() {
                let to = child.attribute("href").and_then(|to| to.strip_prefix('#')).or(to);
                let first = all.len();
                self.add_runs(child, style_of(child, style), to, all);
                if let Some(run) = all.get_mut(first) {
                    run.breaks |= breaks;
                    breaks = false;
                }
            }
        }
    }
}

fn space(style: Style) -> Run {
    Run { text: "\u{2003}".to_owned(), style, to: None, breaks: false }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

fn has_class(node: Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|all| all.split(' ').any(|known| known == class))
}

fn has_class_above(node: Node<'_, '_>, class: &str) -> bool {
    node.ancestors().any(|above| has_class(above, class))
}

/// All words of an element.
fn words_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

fn heading_of(node: Node<'_, '_>) -> Option<String> {
    node.descendants().find(|child| child.tag_name().name() == "h2").map(words_of)
}

/// How an element looks within what looks like `above`.
fn style_of(node: Node<'_, '_>, above: Style) -> Style {
    let mut style = above;
    match node.tag_name().name() {
        "strong" => style.is_bold = true,
        "h2" => style = Style { size: 10.0, is_bold: true, ..style },
        "s" => style.is_struck = true,
        _ => {}
    }
    for class in node.attribute("class").unwrap_or_default().split(' ') {
        match class {
            "quiet" | "note" | "none" => style = Style { colour: QUIET, is_bold: false, ..style },
            "small" | "mono" => style = Style { colour: QUIET, size: 8.0, is_bold: false, ..style },
            "bold" => style.is_bold = true,
            "covered" => style.size = 10.0,
            "said" if has_class_above(node, "gone") => {
                style = Style { colour: QUIET, is_struck: true, ..style };
            }
            "tag" => style = Style { size: 7.8, is_bold: true, frame: Frame::Tag, ..style },
            "pill" => style = Style { size: 7.8, frame: Frame::Pill, ..style },
            "disc" => {
                let frame = Frame::Disc;
                style = Style { size: 7.6, is_bold: true, colour: "#fff", frame, ..style };
            }
            "sign" => {
                let (fill, colour) = match () {
                    () if has_class(node, "high") => ("#c8102e", "#fff"),
                    () if has_class(node, "medium") => ("#ffcd28", BLACK),
                    () => ("#fff", BLACK),
                };
                let frame = Frame::Sign(fill);
                style = Style { size: 7.6, is_bold: true, colour, frame, ..style };
            }
            _ => {}
        }
    }
    style
}
