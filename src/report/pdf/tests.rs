use std::rc::Rc;

use super::block::{Block, Piece};
use super::fonts::Fonts;
use super::line::{Run, lines, widths};
use super::mark::{Frame, Mark, Style};
use super::sheet::{COLUMN, Sheets, TALLEST};
use super::table::{Cell, Table};
use crate::report::page::Running;

fn run(text: &str) -> Run {
    Run { text: text.to_owned(), style: Style::PLAIN, to: None, breaks: false }
}

fn piece(height: f32) -> Piece {
    let (x, y, width, text, style) = (0.0, 0.0, 1.0, format!("{height}"), Style::PLAIN);
    Piece { height, marks: vec![Mark::Text { x, y, width, text, style }], ..Piece::default() }
}

fn texts(sheets: &Sheets) -> Vec<String> {
    let svg = |sheet: &super::sheet::Sheet| {
        let svg = sheet.svg(1.0, 1.0);
        let parts = svg.split("</text>").filter_map(|part| part.rsplit_once('>'));
        parts
            .map(|(_, text)| text.to_owned())
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    sheets.all.iter().map(svg).collect()
}

#[test]
fn no_line_is_wider_than_its_column_and_no_letter_is_lost() {
    let fonts = Fonts::bundled();
    let measure = fonts.measure();
    let long = "Maximiliana".repeat(45);
    let text = format!("short words, then {long} and the end");
    for width in [40.0, 90.0, COLUMN] {
        let all = lines(&[run(&text)], width, &measure);
        assert!(all.iter().all(|line| line.width <= width + 0.1), "{width}");
        let mut marks = Vec::new();
        all.iter().for_each(|line| line.marks((0.0, 0.0), &mut marks));
        let written: String = marks
            .iter()
            .filter_map(|mark| match mark {
                Mark::Text { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
        assert_eq!(letters(&written), letters(&text), "{width}");
    }
}

#[test]
fn letters_that_no_font_has_are_said_in_words() {
    let fonts = Fonts::bundled();
    let measure = fonts.measure();
    assert_eq!(measure.readable("Maria محمد"), "Maria محمد");
    assert_eq!(measure.readable("王 Li"), "[1 letter that no font of this server has] Li");
    assert_eq!(measure.readable("王小明"), "[3 letters that no font of this server has]");
    assert_eq!(measure.readable("\u{202b}a\u{202c}"), "\u{202b}a\u{202c}");
}

#[test]
fn a_frame_is_around_all_of_its_words() {
    let fonts = Fonts::bundled();
    let measure = fonts.measure();
    let style = Style { frame: Frame::Tag, ..Style::PLAIN };
    let tag = Run { style, ..run("not approved") };
    let (widest, whole) = widths(std::slice::from_ref(&tag), &measure);
    assert_eq!(widest, whole, "it is one word");
    let mut marks = Vec::new();
    lines(&[tag], COLUMN, &measure)[0].marks((0.0, 0.0), &mut marks);
    assert!(
        matches!(&marks[..], [Mark::Rect { .. }, Mark::Text { text, .. }] if text == "not approved")
    );
}

#[test]
fn a_heading_stands_on_the_sheet_of_what_it_is_about() {
    let heading = Piece { keeps_next: true, ..piece(20.0) };
    let head = Piece { keeps_next: true, ..piece(10.0) };
    let blocks = [piece(TALLEST - 35.0), heading, head, piece(30.0)].map(Block::Piece);
    let sheets = Sheets::of(blocks.to_vec());
    let first = format!("{}", TALLEST - 35.0);
    assert_eq!(texts(&sheets), [first.as_str(), "20 10 30"]);
}

#[test]
fn a_list_does_not_begin_with_a_row_or_two_at_the_foot_of_a_sheet() {
    let heading = Piece { keeps_next: true, ..piece(20.0) };
    let rows = [piece(11.0), piece(12.0), piece(13.0), piece(14.0)];
    let begins = |left: f32| {
        let mut blocks = vec![piece(TALLEST - left), heading.clone()];
        blocks.extend(rows.clone());
        texts(&Sheets::of(blocks.into_iter().map(Block::Piece).collect()))
    };
    let first = |left: f32| format!("{}", TALLEST - left);
    assert_eq!(begins(50.0), [first(50.0), "20 11 12 13 14".to_owned()]);
    assert_eq!(begins(60.0), [first(60.0) + " 20 11 12 13", "14".to_owned()]);
    // A shorter list, and what comes after it, need no more than they have.
    let next = Piece { keeps_next: true, ..piece(30.0) };
    let blocks = [piece(TALLEST - 35.0), heading, piece(11.0), next, piece(15.0)];
    let sheets = Sheets::of(blocks.map(Block::Piece).to_vec());
    assert_eq!(texts(&sheets), [first(35.0) + " 20 11", "30 15".to_owned()]);
}

#[test]
fn the_head_of_a_table_is_on_every_sheet_of_it() {
    let head = Rc::new(piece(11.0));
    let row = Piece { head: Some(head), ..piece(TALLEST / 2.0 - 10.0) };
    let blocks = vec![Block::Piece(row); 3];
    let half = format!("{}", TALLEST / 2.0 - 10.0);
    assert_eq!(texts(&Sheets::of(blocks)), [format!("{half} {half}"), format!("11 {half}")]);
}

#[test]
fn columns_go_on_beside_each_other_and_what_follows_is_below_both() {
    let long = vec![Block::Piece(piece(TALLEST - 50.0)), Block::Piece(piece(60.0))];
    let short = vec![Block::Piece(piece(70.0))];
    let blocks = vec![Block::Columns(vec![(0.0, long), (200.0, short)]), Block::Piece(piece(80.0))];
    let first = format!("{} 70", TALLEST - 50.0);
    assert_eq!(texts(&Sheets::of(blocks)), [first.as_str(), "60 80"]);
}

#[test]
fn a_row_that_is_longer_than_a_sheet_goes_on_on_the_next() {
    let fonts = Fonts::bundled();
    let measure = fonts.measure();
    let words = "word ".repeat(5_000);
    let cell = |text: &str| Cell { runs: vec![run(text)], ..Cell::default() };
    let table = Table { head: None, rows: vec![vec![cell("09:00"), cell(&words)]] };
    let sheets = Sheets::of(table.blocks(COLUMN, &measure));
    assert!(sheets.all.len() > 1);
    let written = texts(&sheets).join(" ");
    assert_eq!(written.matches("word").count(), 5_000);
}

#[test]
fn a_number_and_its_unit_stay_on_one_line_beside_a_long_text() {
    let fonts = Fonts::bundled();
    let measure = fonts.measure();
    let cell = |text: &str| Cell { runs: vec![run(text)], ..Cell::default() };
    let words = "word ".repeat(300);
    let table =
        Table { head: None, rows: vec![vec![cell(&words), cell("114 1/min"), cell(&words)]] };
    let blocks = table.blocks(COLUMN, &measure);
    let Some(Block::Piece(row)) = blocks.first() else { panic!("a row") };
    let is_it = |mark: &Mark| matches!(mark, Mark::Text { text, .. } if text == "114 1/min");
    assert!(row.marks.iter().any(is_it));
}

#[test]
fn there_are_so_many_sheets_and_no_more() {
    let blocks = vec![Block::Piece(piece(TALLEST)); 2_001];
    let running = || Running { title: "t".into(), top: "T.".into(), bottom: "b".into() };
    let fonts = Fonts::bundled();
    let cut = Sheets::of(blocks.clone()).furnished(&running(), &fonts.measure());
    let is_said = |text: &String| text.contains("Not all of it is on paper");
    let said: Vec<_> = texts(&cut).iter().map(is_said).collect();
    assert_eq!((said.len(), said[0], said[1], said[1_999]), (2_000, true, false, true));
    let whole = Sheets::of(blocks[..2_000].to_vec()).furnished(&running(), &fonts.measure());
    assert!(whole.all.len() == 2_000 && !texts(&whole).iter().any(is_said));
}
