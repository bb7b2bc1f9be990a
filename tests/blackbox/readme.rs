//! What the README tells a newcomer to type works, in the order in which it is told.

use std::path::Path;
use std::process::Command;

use crate::app::BIN;

const README: &str = include_str!("../../README.md");

/// The lines of the first block of commands below this heading.
fn commands_below(heading: &str) -> impl Iterator<Item = &'static str> {
    let (_, below) = README.split_once(heading).unwrap();
    let (_, block) = below.split_once("```sh\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    block.lines().filter(|line| line.starts_with("dripwatch "))
}

#[test]
fn the_readmes_commands_for_profiles_work_in_the_order_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = std::env::join_paths([Path::new(BIN).parent().unwrap()]).unwrap();
    let commands: Vec<&str> = commands_below("## Profiles").collect();
    assert!(commands.len() >= 6, "{commands:?}");
    for line in commands {
        let done = Command::new("/bin/sh")
            .args(["-c", line])
            .env("PATH", &path)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(done.status.success(), "{line}: {}", String::from_utf8_lossy(&done.stderr));
    }
}
