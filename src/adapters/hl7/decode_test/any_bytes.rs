use proptest::prelude::*;

use super::*;
use crate::adapters::hl7::{Framed, Framer};

/// Bytes that look like messages often enough to get far.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"\x0bMSH|^~\\&|A^1^EUI-64||||||ORU^R01|7|P|2.6|||AL|AL\r".to_vec()),
        Just(b"MSH|^~\\&|A||||||ADT_A01|7\r".to_vec()),
        Just(b"PID|||1^^^H&1.2&ISO~2\rPV1||I|^^4\rOBR|1|||1||20261005120000\r".to_vec()),
        Just(b"OBX|1|NM|150456^^MDC|1.2|<84 %|%||L~<|||C|||20261005115500\r".to_vec()),
        Just(b"OBX|2|ST|85354-9^^LN||212/124 (150)|kPa|||||W\r".to_vec()),
        Just(b"OBX|3|SN|150021^^MDC||>^212^/^9|\xe2\x84\x83\r".to_vec()),
        Just(b"\x1c\r".to_vec()),
        prop::collection::vec(any::<u8>(), 0..24),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_comes_in_whatever_pieces_is_read_or_refused(bytes in stream(), cut in 1usize..40) {
        let mut framer = Framer::default();
        for piece in bytes.chunks(cut) {
            framer.push(piece);
        }
        framer.idle();
        while let Some(framed) = framer.next() {
            let Framed::Message(message) = framed else { continue };
            let decoded = decode_bytes(&message);
            prop_assert!(decoded.not_understood.len() <= 32);
            for reading in decoded.frame.iter().flat_map(|frame| &frame.readings) {
                let taken_back = reading.revision == Revision::Withdraws;
                let is_number = matches!(reading.observation, Observation::Measured(..));
                prop_assert!(!(taken_back && is_number), "{reading:?}");
            }
            if let Some(outcome) = decoded.outcome {
                let level = decoded.ack.afterwards(outcome);
                let answer = level.map(|level| decoded.ack.frame(level, outcome, Millis(NOON), &TimeZone::UTC, 1));
                prop_assert!(answer.is_none_or(|a| a.starts_with(b"\x0bMSH") && a.ends_with(b"\r\x1c\r")));
            }
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        decode_bytes(&bytes);
    }

    #[test]
    fn any_fields_are_survived(
        fields in prop::collection::vec(
            prop_oneof![
                Just("150021".to_owned()), Just("150456^^MDC".to_owned()),
                Just("20261005120000".to_owned()), Just("\\X".to_owned()),
                Just("\r".to_owned()), Just("\rOBX".to_owned()), Just("\rOBR".to_owned()),
                Just("\rPV1".to_owned()), "[ -~]{0,6}", "\\PC{0,4}",
            ], 0..80),
    ) {
        let text = format!("MSH|^~\\&|A||||||ORU^R01|1|P|2.6\r{}", fields.join("|"));
        let decoded = decode_bytes(text.as_bytes());
        prop_assert_eq!(decoded.kind, Kind::Vitals);
    }
}
