//! Which file of a crate imports which, read from its text.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::tokens::{Token, tokens};

/// A module, by its path below the crate: `adapters::hl7::ack`.
pub(super) type Module = String;

/// The modules of a crate that are no tests, and what they import of one another.
pub(super) struct Source {
    /// Each file, also those of tests.
    pub(super) files: Vec<PathBuf>,
    /// The code of each module, without comments, texts and tests.
    pub(super) code: BTreeMap<Module, Vec<Token>>,
    /// For each module those that it imports.
    pub(super) imports: BTreeMap<Module, BTreeSet<Module>>,
}

impl Source {
    /// Reads the crate whose files are in this folder of the project.
    pub(super) fn read(folder: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = Vec::new();
        files_below(&root, &mut files);
        let texts =
            files.iter().map(|file| (file, tokens(&std::fs::read_to_string(file).unwrap())));
        let texts: Vec<_> = texts.collect();
        let tests: BTreeSet<PathBuf> =
            texts.iter().flat_map(|(file, tokens)| test_files(file, tokens)).collect();
        let is_test = |file: &Path| file.ancestors().any(|path| tests.contains(path));
        let code: BTreeMap<Module, Vec<Token>> = texts
            .into_iter()
            .filter(|(file, _)| !is_test(file))
            .map(|(file, tokens)| (module_of(&root, file), without_tests(tokens)))
            .collect();
        let of = |(module, tokens): (&Module, &Vec<Token>)| {
            let imported = paths(module, tokens).filter_map(|path| resolve(&path, &code));
            (module.clone(), imported.filter(|other| other != module).collect())
        };
        let imports = code.iter().map(of).collect();
        Self { files, code, imports }
    }

    /// The modules that import one another, however long the way round.
    pub(super) fn circles(&self) -> Vec<BTreeSet<Module>> {
        circles(&self.imports)
    }
}

/// Those of the nodes that can reach one another.
pub(super) fn circles(edges: &BTreeMap<String, BTreeSet<String>>) -> Vec<BTreeSet<String>> {
    let reached = |from: &String| {
        let mut reached = BTreeSet::new();
        let mut next: Vec<&String> = edges.get(from).into_iter().flatten().collect();
        while let Some(node) = next.pop() {
            if reached.insert(node.clone()) {
                next.extend(edges.get(node).into_iter().flatten());
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        edges.keys().map(|node| (node, reached(node))).collect();
    let circle = |node: &&String| {
        let others = reached[*node].iter();
        let back = others.filter(|other| reached.get(other).is_some_and(|it| it.contains(*node)));
        back.cloned().collect::<BTreeSet<_>>()
    };
    let found: BTreeSet<_> = edges.keys().map(|node| circle(&node)).collect();
    found.into_iter().filter(|circle| circle.len() > 1).collect()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
}

/// `src/adapters/hl7/ack.rs` is `adapters::hl7::ack`, `src/adapters/mod.rs` is `adapters`.
fn module_of(root: &Path, file: &Path) -> Module {
    let below = file.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Vec<_> = below.iter().map(|part| part.to_str().unwrap()).collect();
    if matches!(parts.last(), Some(&("mod" | "lib" | "main"))) {
        parts.pop();
    }
    parts.join("::")
}

/// Where the modules of a file are: beside `mod.rs`, `lib.rs`, `main.rs`, below any other.
fn folder_of(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap();
    if stem == "mod" || stem == "lib" || stem == "main" {
        return file.parent().unwrap().to_owned();
    }
    file.with_extension("")
}

/// The files of the modules that this one declares for tests alone: `#[cfg(test)] mod tests;`.
fn test_files(file: &Path, tokens: &[Token]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for start in test_attributes(tokens) {
        let mut at = start;
        // Beside the file, unlike a module without a path.
        let mut named = None;
        while tokens[at].is("#") {
            let end = after_brackets(tokens, at + 1);
            if tokens[at + 2].is("path") {
                let Token::Text(path) = &tokens[at + 4] else { panic!("{file:?}: a path is text") };
                named = Some(file.parent().unwrap().join(path));
            }
            at = end;
        }
        if let [Token::Word(keyword), Token::Word(name), end, ..] = &tokens[at..]
            && keyword == "mod"
            && end.is(";")
        {
            let folder = folder_of(file).join(name);
            found.extend([folder.with_extension("rs"), folder]);
            // All that is beside it in a folder of its own, as `tests/mod.rs` is.
            found.extend(named.map(|path| match path.file_stem() {
                Some(stem) if stem == "mod" => path.parent().unwrap().to_owned(),
                _ => path,
            }));
        }
    }
    found
}

/// Where an attribute begins that leaves something out of the program.
fn test_attributes(tokens: &[Token]) -> impl Iterator<Item = usize> {
    tokens.windows(6).enumerate().filter_map(|(index, six)| {
        let is_cfg = six[0].is("#") && six[1].is("[") && six[2].is("cfg");
        // `cfg(test)` and `cfg(any(test, fuzzing))`.
        let is_test = six[4].is("test") || six[4].is("any") && tokens[index + 6].is("test");
        (is_cfg && is_test).then_some(index)
    })
}

fn after_brackets(tokens: &[Token], open: usize) -> usize {
    let (opens, closes) = match &tokens[open] {
        Token::Mark('{') => ("{", "}"),
        _ => ("[", "]"),
    };
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate().skip(open) {
        depth += usize::from(token.is(opens));
        depth -= usize::from(token.is(closes));
        if depth == 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// Leaves out each item that only tests have.
fn without_tests(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept = Vec::new();
    let mut at = 0;
    for start in test_attributes(&tokens) {
        if start < at {
            continue;
        }
        kept.extend_from_slice(&tokens[at..start]);
        let ends = |token: &Token| token.is(";") || token.is("{");
        let mut end = start;
        while tokens.get(end).is_some_and(|token| !ends(token)) {
            end += 1;
        }
        let is_block = tokens.get(end).is_some_and(|token| token.is("{"));
        let is_import = tokens[start..end].iter().any(|token| token.is("use"));
        at = if is_block { after_brackets(&tokens, end) } else { end + 1 };
        if is_block && is_import {
            // `use a::{b, c};`
            at += 1;
        }
    }
    kept.extend(tokens.into_iter().skip(at));
    kept
}

/// Every path that begins at the crate, here or above, as its parts below the crate.
fn paths(module: &str, tokens: &[Token]) -> impl Iterator<Item = Vec<String>> {
    let own: Vec<String> = module.split("::").map(str::to_owned).collect();
    let found = paths_from(&["crate", "super", "self"], tokens);
    found.into_iter().map(move |path| absolute(&own, &path))
}

/// Every path that begins with one of these words.
pub(super) fn paths_from(words: &[&str], tokens: &[Token]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_path = tokens.get(at + 1).is_some_and(|token| token.is("::"));
        let begins = at == 0 || !tokens[at - 1].is("::");
        // `pub(in crate::http)` imports nothing.
        let is_reach = at > 0 && tokens[at - 1].is("in");
        if is_path && begins && !is_reach && words.iter().any(|word| tokens[at].is(word)) {
            at = tree(tokens, at, &[], &mut found);
        } else {
            at += 1;
        }
    }
    found
}

/// Reads `a::b::{c, d::e}` from here on; gives the place after it.
fn tree(tokens: &[Token], mut at: usize, before: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens.get(at) {
            Some(Token::Word(word)) => {
                path.push(word.clone());
                at += 1;
            }
            Some(token) if token.is("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| !token.is("}")) {
                    at = tree(tokens, at, &path, found);
                    while tokens.get(at).is_some_and(|token| !token.is(",") && !token.is("}")) {
                        at += 1;
                    }
                    at += usize::from(tokens.get(at).is_some_and(|token| token.is(",")));
                }
                return at + 1;
            }
            _ => {
                found.push(path);
                return at + 1;
            }
        }
        if !tokens.get(at).is_some_and(|token| token.is("::")) {
            found.push(path);
            return at;
        }
        at += 1;
    }
}

fn absolute(own: &[String], path: &[String]) -> Vec<String> {
    let mut here = own;
    let mut rest = path;
    match path[0].as_str() {
        "crate" => return path[1..].to_vec(),
        "self" => rest = &path[1..],
        _ => {
            while rest.first().is_some_and(|part| part == "super") {
                here = &here[..here.len().saturating_sub(1)];
                rest = &rest[1..];
            }
        }
    }
    [here, rest].concat()
}

/// The module that a path leads into: `vitals::wire::WireProblem` into `vitals::wire`.
fn resolve(path: &[String], modules: &BTreeMap<Module, Vec<Token>>) -> Option<Module> {
    (1..=path.len()).rev().map(|n| path[..n].join("::")).find(|name| modules.contains_key(name))
}
