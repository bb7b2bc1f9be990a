//! Low pressure.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "one low pressure, back, again, and lower",
        "open; baseline 118/74 75 97; start; 5 spo2=97 pulse=75
        nibp 90/60; 30; nibp 89/60; 30; nibp 99/60; 30; nibp 100/60; 30; nibp 89/60; 30
        nibp 85/50; 30; nibp 85/50; 30; nibp 84/50; 30; nibp 84/50",
    ),
    (
        KETAMINE,
        "two low pressures",
        "open; start; 5 spo2=97 pulse=75; nibp 95/60; 30; nibp 95/60; 30; nibp 94/60; 30; nibp 94/60; 30
        nibp 84/50; 30; nibp 84/50",
    ),
    (
        KETAMINE,
        "two pressures a quarter below the baseline",
        "open; baseline 140/80 75 97; start; 5 spo2=97 pulse=75; nibp 105/60; 30; nibp 105/60; 30
        nibp 84/50; 30; nibp 84/50",
    ),
    (
        KETAMINE,
        "a low pressure with nothing after it",
        "open; baseline 118/74 75 97; start; 5 spo2=97 pulse=75; nibp 84/60; 200",
    ),
    (
        KETAMINE,
        "own limits of a low pressure",
        "open; baseline 118/74 75 97; start; limits systolic_low - 88; 5 spo2=97 pulse=75; nibp 87/60; 30; nibp 87/60",
    ),
    (
        KETAMINE,
        "a low pressure beside a slow heart",
        "open; baseline 118/74 55 97; start; 70 spo2=97 pulse=46; nibp 85/60; 30; nibp 84/60",
    ),
    (
        KETAMINE,
        "a low pressure beside a falling heart",
        "open; baseline 118/74 90 97; start; 10 spo2=97 pulse=100; 5 pulse=70; nibp 84/60; 5",
    ),
    (
        KETAMINE,
        "a slow heart beside a low pressure",
        "open; baseline 118/74 55 97; start; 5 spo2=97 pulse=55; nibp 84/60; 30; nibp 84/60; ack a1; 70 pulse=46",
    ),
];
