//! What staff enter.

use super::{KETAMINE, Script};

pub(super) const SCRIPTS: &[Script] = &[
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
];
