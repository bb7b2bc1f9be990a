//! Short scripts that reach what no example recording reaches: each value is at a limit, or
//! just beside it, and each time just long enough.

/// The profile, the name, and the steps of each.
pub(crate) const SCRIPTS: &[(&str, &str, &str)] = &[
    // Everything, in the parts of a stay that recordings seldom show.
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
    (KETAMINE, "before the start, one device of two beds", "open; 5 spo2=97 hr=75; link conflict; limits hr_high - 135; 5"),
    // Saturation.
    (
        KETAMINE,
        "saturation at 92, recurs, at 89, at 85",
        "open; baseline 118/74 75 97; start; 10 spo2=97 pulse=75
        30 spo2=92; 40 spo2=93; 30 spo2=92; 20 spo2=89; ack a1; 10 spo2=85",
    ),
    (KETAMINE, "saturation at 89", "open; baseline 118/74 75 97; start; 10 spo2=92 pulse=75; 1 spo2=90; 20 spo2=89"),
    (KETAMINE, "a baseline of 93", "open; baseline 118/74 75 93; start; 10 spo2=93 pulse=75; 1 spo2=90; 20 spo2=88"),
    (KETAMINE, "a baseline of 92", "open; baseline 118/74 75 92; start; 10 spo2=92 pulse=75; 1 spo2=89; 14 spo2=86"),
    (KETAMINE, "a baseline of 89", "open; baseline 118/74 75 89; start; 10 spo2=89 pulse=75; 5 spo2=84"),
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
    // Heart rate.
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
    (KETAMINE, "a baseline of 43", "open; baseline 118/74 43 97; start; 10 pulse=43 spo2=97; 65 pulse=36; 15 pulse=32"),
    (KETAMINE, "a baseline of 46", "open; baseline 118/74 46 97; start; 10 pulse=46 spo2=97; 15 pulse=34"),
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
    (KETAMINE, "130 for 20 s", "open; baseline 118/74 75 97; start; 10 pulse=75 spo2=97; 25 pulse=130"),
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
    // Low pressure.
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
    // Breathing and temperature.
    (
        KETAMINE,
        "slow breathing",
        "open; start; 40 rr=10 spo2=97 pulse=75; 31 rr=9; 40 rr=10; 40 rr=11; 31 rr=9; 16 rr=8; 16 rr=7",
    ),
    (KETAMINE, "own limits of slow breathing", "open; start; limits resp_rate_low - 9; 10 rr=14 spo2=97 pulse=75; 20 rr=8"),
    (KETAMINE, "slow breathing across 59 s", "open; start; 6 rr=9 spo2=97 pulse=75; 58 rr=none; 20 rr=9"),
    (KETAMINE, "slow breathing across a gap of 60 s", "open; start; 6 rr=9 spo2=97 pulse=75; 59 rr=none; 20 rr=9"),
    (
        KETAMINE,
        "fast breathing",
        "open; start; 40 rr=24 spo2=97 pulse=75; 31 rr=25; 40 rr=24; 40 rr=23; 31 rr=25; 16 rr=30; 16 rr=31",
    ),
    (KETAMINE, "own limits of fast breathing", "open; start; limits resp_rate_high - 27; 10 rr=14 spo2=97 pulse=75; 20 rr=28"),
    (KETAMINE, "fast breathing across 59 s", "open; start; 6 rr=25 spo2=97 pulse=75; 58 rr=none; 20 rr=25"),
    (KETAMINE, "fast breathing across a gap of 60 s", "open; start; 6 rr=25 spo2=97 pulse=75; 59 rr=none; 20 rr=25"),
    (
        KETAMINE,
        "a thermometer that speaks once",
        "open; start; 5 spo2=97 pulse=75; 1 temp=37.9; 70 temp=none; 1 temp=38; 70 temp=none
        1 temp=37.8; 70 temp=none; 1 temp=37.7; 10 temp=none; 1 temp=38",
    ),
    // What staff enter.
    (
        KETAMINE,
        "every symptom",
        "open; start; 5 spo2=97 pulse=75; symptom vomiting; 5; symptom vomiting over; 5; symptom vomiting; 5
        symptom chest_pain; 5; symptom vomiting over; symptom chest_pain over; ack a1; 400
        symptom severe_anxiety; 5; symptom severe_anxiety over; 400
        symptom breathlessness; 5; symptom breathlessness over; ack a3; 5
        symptom severe_headache; 5; symptom severe_headache over; ack a4; 5
        symptom vision_loss; 5; symptom vision_loss over; ack a5; 5
        symptom seizure; 5; symptom seizure over; ack a6; 5
        symptom fainting; 5; symptom fainting over; ack a7; 5
        symptom unresponsive; 5; symptom unresponsive over; ack a8; 5
        symptom wheeze; 5; symptom wheeze over; ack a9; 5
        symptom throat_tightness; 5; symptom throat_tightness over; ack a10; 5
        symptom swelling; 5; symptom swelling over; ack a11; 5",
    ),
    (
        KETAMINE,
        "scores",
        "open; start; 5 spo2=97 pulse=75; score moaa_s 4; 5; score moaa_s 3; 5; score moaa_s 4; 5; score moaa_s 3; 5
        score moaa_s 2; 5; score moaa_s 5
        score distress 6; 5; score distress 7; 5; score distress 6; 5; score distress 7; 5; symptom unsafe_behaviour; 5",
    ),
    // High pressure.
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
    // What is about the measuring.
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
    (KETAMINE, "one device, two beds", "open; start; 5 spo2=97 pulse=75; link conflict; 5; pause; 5"),
    (KETAMINE, "saturation that is searched for", "open; start; 20 spo2=97 pulse=75; 100 spo2=searching; 5 spo2=97; stop; 70 spo2=off"),
    (
        KETAMINE,
        "a heart rate that is not there",
        "open; start; 20 spo2=97 hr=75; 65 hr=off; 5 hr=75; ack a1; 100 hr=searching; 5 hr=75; wait 60; 5",
    ),
    (KETAMINE, "a saturation not trusted", "open; start; 20 spo2=97 pulse=75; 190 spo2=?97; 5 spo2=97"),
    (KETAMINE, "a heart rate not trusted", "open; start; 20 spo2=97 pulse=75; 35 pulse=?75; 5 pulse=75"),
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
    (KETAMINE, "no pressure in recovery", "open; start; nibp 120/80; 5 spo2=97 pulse=75; stop; 1300"),
    (KETAMINE, "a clock 5 s ahead", "open; start; clock 5; 80 spo2=97 pulse=75"),
    (KETAMINE, "a clock 6 s ahead", "open; start; clock 6; 80 spo2=97 pulse=75"),
    // Signs of a reaction.
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

const KETAMINE: &str = "ketamine-iv-adult";
const INFLIXIMAB: &str = "infliximab";
