//! Saturation.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "saturation at 92, recurs, at 89, at 85",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75
        30 spo2=92; 40 spo2=93; 30 spo2=92; 20 spo2=89; ack a1; 10 spo2=85",
    ),
    (
        KETAMINE,
        "saturation at 89",
        "open; baseline 118/74 75 97; start; 10 spo2=92 pulse=75; 1 spo2=90; 20 spo2=89",
    ),
    (
        KETAMINE,
        "a baseline of 93",
        "open; baseline 118/74 75 93; start; 10 spo2=93 pulse=75; 1 spo2=90; 20 spo2=88",
    ),
    (
        KETAMINE,
        "a baseline of 92",
        "open; baseline 118/74 75 92; start; 10 spo2=92 pulse=75; 1 spo2=89; 14 spo2=86",
    ),
    (
        KETAMINE,
        "a baseline of 89",
        "open; baseline 118/74 75 89; start; 10 spo2=89 pulse=75; 5 spo2=84",
    ),
    (
        KETAMINE,
        "no sample counts for more than 8",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 3 spo2=80; 10 spo2=87",
    ),
    (
        KETAMINE,
        "an area of 30",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75
        9 spo2=89; 1 spo2=90; 9 spo2=89; 1 spo2=90; 9 spo2=89; 1 spo2=90; 9 spo2=89",
    ),
    (
        KETAMINE,
        "an area within 60 s",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 3 spo2=80; 55 spo2=97; 4 spo2=87",
    ),
    (
        KETAMINE,
        "an area within 61 s",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 3 spo2=80; 56 spo2=97; 4 spo2=87",
    ),
    (
        KETAMINE,
        "an area after bad signal",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 1 spo2=?97; 2 spo2=90; 20 spo2=86",
    ),
    (
        KETAMINE,
        "a low saturation across 9 s",
        "open; baseline 118/74 75 97; start; 15 spo2=92 pulse=75; wait 8; 30",
    ),
    (
        KETAMINE,
        "a low saturation across a gap of 10 s",
        "open; baseline 118/74 75 97; start; 15 spo2=92 pulse=75; wait 9; 20",
    ),
    (
        KETAMINE,
        "falling within 20 s",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 17 spo2=95; 5 spo2=92",
    ),
    (
        KETAMINE,
        "falling within 21 s",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 18 spo2=95; 5 spo2=92",
    ),
    (
        KETAMINE,
        "falling across 9 s, not across a gap of 10 s, recurring",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; wait 8; 5 spo2=92; 60 spo2=97
        wait 9; 5 spo2=92; 60 spo2=97; 5 spo2=92; 60 spo2=97; 5 spo2=92",
    ),
    (
        KETAMINE,
        "falling, at once after bad signal",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 2 spo2=92; hz 2; 1 spo2=?92; 4 spo2=92",
    ),
    (
        KETAMINE,
        "a fallen saturation that no longer moves by more than 2",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 60 spo2=92; 1 spo2=90; 130 spo2=92",
    ),
    (
        KETAMINE,
        "a fallen saturation that moves by 3",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75; 60 spo2=92; 1 spo2=89; 130 spo2=92",
    ),
];
