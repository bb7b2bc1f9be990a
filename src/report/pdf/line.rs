//! Words into lines of a width.

use super::fonts::Measure;
use super::mark::{BLACK, Frame, Mark, Style};

/// Letters with one look, as the page has them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) text: String,
    pub(super) style: Style,
    /// The heading to which it leads.
    pub(super) to: Option<String>,
    /// A new line begins before it.
    pub(super) breaks: bool,
}

/// What stays on one line.
#[derive(Clone, Debug, PartialEq)]
struct Word {
    text: String,
    style: Style,
    to: Option<String>,
    width: f32,
    has_space: bool,
    breaks: bool,
}

/// Words beside each other, each with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Line {
    words: Vec<(f32, Word)>,
    pub(super) width: f32,
    /// The size of its largest letters.
    pub(super) size: f32,
}

impl Line {
    /// Points from one line to the next.
    pub(super) fn height(&self) -> f32 {
        self.size.max(7.0) * 1.33
    }

    /// What is drawn, with its upper left corner there.
    pub(super) fn marks(&self, (left, top): (f32, f32), out: &mut Vec<Mark>) {
        let base = top + self.height() * 0.5 + self.size.max(7.0) * 0.36;
        // Neighbours that look the same are one text: it can be selected, and reads from the right
        // where its script does.
        let mut words = self.words.iter().peekable();
        while let Some((x, word)) = words.next() {
            let mut text = word.text.clone();
            let mut end = x + word.width;
            while let Some((next_x, next)) = words.peek() {
                let joins = next.style == word.style
                    && next.to == word.to
                    && word.style.frame == Frame::None;
                if !joins {
                    break;
                }
                if next.has_space {
                    text.push(' ');
                }
                text += &next.text;
                end = next_x + next.width;
                words.next();
            }
            let (x, end) = (left + x, left + end);
            let style = word.style;
            framed(style, (x, base - style.size * 0.86), end - x, out);
            let inset = style.around() / 2.0;
            let width = end - x - style.around();
            if let Some(to) = &word.to {
                let (y, height) = (top, self.height());
                let (to, words) = (to.clone(), text.clone());
                out.push(Mark::Link { x, y, width: end - x, height, to, words });
            }
            out.push(Mark::Text { x: x + inset, y: base, width, text, style });
        }
    }
}

/// What is around a text whose letters begin at this height.
fn framed(style: Style, (x, y): (f32, f32), width: f32, out: &mut Vec<Mark>) {
    let height = style.size * 1.18;
    let (fill, round, line) = match style.frame {
        Frame::None => return,
        Frame::Tag => (None, 0.0, 1.0),
        Frame::Pill => (None, height / 2.0, 0.7),
        Frame::Disc => (Some(BLACK), height / 2.0, 0.0),
        Frame::Sign(fill) => (Some(fill), 2.5, 0.8),
    };
    let y = y - style.size * 0.04;
    out.push(Mark::Rect { x, y, width, height, fill, round, line });
}

/// Lines no wider than this.
pub(super) fn lines(runs: &[Run], width: f32, measure: &Measure<'_>) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    let mut line = Line::default();
    for word in words(runs, measure) {
        for word in parts(word, width, measure) {
            let space = if word.has_space && !line.words.is_empty() {
                measure.width(" ", word.style.size, false)
            } else {
                0.0
            };
            let is_full = line.width + space + word.width > width + 0.01 && !line.words.is_empty();
            let is_new = (word.breaks && !line.words.is_empty()) || is_full;
            let space = if is_new { 0.0 } else { space };
            if is_new {
                all.push(std::mem::take(&mut line));
            }
            let x = line.width + space;
            line.width = x + word.width;
            line.size = line.size.max(word.style.size);
            line.words.push((x, word));
        }
    }
    if !line.words.is_empty() {
        all.push(line);
    }
    all
}

/// The width of the widest word, and that of all of it on one line.
pub(super) fn widths(runs: &[Run], measure: &Measure<'_>) -> (f32, f32) {
    let (mut widest, mut whole, mut line) = (0.0_f32, 0.0_f32, 0.0_f32);
    for word in words(runs, measure) {
        if word.breaks {
            whole = whole.max(line);
            line = 0.0;
        }
        let space = if word.has_space { measure.width(" ", word.style.size, false) } else { 0.0 };
        line += space + word.width;
        widest = widest.max(word.width);
    }
    (widest, whole.max(line))
}

fn words(runs: &[Run], measure: &Measure<'_>) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut has_space = false;
    for run in runs {
        let mut breaks = run.breaks;
        let text = measure.readable(&run.text);
        let mut add = |text: &str, has_space: bool, breaks: bool| {
            let width = measure.width(text, run.style.size, run.style.is_bold) + run.style.around();
            let (text, style, to) = (text.to_owned(), run.style, run.to.clone());
            all.push(Word { text, style, to, width, has_space, breaks });
        };
        if run.style.frame != Frame::None {
            // A frame is around all of it.
            add(&text, has_space, breaks);
            has_space = false;
            continue;
        }
        for part in text.split_inclusive(is_space) {
            let word = part.trim_end_matches(is_space);
            if !word.is_empty() {
                add(word, has_space, breaks);
                (has_space, breaks) = (false, false);
            }
            has_space |= word.len() < part.len();
        }
    }
    all
}

/// A word that is wider than a line, in parts that are not.
fn parts(word: Word, width: f32, measure: &Measure<'_>) -> Vec<Word> {
    if word.width <= width || word.style.frame != Frame::None {
        return vec![word];
    }
    let (mut all, mut text) = (Vec::new(), String::new());
    let (mut has_space, mut breaks) = (word.has_space, word.breaks);
    let mut wide = 0.0;
    let mut add = |text: &mut String, wide: f32| {
        let text = std::mem::take(text);
        let (style, to) = (word.style, word.to.clone());
        all.push(Word { text, style, to, width: wide, has_space, breaks });
        (has_space, breaks) = (false, false);
    };
    for letter in word.text.chars() {
        let next =
            measure.width(letter.encode_utf8(&mut [0; 4]), word.style.size, word.style.is_bold);
        if wide + next > width && !text.is_empty() {
            add(&mut text, wide);
            wide = 0.0;
        }
        text.push(letter);
        wide += next;
    }
    add(&mut text, wide);
    all
}

const fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\n' | '\t' | '\r')
}
