use super::*;
use proptest::prelude::*;

fn drain(framer: &mut Framer) -> Vec<String> {
    let mut messages = Vec::new();
    while let Some(framed) = framer.next() {
        messages.push(match framed {
            Framed::Message(message) => String::from_utf8_lossy(&message).into_owned(),
            Framed::TooLong(header) => format!("too long: {}", String::from_utf8_lossy(&header)),
        });
    }
    messages
}

/// What is complete without waiting for silence.
fn messages(bytes: &str) -> Vec<String> {
    let mut framer = Framer::default();
    framer.push(bytes.as_bytes());
    drain(&mut framer)
}

/// The same, after the sender has fallen silent.
fn messages_after_silence(bytes: &str) -> Vec<String> {
    let mut framer = Framer::default();
    framer.push(bytes.as_bytes());
    framer.idle();
    drain(&mut framer)
}

#[test]
fn frames_are_unwrapped_however_many_come_at_once() {
    let found = messages("\x0bMSH|a\r\x1c\r\x0bMSH|b\n\x1c\r\n\x0bMSH|c\x1c\r");
    assert_eq!(found, ["MSH|a\r", "MSH|b\n", "MSH|c"]);
}

#[test]
fn a_frame_may_come_byte_by_byte() {
    let mut framer = Framer::default();
    for byte in b"\x0bMSH|a\rOBX|\r\x1c\r" {
        assert_eq!(framer.next(), None);
        framer.push(&[*byte]);
    }
    assert_eq!(drain(&mut framer), ["MSH|a\rOBX|\r"]);
}

#[test]
fn marks_may_be_missing() {
    let without_start = messages("MSH|a\r\x1c\rMSH|b\r\x1c\r");
    assert_eq!(without_start, ["MSH|a\r", "MSH|b\r"]);
    let without_final_cr = messages_after_silence("\x0bMSH|a\r\x1c\x0bMSH|b\r\x1c");
    assert_eq!(without_final_cr, ["MSH|a\r", "MSH|b\r"]);
    let without_end = messages("\x0bMSH|a\r\x0bMSH|b\r\x1c\r");
    assert_eq!(without_end, ["MSH|a\r", "MSH|b\r"]);
}

#[test]
fn garbage_before_a_frame_is_skipped_and_counted() {
    let mut framer = Framer::default();
    framer.push(b"hello MSH|no\r\n\x0bMSH|a\r\x1c\r");
    assert_eq!(drain(&mut framer), ["MSH|a\r"]);
    assert_eq!(framer.skipped_bytes(), 12);
}

#[test]
fn a_torn_frame_is_dropped_and_the_next_is_read() {
    let mut framer = Framer::default();
    framer.push(b"\x0bMSH|a\rOBX|1|NM|12\x0bMSH|b\r\x1c\r");
    assert_eq!(drain(&mut framer), ["MSH|b\r"]);
    assert!(framer.skipped_bytes() > 0);
}

#[test]
fn bare_messages_end_at_the_next_header_or_by_silence() {
    let mut framer = Framer::default();
    framer.push(b"MSH|a\r\nOBX|x\r\n MSH|b\r\nOBX|y|MSH|\r\n");
    assert_eq!(drain(&mut framer), ["MSH|a\r\nOBX|x\r\n "]);
    assert!(framer.awaits_silence());
    framer.idle();
    assert_eq!(drain(&mut framer), ["MSH|b\r\nOBX|y|MSH|\r\n"]);
    assert!(!framer.awaits_silence());
}

#[test]
fn silence_does_not_end_a_frame() {
    let mut framer = Framer::default();
    framer.push(b"\x0bMSH|a\r");
    framer.idle();
    assert_eq!(framer.next(), None);
    framer.push(b"OBX|\r\x1c\r");
    assert_eq!(drain(&mut framer), ["MSH|a\rOBX|\r"]);
}

#[test]
fn half_a_row_is_cut_off_by_silence_and_its_rest_is_no_message() {
    let mut framer = Framer::default();
    framer.push(b"MSH|a\rOBX|1|NM|150021||12");
    framer.idle();
    framer.push(b"0|mmHg\rMSH|b\r\x1c\r");
    assert_eq!(drain(&mut framer), ["MSH|a\r", "MSH|b\r"]);
    framer.push(b"MSH|c\rOBX|1|NM|150021||120|mm");
    framer.idle();
    assert_eq!(drain(&mut framer), ["MSH|c\rOBX|1|NM|150021||120|mm"]);
}

#[test]
fn a_byte_order_mark_does_not_hide_a_bare_message() {
    let mut framer = Framer::default();
    framer.push(b"\xef\xbb\xbfMSH|a\r");
    framer.idle();
    assert_eq!(drain(&mut framer), ["MSH|a\r"]);
}

#[test]
fn lines_before_the_header_of_a_frame_are_dropped() {
    assert_eq!(messages("\x0bBHS|x\rMSH|a\r\x1c\r"), ["MSH|a\r"]);
}

#[test]
fn frames_without_a_header_are_handed_on_to_be_refused_and_empty_ones_are_not() {
    assert_eq!(messages("\x0bhello\x1c\r\x0b\x1c\r\x0b\r\n\0\x1c\r"), ["hello"]);
}

#[test]
fn too_long_a_message_is_told_once_and_skipped_to_its_end_in_bounded_memory() {
    for (begin, end) in [
        ("\x0bMSH|", "\r\x1c\r\x0bMSH|next\r\x1c\r"),
        ("\x0bMSH|", "\x0bMSH|next\r\x1c\r"),
        ("\x0bMSH|", "\x1c\x0bMSH|next\r\x1c\r"),
        ("\x0bMSH|", "\r\x1cx\x0bnote\rFTS|\r\x1c\rMSH|next\r\x1c\r"),
        ("MSH|", "\rMSH|next\r\x1c\r"),
        ("\x0b\u{feff}MSH|", "\x0bFHS|\rMSH|next\r\x1c\r"),
    ] {
        let mut framer = Framer::default();
        framer.push(b"\x0bMSH|ok\r\x1c\r");
        framer.push(begin.as_bytes());
        framer.push(b"^~\\&|M||||||ORU^R01|77|P\rNTE|");
        for _ in 0..64 {
            framer.push(&[b'x'; 64 * 1024]);
            let held = framer.message.capacity();
            assert!(held <= 2 * MAX_MESSAGE_BYTES + 4096, "{held}");
        }
        assert_eq!(framer.message.capacity(), 0, "{end:?}");
        framer.push(end.as_bytes());
        let refused = "too long: MSH|^~\\&|M||||||ORU^R01|77|P";
        assert_eq!(drain(&mut framer), ["MSH|ok\r", refused, "MSH|next\r"], "{end:?}");
    }
}

#[test]
fn too_long_a_message_without_a_frame_is_over_with_silence() {
    let mut framer = Framer::default();
    framer.push(b"MSH|a\r");
    framer.push(&vec![b'x'; 2 * MAX_MESSAGE_BYTES]);
    assert!(framer.awaits_silence());
    framer.idle();
    framer.push(b"rest of it\rMSH|b\r\x1c\r");
    assert_eq!(drain(&mut framer), ["too long: MSH|a", "MSH|b\r"]);
}

#[test]
fn the_longest_message_passes_and_one_byte_more_does_not() {
    for (length, passes) in [(MAX_MESSAGE_BYTES, true), (MAX_MESSAGE_BYTES + 1, false)] {
        for end in [&b"\x1c\r"[..], b"\x1c\x0bMSH|"] {
            let mut framer = Framer::default();
            let text = vec![b'x'; length];
            framer.push(b"\x0b");
            framer.push(&text);
            framer.push(end);
            let found = framer.next().unwrap();
            assert_eq!(found == Framed::Message(text), passes, "{length} {end:?}");
        }
    }
}

#[test]
fn marks_inside_a_text_do_not_tear_the_message() {
    for text in [
        "PID|||1||Quill\x0bTesta",
        "NTE|1||one\x0btwo\x0b\x0bthree",
        "NTE|1||one\x1ctwo\x1c three",
        "NTE|1||\x1c\x0btwo",
        "NTE|1||\x0b MS\x0bH\x0bMSX|",
        "NTE|1||an MSH| inside, \x1c\nNTE|2||after LF",
        "NTE|1||\x1c MSX",
    ] {
        let message = format!("MSH|a\r{text}\rOBX|1\r");
        let framed = messages(&format!("\x0b{message}\x1c\r"));
        assert_eq!(framed, std::slice::from_ref(&message), "{text:?}");
        let bare = messages_after_silence(&format!("{message}\x1c\r"));
        assert_eq!(bare, [message], "{text:?}");
    }
}

#[test]
fn a_batch_in_one_frame_is_its_messages() {
    let batch = "\x0bFHS|^~\\&|\rBHS|^~\\&|\rMSH|a\rOBX|\rMSH|b\rBTS|2\rFTS|1\r\x1c\r";
    assert_eq!(messages(batch), ["MSH|a\rOBX|\r", "MSH|b\rBTS|2\rFTS|1\r"]);
    let after_one_without_end = format!("\x0bMSH|x\r{batch}");
    let found = messages(&after_one_without_end);
    assert_eq!(found, ["MSH|x\r", "MSH|a\rOBX|\r", "MSH|b\rBTS|2\rFTS|1\r"]);
}

#[test]
fn an_end_without_its_last_mark_waits_for_silence_or_the_next_message() {
    for (between, rest) in [("", ""), ("\n", ""), (" \0\n", ""), ("", "\x0bMSH|b\r")] {
        let mut framer = Framer::default();
        framer.push(b"\x0bMSH|a\r\x1c");
        framer.push(between.as_bytes());
        assert_eq!(framer.next(), None);
        assert!(framer.awaits_silence());
        framer.push(rest.as_bytes());
        if rest.is_empty() {
            framer.idle();
        }
        assert_eq!(drain(&mut framer), ["MSH|a\r"], "{between:?} {rest:?}");
    }
}

#[test]
fn zeros_and_marks_between_frames_are_nothing() {
    let stream = "\0\x0bMSH|a\r\x1c\r\0\0\x0b\u{feff}MSH|b\r\x1c\r\0\x1c\r";
    assert_eq!(messages(stream), ["MSH|a\r", "MSH|b\r"]);
}

#[test]
fn endless_garbage_is_not_kept() {
    let mut framer = Framer::default();
    for _ in 0..64 {
        framer.push(&[b'x'; 64 * 1024]);
    }
    assert_eq!(framer.message.capacity(), 0);
    assert_eq!(framer.skipped_bytes(), 64 * 64 * 1024);
}

fn all(framer: &mut Framer) -> Vec<Framed> {
    std::iter::from_fn(|| framer.next()).collect()
}

/// A segment with the marks anywhere in its text, but never as a frame's end or beginning.
fn segment() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-z0-9|^~& ]{0,6}",
        1 => Just("\x0b".to_owned()),
        1 => Just("\x1cz".to_owned()),
        1 => "[\u{80}-\u{24f}]{1,3}",
    ];
    let text = prop::collection::vec(piece, 0..8);
    text.prop_map(|pieces| format!("NTE|1||.{}.\r", pieces.concat())).prop_filter(
        "a beginning",
        |text| {
            let mut after_starts = text.split('\x0b').skip(1);
            !after_starts.any(|rest| {
                let rest = rest.trim_start_matches(|c: char| !c.is_ascii_graphic());
                ["MSH", "FHS", "BHS"].iter().any(|name| rest.starts_with(name))
            })
        },
    )
}

proptest! {
    #[test]
    fn any_bytes_in_any_pieces_give_the_same_messages(
        pieces in prop::collection::vec(
            prop_oneof![
                Just(b"\x0b".to_vec()), Just(b"\x1c".to_vec()), Just(b"\r".to_vec()),
                Just(b"\n".to_vec()), Just(b"MSH|".to_vec()), Just(b"MS".to_vec()),
                Just(b"OBX|1|NM|x||97|%".to_vec()), prop::collection::vec(any::<u8>(), 0..8),
            ], 0..60),
        cut in 1usize..9,
    ) {
        let bytes = pieces.concat();
        let mut whole = Framer::default();
        whole.push(&bytes);
        let mut split = Framer::default();
        let mut found = Vec::new();
        for piece in bytes.chunks(cut) {
            split.push(piece);
            found.extend(all(&mut split));
        }
        prop_assert_eq!(found, all(&mut whole));
        prop_assert_eq!(split.skipped_bytes(), whole.skipped_bytes());
        prop_assert!(split.message.len() <= bytes.len());
        whole.idle();
        split.idle();
        prop_assert_eq!(all(&mut split), all(&mut whole));
    }

    #[test]
    fn a_framed_message_is_never_torn(
        messages in prop::collection::vec(prop::collection::vec(segment(), 0..4), 1..4),
        cut in 1usize..9,
    ) {
        let texts: Vec<String> =
            messages.iter().map(|segments| format!("MSH|^~\\&|\r{}", segments.concat())).collect();
        let stream: String = texts.iter().map(|text| format!("\x0b{text}\x1c\r")).collect();
        let mut framer = Framer::default();
        for piece in stream.as_bytes().chunks(cut) {
            framer.push(piece);
        }
        prop_assert_eq!(drain(&mut framer), texts);
        prop_assert_eq!(framer.skipped_bytes(), 0);
    }
}
