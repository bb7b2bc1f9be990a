//! How long a simulated second of a drawn session takes:
//! `cargo run --release -p simulators --example session_speed [SESSIONS]`
#![expect(clippy::disallowed_methods, reason = "it measures")]

use std::io::Write;
use std::time::Instant;

use simulators::session::{Order, Session};

fn main() -> std::io::Result<()> {
    let sessions = std::env::args().nth(1).and_then(|number| number.parse().ok()).unwrap_or(200);
    let began = Instant::now();
    let (mut seconds, mut highest) = (0u64, 0.0f64);
    for index in 0..sessions {
        for second in Session::new(Order::new(1, index)) {
            seconds += 1;
            highest = highest.max(second.truth.systolic);
        }
    }
    let took_s = began.elapsed().as_secs_f64();
    writeln!(
        std::io::stdout(),
        "{sessions} sessions, {seconds} seconds (highest {highest:.0} mmHg) on one core: {took_s:.2} s, {:.2} µs a second",
        took_s * 1e6 / seconds as f64
    )
}
