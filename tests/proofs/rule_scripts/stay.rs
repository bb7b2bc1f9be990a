//! Everything, in the parts of a stay that recordings seldom show.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        KETAMINE,
        "a cuff that stays inflated",
        "open; baseline 118/74 75 97; start; 5 spo2=97 pulse=75; measuring; 200 spo2=97",
    ),
    (
        KETAMINE,
        "no session",
        "20 spo2=97 hr=75 rr=14 temp=37
        40 spo2=84; 60 spo2=97
        70 hr=38; 90 hr=75; 70 hr=131; 60 hr=75
        40 rr=7; 60 rr=14; 40 rr=31; 60 rr=14; 40 temp=38.5; 40 temp=37
        nibp 80/50; 60; nibp 120/80; nibp 204/100; 60; nibp 120/80
        link conflict; 5; profile; 5",
    ),
    (
        KETAMINE,
        "before the start",
        "open; 20 spo2=97 hr=75 rr=14 temp=37
        40 spo2=84; 60 spo2=97; 70 hr=38; 90 hr=75; 40 rr=7; 60 rr=14; 40 temp=38.5; 40 temp=37
        nibp 80/50; 60; nibp 120/80
        symptom vomiting; 5; symptom vomiting over; score moaa_s 2; 5; score moaa_s 5
        score distress 8; 5; score distress 0
        failed; 30; failed; 5; nibp 120/80
        refused 6; 70; clock 20; 70; clock 0; 5",
    ),
    (
        KETAMINE,
        "before the start, nothing to measure",
        "open; nibp 120/80; 20 spo2=97 hr=75
        200 spo2=off; 5 spo2=97; 200 spo2=searching; 5 spo2=97
        200 hr=off; 5 hr=75; 200 hr=searching; 5 hr=75
        200 spo2=?97 hr=?75; 5 spo2=97 hr=75
        wait 80; 20
        watched no; 80; watched yes; 5
        5; wait 3; 12; wait 3; 12; wait 3; 12; wait 3; 12; wait 3; 12; wait 3; 12
        link conflict; 5; link unbound; wait 600",
    ),
    (KETAMINE, "no session, a high diastolic", "20 spo2=97 hr=75; nibp 140/122; 60"),
    (
        KETAMINE,
        "before the start, one device of two beds",
        "open; 5 spo2=97 hr=75; link conflict; limits hr_high - 135; 5",
    ),
];
