use std::collections::BTreeSet;

/// The most different problems of one connection that are logged.
const MAX_PROBLEMS: usize = 32;

/// The problems of one connection, each logged only once, as a talkative sender would fill the log.
#[derive(Default)]
pub(super) struct ProblemLog {
    pub(super) unreadable: u64,
    logged: BTreeSet<String>,
}

impl ProblemLog {
    /// The problems that were not logged yet, while there are not too many.
    pub(super) fn news(&mut self, problems: Vec<String>) -> Vec<String> {
        let room = MAX_PROBLEMS.saturating_sub(self.logged.len());
        let is_new = |problem: &String| !self.logged.contains(problem);
        let new: Vec<String> = problems.into_iter().filter(is_new).take(room).collect();
        self.logged.extend(new.iter().cloned());
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_one_connection_a_bounded_number_of_different_problems_is_logged() {
        let mut log = ProblemLog::default();
        let problem = |n: usize| format!("problem {n}");
        for n in 0..MAX_PROBLEMS {
            assert_eq!(log.news(vec![problem(n)]), [problem(n)]);
            assert!(log.news(vec![problem(n), problem(0)]).is_empty(), "each once");
        }
        assert!(log.news(vec![problem(MAX_PROBLEMS)]).is_empty());
    }
}
