//! High pressure.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "a high pressure, back, again",
        "open; start; 5 spo2=97 pulse=75; nibp 170/80; 30; nibp 156/80; 30; nibp 155/80; 30; nibp 170/80; 30; nibp 120/80",
    ),
    (KETAMINE, "two high pressures", "open; start; 5 spo2=97 pulse=75; nibp 160/80; 30; nibp 160/80"),
    (KETAMINE, "30 above the baseline", "open; baseline 118/74 75 97; start; 5 spo2=97 pulse=75; nibp 148/80; 30; nibp 148/80"),
    (KETAMINE, "30 above a low baseline", "open; baseline 110/70 75 97; start; 5 spo2=97 pulse=75; nibp 145/80; 30; nibp 145/80"),
    (
        KETAMINE,
        "180 twice, and then 200",
        "open; start; 5 spo2=97 pulse=75; nibp 180/80; 30; nibp 180/80; 30; ack a1; nibp 200/80",
    ),
    (KETAMINE, "180, confirmed by 110", "open; start; 5 spo2=97 pulse=75; nibp 184/80; 30; nibp 165/110"),
    (KETAMINE, "180, not confirmed by 109", "open; start; 5 spo2=97 pulse=75; nibp 184/80; 30; nibp 165/109"),
    (KETAMINE, "180, and nothing after it", "open; start; 5 spo2=97 pulse=75; nibp 184/80; 185"),
    (
        KETAMINE,
        "own limits of a high pressure",
        "open; start; limits systolic_high - 190; 5 spo2=97 pulse=75; nibp 185/80; 30; nibp 185/80",
    ),
    (KETAMINE, "200 at once", "open; start; 5 spo2=97 pulse=75; nibp 200/80"),
    (
        KETAMINE,
        "a baseline of 141, overridden",
        "open; baseline 141/80 75 97; override; 5 spo2=97 pulse=75; nibp 160/80; 30; nibp 160/80; 30; nibp 161/80; 30; nibp 161/80",
    ),
    (
        KETAMINE,
        "a baseline of 140.5, overridden",
        "open; baseline 140.5/80 75 97; override; 5 spo2=97 pulse=75; nibp 162/80; 30; nibp 162/80",
    ),
    (
        KETAMINE,
        "a baseline of 145, overridden",
        "open; baseline 145/80 75 97; override; 5 spo2=97 pulse=75; nibp 165/80; 30; nibp 165/80",
    ),
    (
        KETAMINE,
        "a baseline of 158, overridden",
        "open; baseline 158/80 75 97; override; 5 spo2=97 pulse=75; nibp 175/80; 30; nibp 175/80",
    ),
    (
        KETAMINE,
        "a high diastolic, back, again, twice at 110, and then 120",
        "open; start; 5 spo2=97 pulse=75; nibp 140/105; 30; nibp 140/96; 30; nibp 140/95; 30; nibp 140/105; 30
        nibp 140/110; 30; nibp 140/110; 200; ack a1; nibp 140/120; 30; nibp 140/80",
    ),
    (KETAMINE, "two high diastolics", "open; start; 5 spo2=97 pulse=75; nibp 140/100; 30; nibp 140/100; 30; nibp 140/110; 30; nibp 140/110"),
    (
        KETAMINE,
        "20 above the baseline",
        "open; baseline 118/78 75 97; start; 5 spo2=97 pulse=75; nibp 140/98; 30; nibp 140/98; 30; nibp 140/110; 30; nibp 140/110",
    ),
    (KETAMINE, "20 above a low diastolic", "open; baseline 118/70 75 97; start; 5 spo2=97 pulse=75; nibp 140/95; 30; nibp 140/95"),
    (KETAMINE, "110, confirmed by 180", "open; start; 5 spo2=97 pulse=75; nibp 140/112; 30; nibp 180/100"),
    (KETAMINE, "110, not confirmed by 179", "open; start; 5 spo2=97 pulse=75; nibp 140/112; 30; nibp 179/100"),
    (KETAMINE, "110, and nothing after it", "open; start; 5 spo2=97 pulse=75; nibp 140/112; 185"),
    (
        KETAMINE,
        "own limits of a high diastolic",
        "open; start; limits diastolic_high - 115; 5 spo2=97 pulse=75; nibp 140/112; 30; nibp 140/112",
    ),
    (KETAMINE, "120 at once", "open; start; 5 spo2=97 pulse=75; nibp 140/120"),
    (
        KETAMINE,
        "a diastolic baseline of 90, overridden",
        "open; baseline 145/90 75 97; override; 5 spo2=97 pulse=75; nibp 140/100; 30; nibp 140/100",
    ),
    (
        KETAMINE,
        "a diastolic baseline of 91, overridden",
        "open; baseline 130/91 75 97; override; 5 spo2=97 pulse=75; nibp 140/103; 30; nibp 140/103",
    ),
    (
        KETAMINE,
        "a diastolic baseline of 100, overridden",
        "open; baseline 130/100 75 97; override; 5 spo2=97 pulse=75; nibp 140/108; 30; nibp 140/108",
    ),
];
