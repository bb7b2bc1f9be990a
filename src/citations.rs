//! Comments and pages cite `docs/` by its headings, such as `design.md#the-journal`. Each citation
//! points to a heading, and nobody cites a text that is not in the project.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The pages that are cited.
const PAGES: [&str; 4] = ["clinical", "design", "protocols", "screens"];
/// The names, in capitals, of texts outside the project.
const NOT_HERE: [&str; 4] = ["clinical", "design", "protocols", "ux"];
/// What is generated or fetched, not written.
const NOT_OURS: [&str; 5] = [".git", "target", "node_modules", "dist", "data"];
const LOCKS: [&str; 2] = ["Cargo.lock", "package-lock.json"];

/// The headings of each page, as anchors.
type Headings = BTreeMap<&'static str, Vec<String>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn texts(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if !NOT_OURS.contains(&name.as_str()) {
                texts(&path, found);
            }
        } else if !LOCKS.contains(&name.as_str()) {
            // A file that is not text has no citations.
            let Ok(text) = fs::read_to_string(&path) else { continue };
            let place = path.strip_prefix(root()).unwrap();
            found.push((place.display().to_string(), text));
        }
    }
}

/// A heading as the anchor that Markdown makes of it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
}

fn headings_of(text: &str) -> Vec<String> {
    let mut is_code = false;
    let mut found = Vec::new();
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        if line.starts_with('#') && !is_code {
            found.push(anchor(line.trim_start_matches('#')));
        }
    }
    found
}

fn headings() -> Headings {
    let of = |page: &'static str| {
        let text = fs::read_to_string(root().join(format!("docs/{page}.md"))).unwrap();
        (page, headings_of(&text))
    };
    PAGES.into_iter().map(of).collect()
}

fn is_part_of_a_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_')
}

/// What is wrong with the citations of a file.
fn dead_ends(file: &str, text: &str, headings: &Headings) -> Vec<String> {
    let own = PAGES.into_iter().find(|page| file == format!("docs/{page}.md"));
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let mut judge = |page: &str, anchor: Option<&str>| {
            let is_there = match anchor {
                Some(anchor) => headings[page].iter().any(|known| known == anchor),
                // A page as a whole may be cited for readers, but not by a comment.
                None => file.ends_with(".md"),
            };
            if !is_there {
                found.push(match anchor {
                    Some(anchor) => format!("{file}:{number}: {page}.md has no heading {anchor}"),
                    None => format!("{file}:{number}: {page}.md is cited without a heading"),
                });
            }
        };
        let anchor_of = |text: &str| {
            text.strip_prefix('#').map(|rest| {
                let end = rest.find(|c| !is_part_of_a_word(c)).unwrap_or(rest.len());
                rest[..end].to_owned()
            })
        };
        for page in PAGES {
            let name = format!("{page}.md");
            for (at, _) in line.match_indices(&name) {
                if !line[..at].ends_with(is_part_of_a_word) {
                    judge(page, anchor_of(&line[at + name.len()..]).as_deref());
                }
            }
        }
        if let Some(page) = own {
            for (at, _) in line.match_indices("](#") {
                judge(page, anchor_of(&line[at + 2..]).as_deref());
            }
        }
    }
    found
}

/// The lines that cite a text outside the project.
fn old_names(file: &str, text: &str) -> Vec<String> {
    let is_old = |word: &str| {
        word.chars().all(|c| c.is_ascii_uppercase())
            && NOT_HERE.contains(&word.to_ascii_lowercase().as_str())
    };
    let has_old = |line: &str| line.split(|c| !is_part_of_a_word(c)).any(is_old);
    let lines = (1..).zip(text.lines()).filter(|(_, line)| has_old(line));
    lines.map(|(number, line)| format!("{file}:{number}: {}", line.trim())).collect()
}

fn all_texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    texts(root(), &mut found);
    assert!(found.len() > 500, "{} files are read", found.len());
    found
}

#[test]
fn every_citation_points_to_a_heading() {
    let headings = headings();
    let all = all_texts();
    let found: Vec<_> =
        all.iter().flat_map(|(file, text)| dead_ends(file, text, &headings)).collect();
    assert!(found.is_empty(), "cite a heading of docs/, or add one:\n{}", found.join("\n"));
}

#[test]
fn nobody_cites_a_text_that_is_not_in_the_project() {
    let all = all_texts();
    let found: Vec<_> = all.iter().flat_map(|(file, text)| old_names(file, text)).collect();
    assert!(found.is_empty(), "cite a page of docs/ by its heading:\n{}", found.join("\n"));
}

#[test]
fn no_two_headings_of_a_page_are_the_same_anchor() {
    for (page, mut known) in headings() {
        let all = known.len();
        known.sort();
        known.dedup();
        assert_eq!(known.len(), all, "docs/{page}.md has a heading twice");
    }
}

#[test]
fn a_citation_of_no_heading_is_found_and_so_is_an_old_name() {
    let headings: Headings =
        PAGES.into_iter().map(|page| (page, headings_of("# A\n## B (c)"))).collect();
    let found = |file: &str, text: &str| {
        // Written so that this file itself cites nothing of the kind.
        let page = |text: &str| text.replace("PAGE", &format!("{}.md", PAGES[1]));
        dead_ends(&page(file), &page(text), &headings).len()
    };
    assert_eq!(found("a.rs", "// (PAGE#a), docs/PAGE#b-c."), 0);
    assert_eq!(found("a.rs", "// (PAGE#b), PAGE#b-c-d"), 2);
    assert_eq!(found("a.rs", "// see docs/PAGE"), 1, "a comment names the heading");
    assert_eq!(found("a.md", "[here](docs/PAGE), rePAGE"), 0);
    assert_eq!(found("docs/PAGE", "[here](#b-c) and [there](#d)"), 1);
    let old = NOT_HERE[0].to_uppercase();
    let text = format!("as {old} 2 says\nclinical\n{old}S\n({old})");
    assert_eq!(old_names("a.rs", &text).len(), 2);
}
