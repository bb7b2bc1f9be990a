//! The letters: those that come with the program, and for what they lack those of the machine.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use usvg::fontdb::{self, Database};

/// What every record is written in, wherever it is made: the condensed one of its family.
pub(super) const FAMILY: &str = "DejaVu Sans";
/// How its own file calls what others call condensed.
const STRETCH: fontdb::Stretch = fontdb::Stretch::SemiCondensed;
/// Of a letter that no font has: about what its place would be.
const NO_LETTER_EM: f32 = 0.6;

/// Fonts that a record may be written in.
#[derive(Debug)]
pub struct Fonts {
    all: Arc<Database>,
}

impl Fonts {
    /// Those that come with the program: Latin, Greek, Cyrillic, Hebrew and Arabic.
    #[must_use]
    pub fn bundled() -> Self {
        let mut all = Database::new();
        all.load_font_data(dejavu::sans_condensed::regular().to_vec());
        all.load_font_data(dejavu::sans_condensed::bold().to_vec());
        Self { all: Arc::new(all) }
    }

    /// With those that are installed on this machine, for letters of other scripts. Their folders
    /// are read once in the life of a process.
    #[must_use]
    pub fn of_machine() -> &'static Self {
        static ALL: LazyLock<Fonts> = LazyLock::new(|| {
            let Fonts { all } = Fonts::bundled();
            let mut all = Arc::unwrap_or_clone(all);
            all.load_system_fonts();
            Fonts { all: Arc::new(all) }
        });
        &ALL
    }

    pub(in crate::report) fn options(&self) -> usvg::Options<'static> {
        // Whatever a drawing asks for is written in the one family: what a machine calls "sans-serif"
        // may be a font that it does not have, and then nothing would be written at all.
        let select_font = |font: &usvg::Font, all: &mut Arc<Database>| {
            all.query(&fontdb::Query {
                families: &[fontdb::Family::Name(FAMILY)],
                weight: fontdb::Weight(font.weight()),
                stretch: STRETCH,
                style: fontdb::Style::Normal,
            })
        };
        usvg::Options {
            font_family: FAMILY.to_owned(),
            fontdb: self.all.clone(),
            font_resolver: usvg::FontResolver {
                select_font: Box::new(select_font),
                select_fallback: usvg::FontResolver::default_fallback_selector(),
            },
            ..usvg::Options::default()
        }
    }

    pub(super) fn measure(&self) -> Measure<'_> {
        Measure { fonts: self, known: RefCell::default() }
    }

    /// How wide a letter is, em; nothing when no font has it.
    fn advance(&self, letter: char, is_bold: bool) -> Option<f32> {
        let weight = if is_bold { fontdb::Weight::BOLD } else { fontdb::Weight::NORMAL };
        let own = |face: &&fontdb::FaceInfo| {
            face.weight == weight
                && face.stretch == STRETCH
                && face.style == fontdb::Style::Normal
                && face.families.iter().any(|(name, _)| name == FAMILY)
        };
        let first = self.all.faces().find(own).map(|face| face.id);
        let others = self.all.faces().map(|face| face.id);
        first.into_iter().chain(others).find_map(|id| {
            self.all.with_face_data(id, |data, index| {
                let face = ttf_parser::Face::parse(data, index).ok()?;
                let glyph = face.glyph_index(letter)?;
                let advance = face.glyph_hor_advance(glyph)?;
                Some(f32::from(advance) / f32::from(face.units_per_em()))
            })?
        })
    }
}

/// How wide texts are, for one document.
pub(super) struct Measure<'a> {
    fonts: &'a Fonts,
    /// Of each letter of the document, once plain and once bold.
    known: RefCell<BTreeMap<(char, bool), Option<f32>>>,
}

impl Measure<'_> {
    fn letter(&self, letter: char, is_bold: bool) -> Option<f32> {
        let look = || self.fonts.advance(letter, is_bold);
        *self.known.borrow_mut().entry((letter, is_bold)).or_insert_with(look)
    }

    /// Points that a text takes.
    pub(super) fn width(&self, text: &str, size: f32, is_bold: bool) -> f32 {
        let of = |letter| self.letter(letter, is_bold).unwrap_or(NO_LETTER_EM);
        text.chars().map(of).sum::<f32>() * size
    }

    /// The text, and in words how many letters of it no font has: they are not dropped unseen.
    pub(super) fn readable(&self, text: &str) -> String {
        let is_missing =
            |c: char| !c.is_whitespace() && !is_unseen(c) && self.letter(c, false).is_none();
        if !text.chars().any(is_missing) {
            return text.to_owned();
        }
        let (mut whole, mut missing) = (String::new(), 0);
        for letter in text.chars() {
            if is_missing(letter) {
                missing += 1;
                continue;
            }
            say_missing(&mut whole, &mut missing);
            whole.push(letter);
        }
        say_missing(&mut whole, &mut missing);
        whole
    }
}

fn say_missing(whole: &mut String, missing: &mut usize) {
    let letters = if *missing == 1 { "letter" } else { "letters" };
    if *missing > 0 {
        *whole += &format!("[{missing} {letters} that no font of this server has]");
    }
    *missing = 0;
}

/// Marks of direction and joining, which have no shape of their own.
const fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
