use std::fmt;

use serde::Serialize;

/// One thing that is wrong, where, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file, or the environment variable, that holds it.
    pub file: String,
    /// Line in the file, from 1.
    pub line: Option<usize>,
    /// The key as written in a file, such as `[server] listen`; `None` for the file itself.
    pub key: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        f.write_str(": ")?;
        if let Some(key) = &self.key {
            write!(f, "{key} ")?;
        }
        write!(f, "{}: {}", self.what, self.remedy)
    }
}

/// Everything that is wrong; never empty. Displayed with one problem on each line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `None` when nothing is wrong. Problems of a file come in the order of its lines.
    pub(super) fn of(mut problems: Vec<Problem>) -> Option<Self> {
        problems.sort_by(|a, b| (a.line.is_none(), &a.line).cmp(&(b.line.is_none(), &b.line)));
        (!problems.is_empty()).then_some(Self(problems))
    }

    pub(super) fn one(problem: Problem) -> Self {
        Self(vec![problem])
    }

    /// Each problem.
    #[must_use]
    pub fn as_slice(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// What is wrong with a value, before its place is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {remedy}")]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

impl Fault {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }

    /// The problem with the file or variable and, where they exist, its line and key.
    pub(super) fn at(self, (file, line): (&str, Option<usize>), key: Option<String>) -> Problem {
        Problem { file: file.to_owned(), line, key, what: self.what, remedy: self.remedy }
    }
}

/// A value as a message repeats it: in quotes, escaped, and short enough for a line.
pub(super) fn quoted(value: &str) -> String {
    const LONGEST: usize = 64;
    if value.chars().count() <= LONGEST {
        format!("{value:?}")
    } else {
        let start: String = value.chars().take(LONGEST).collect();
        format!("{start:?}…")
    }
}
