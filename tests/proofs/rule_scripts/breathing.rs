//! Breathing and temperature.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "slow breathing",
        "open; start; 40 rr=10 spo2=97 pulse=75; 31 rr=9; 40 rr=10; 40 rr=11; 31 rr=9; 16 rr=8; 16 rr=7",
    ),
    (
        KETAMINE,
        "own limits of slow breathing",
        "open; start; limits resp_rate_low - 9; 10 rr=14 spo2=97 pulse=75; 20 rr=8",
    ),
    (
        KETAMINE,
        "slow breathing across 59 s",
        "open; start; 6 rr=9 spo2=97 pulse=75; 58 rr=none; 20 rr=9",
    ),
    (
        KETAMINE,
        "slow breathing across a gap of 60 s",
        "open; start; 6 rr=9 spo2=97 pulse=75; 59 rr=none; 20 rr=9",
    ),
    (
        KETAMINE,
        "fast breathing",
        "open; start; 40 rr=24 spo2=97 pulse=75; 31 rr=25; 40 rr=24; 40 rr=23; 31 rr=25; 16 rr=30; 16 rr=31",
    ),
    (
        KETAMINE,
        "own limits of fast breathing",
        "open; start; limits resp_rate_high - 27; 10 rr=14 spo2=97 pulse=75; 20 rr=28",
    ),
    (
        KETAMINE,
        "fast breathing across 59 s",
        "open; start; 6 rr=25 spo2=97 pulse=75; 58 rr=none; 20 rr=25",
    ),
    (
        KETAMINE,
        "fast breathing across a gap of 60 s",
        "open; start; 6 rr=25 spo2=97 pulse=75; 59 rr=none; 20 rr=25",
    ),
    (
        KETAMINE,
        "a thermometer that speaks once",
        "open; start; 5 spo2=97 pulse=75; 1 temp=37.9; 70 temp=none; 1 temp=38; 70 temp=none
        1 temp=37.8; 70 temp=none; 1 temp=37.7; 10 temp=none; 1 temp=38",
    ),
];
