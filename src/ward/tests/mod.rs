//! The ward over a real journal, on times of the test's own.
