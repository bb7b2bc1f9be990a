use std::rc::Rc;

/// Where something was written.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file or the environment variable.
    pub(super) file: Rc<str>,
    /// Line in the file, from 1; `None` in a variable.
    pub(super) line: Option<usize>,
}

/// Turns offsets into places.
pub(super) struct Places {
    file: Rc<str>,
    /// Offset of each line's first byte; `None` where lines mean nothing.
    line_starts: Option<Vec<usize>>,
}

impl Places {
    pub(super) fn of_file(file: &str, text: &str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(offset, _)| offset + 1);
        let line_starts = Some(std::iter::once(0).chain(after_newlines).collect());
        Self { file: file.into(), line_starts }
    }

    pub(super) fn of_variable(name: &str) -> Self {
        Self { file: name.into(), line_starts: None }
    }

    pub(super) fn at(&self, offset: usize) -> Place {
        let line = |starts: &Vec<usize>| starts.partition_point(|start| *start <= offset);
        Place { file: Rc::clone(&self.file), line: self.line_starts.as_ref().map(line) }
    }
}
