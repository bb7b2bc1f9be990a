//! What is about the measuring.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "a monitor lost in recovery",
        "open; start; 20 spo2=97 pulse=75; stop; 5; wait 70; 5; wait 20; 5",
    ),
    (
        KETAMINE,
        "a room that nobody watches, and again",
        "open; start; 5 spo2=97 pulse=75; watched no; 70; watched yes; 5; ack a1; watched no; 20; watched yes; 60; watched no; 20",
    ),
    (
        KETAMINE,
        "one device, two beds",
        "open; start; 5 spo2=97 pulse=75; link conflict; 5; pause; 5",
    ),
    (
        KETAMINE,
        "saturation that is searched for",
        "open; start; 20 spo2=97 pulse=75; 100 spo2=searching; 5 spo2=97; stop; 70 spo2=off",
    ),
    (
        KETAMINE,
        "a heart rate that is not there",
        "open; start; 20 spo2=97 hr=75; 65 hr=off; 5 hr=75; ack a1; 100 hr=searching; 5 hr=75; wait 60; 5",
    ),
    (
        KETAMINE,
        "a saturation not trusted",
        "open; start; 20 spo2=97 pulse=75; 190 spo2=?97; 5 spo2=97",
    ),
    (
        KETAMINE,
        "a heart rate not trusted",
        "open; start; 20 spo2=97 pulse=75; 35 pulse=?75; 5 pulse=75",
    ),
    (
        KETAMINE,
        "another monitor beside one that is lost",
        "open; start; 20 rr=14; other; 20 rr=none spo2=97 pulse=75; 40 spo2=?97
        5 spo2=97; wait 3; 10; wait 3; 10; wait 3; 10; wait 3; 10; wait 3; 10; wait 3; 10",
    ),
    (
        KETAMINE,
        "a saturation not trusted of a monitor whose link goes too, beside one that is lost",
        "open; start; 20 rr=14; other; 20 rr=none spo2=97 pulse=75; 25 spo2=?97; link down; wait 8",
    ),
    (
        KETAMINE,
        "a link that was unstable",
        "open; start; 20 spo2=97 pulse=75; wait 3; 12; wait 3; 12; wait 3; 12; wait 3; 12; wait 3; 310",
    ),
    (KETAMINE, "a cuff that failed before", "20 spo2=97 pulse=75; failed; 30; failed; open; 5"),
    (KETAMINE, "no pressure before the start", "open; 1100 spo2=97 pulse=75"),
    (
        KETAMINE,
        "no pressure in recovery",
        "open; start; nibp 120/80; 5 spo2=97 pulse=75; stop; 1300",
    ),
    (KETAMINE, "a clock 5 s ahead", "open; start; clock 5; 80 spo2=97 pulse=75"),
    (KETAMINE, "a clock 6 s ahead", "open; start; clock 6; 80 spo2=97 pulse=75"),
];
