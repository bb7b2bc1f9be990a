//! Heart rate.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "a fallen heart that no longer moves by more than 6",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 60 pulse=70; 1 pulse=64; 130 pulse=70",
    ),
    (
        KETAMINE,
        "a fallen heart that moves by 7",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 60 pulse=70; 1 pulse=63; 130 pulse=70",
    ),
    (
        KETAMINE,
        "a heart that falls beside its low alert",
        "open; baseline 118/74 60 97; start; 65 pulse=50 spo2=97; 20 pulse=80; 8 pulse=45",
    ),
    (
        KETAMINE,
        "a slow heart, recurring, and slower",
        "open; baseline 118/74 60 97; start; 60 pulse=50 spo2=97; 40 pulse=54; 40 pulse=55; 70 pulse=50; 15 pulse=40",
    ),
    (
        KETAMINE,
        "a baseline of 43",
        "open; baseline 118/74 43 97; start; 10 pulse=43 spo2=97; 65 pulse=36; 15 pulse=32",
    ),
    (
        KETAMINE,
        "a baseline of 46",
        "open; baseline 118/74 46 97; start; 10 pulse=46 spo2=97; 15 pulse=34",
    ),
    (
        KETAMINE,
        "own limits of a slow heart",
        "open; baseline 118/74 75 97; start; limits hr_low - 42; 10 pulse=60 spo2=97; 15 pulse=42",
    ),
    (
        KETAMINE,
        "a slow heart across 59 s",
        "open; baseline 118/74 60 97; start; 10 pulse=50 spo2=97; 58 pulse=none; 30 pulse=50",
    ),
    (
        KETAMINE,
        "a slow heart across a gap of 60 s",
        "open; baseline 118/74 60 97; start; 10 pulse=50 spo2=97; 59 pulse=none; 30 pulse=50",
    ),
    (
        KETAMINE,
        "a fast heart, recurring, and faster",
        "open; baseline 118/74 75 97; start; 61 pulse=110 spo2=97; 40 pulse=106; 35 pulse=105; 70 pulse=110; 25 pulse=130",
    ),
    (
        KETAMINE,
        "130 for 20 s",
        "open; baseline 118/74 75 97; start; 10 pulse=75 spo2=97; 25 pulse=130",
    ),
    (KETAMINE, "120 for 300 s", "open; baseline 118/74 75 97; start; 305 pulse=120 spo2=97"),
    (
        KETAMINE,
        "own limits of a fast heart",
        "open; baseline 118/74 75 97; start; limits hr_high - 135; 310 pulse=132 spo2=97",
    ),
    (
        KETAMINE,
        "a fast heart across 59 s",
        "open; baseline 118/74 75 97; start; 10 pulse=110 spo2=97; 58 pulse=none; 30 pulse=110",
    ),
    (
        KETAMINE,
        "a fast heart across a gap of 60 s",
        "open; baseline 118/74 75 97; start; 10 pulse=110 spo2=97; 59 pulse=none; 30 pulse=110",
    ),
    (
        KETAMINE,
        "a heart falling within 60 s",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 57 pulse=80; 10 pulse=75; 40 pulse=95; 5 pulse=65; 40 pulse=95; 5 pulse=65",
    ),
    (
        KETAMINE,
        "a heart falling within 61 s",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 58 pulse=80; 10 pulse=75",
    ),
    (
        KETAMINE,
        "a heart falling after bad signal",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 1 pulse=?100; 10 pulse=70",
    ),
    (
        KETAMINE,
        "a fallen heart is back across 59 s",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 5 pulse=70; 1 pulse=85; 58 pulse=none; 40 pulse=85",
    ),
    (
        KETAMINE,
        "a fallen heart is back across a gap of 60 s",
        "open; baseline 118/74 90 97; start; 10 pulse=100 spo2=97; 5 pulse=70; 1 pulse=85; 59 pulse=none; 40 pulse=85",
    ),
];
