//! Where something was written.

/// Turns offsets into places. Each variable has an offset after those of the file.
pub(super) struct Places<'t> {
    file: &'t str,
    /// Offset of each line's first byte.
    line_starts: Vec<usize>,
    variables: &'t [(String, String)],
    first_variable: usize,
}

impl<'t> Places<'t> {
    pub(super) fn new(file: &'t str, text: &str, variables: &'t [(String, String)]) -> Self {
        let after_newlines = text.match_indices('\n').map(|(offset, _)| offset + 1);
        let line_starts = std::iter::once(0).chain(after_newlines).collect();
        Self { file, line_starts, variables, first_variable: text.len() + 1 }
    }

    /// Each variable's offset, name and value.
    pub(super) fn variables(&self) -> impl Iterator<Item = (usize, &'t str, &'t str)> + use<'t> {
        let numbered = (self.first_variable..).zip(self.variables);
        numbered.map(|(offset, (name, value))| (offset, name.as_str(), value.as_str()))
    }

    /// The file and the line in it, from 1; or the variable.
    pub(super) fn at(&self, offset: usize) -> (&'t str, Option<usize>) {
        let index = offset.checked_sub(self.first_variable);
        match index.and_then(|index| self.variables.get(index)) {
            Some((name, _)) => (name, None),
            None => (self.file, Some(self.line_starts.partition_point(|start| *start <= offset))),
        }
    }
}
