//! Signs of a reaction.

use super::{INFLIXIMAB, Script};

pub(super) const SCRIPTS: &[Script] = &[
    (
        INFLIXIMAB,
        "a pressure 30 below the baseline, back, again",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 101/60; 30; nibp 100/60; 30
        nibp 104/60; 30; nibp 105/60; 30; nibp 100/60; 30; nibp 130/80; 310; nibp 100/60",
    ),
    (
        INFLIXIMAB,
        "a pressure below 90",
        "open; baseline 110/70 75 97 37; start; 5 spo2=97 pulse=75; nibp 90/60; 30; nibp 89/60; 30; nibp 94/60; 30; nibp 95/60",
    ),
    (
        INFLIXIMAB,
        "a heart 25 above the baseline, back",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 130/80; 70 pulse=100; 35 pulse=96; 35 pulse=95",
    ),
    (
        INFLIXIMAB,
        "a saturation 3 below the baseline, back",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 130/80; 70 spo2=94; 35 spo2=95",
    ),
    (
        INFLIXIMAB,
        "over while the saturation is not quite back",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 100/60; 40 spo2=94; nibp 130/80; 10; 35 spo2=95",
    ),
    (
        INFLIXIMAB,
        "over while the heart rate is 60 s old",
        "open; baseline 130/80 75 97 37; start; 40 spo2=97 pulse=75; nibp 100/60; 1; 59 pulse=none; nibp 130/80; 10",
    ),
    (
        INFLIXIMAB,
        "not over while the heart rate is 61 s old",
        "open; baseline 130/80 75 97 37; start; 40 spo2=97 pulse=75; nibp 100/60; 1; 60 pulse=none; nibp 130/80; 10",
    ),
    (
        INFLIXIMAB,
        "over while the saturation is 10 s old",
        "open; baseline 130/80 75 97 37; start; 40 spo2=97 hr=75; nibp 100/60; 1; 9 spo2=none; nibp 130/80",
    ),
    (
        INFLIXIMAB,
        "not over while the saturation is 11 s old",
        "open; baseline 130/80 75 97 37; start; 40 spo2=97 hr=75; nibp 100/60; 1; 10 spo2=none; nibp 130/80",
    ),
    (
        INFLIXIMAB,
        "a temperature 1 above the baseline, back",
        "open; baseline 130/80 75 97 37; start; 40 spo2=97 pulse=75; nibp 130/80; manual 37.9; 5; manual 38; 5; manual 37.8; 5; manual 37.7; 5",
    ),
    (
        INFLIXIMAB,
        "over while the temperature is 600 s old",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 100/60; 1; manual 37; 600; nibp 130/80; 5",
    ),
    (
        INFLIXIMAB,
        "not over while the temperature is 601 s old",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 100/60; 1; manual 37; 601; nibp 130/80",
    ),
    (
        INFLIXIMAB,
        "every symptom of the airway",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 130/80; symptom breathlessness; 5; symptom breathlessness over; 5
        ack a1; ack a2; 5; symptom wheeze; 5; symptom wheeze over; 5; ack a3; 5
        symptom throat_tightness; 5; symptom throat_tightness over; 5; ack a4; 5
        symptom swelling; 5; symptom swelling over; 5; ack a5",
    ),
    (
        INFLIXIMAB,
        "one sign and another",
        "open; baseline 130/80 75 97 37; start; 5 spo2=97 pulse=75; nibp 100/60; 5; manual 38.2; 5",
    ),
];
