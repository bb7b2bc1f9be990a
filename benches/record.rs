//! How long a record of three hours takes, at a value of SpO2 and pulse each second.
//!
//! `cargo bench --bench record` reads such a recording, writes the record in every form, each ten
//! times, and prints the median and the slowest, also as a multiple of what it takes to read the
//! recording's lines as JSON and nothing else. Then it writes documents in a row, 1,000 unless
//! another number is given (`-- --documents 50`), and prints what the process holds in memory
//! before, between and after. It passes or fails on no time.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use dripwatch::record::Header;
use dripwatch::report::{About, Assembly, Fonts, Form, SessionRecord, pdf};

/// 2026-11-21 12:00:00 UTC.
const BEGIN_MS: i64 = 1_795_262_400_000;
const LENGTH_S: i64 = 3 * 3_600;
const TIMES: usize = 10;
const DOCUMENTS: usize = 1_000;

fn main() -> anyhow::Result<()> {
    let recording = recording()?;
    let plain = times(|| {
        for line in recording.lines() {
            black_box(serde_json::from_str::<serde_json::Value>(line)?);
        }
        Ok(())
    })?;
    println!("{} lines; milliseconds, median and slowest of {TIMES}", recording.lines().count());
    let show = |name: &str, all: &[Duration]| {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let (median, slowest) = (all[TIMES / 2], all[TIMES - 1]);
        let ratio = ms(median) / ms(plain[TIMES / 2]);
        println!("{name:>24}: {:9.2} {:9.2} {ratio:8.2} ×", ms(median), ms(slowest));
    };
    show("its lines as JSON", &plain);
    show("the record read", &times(|| record(&recording).map(black_box))?);
    let record = record(&recording)?;
    ensure!(record.trends.iter().all(|trend| trend.at.len() >= 10_000), "every second is there");
    let fonts = Fonts::of_machine();
    for (form, _) in Form::ALL {
        if matches!(form, Form::RemsHtml | Form::RemsJson) {
            continue;
        }
        show(form.name(), &times(|| Ok(black_box(form.render(&record)?)))?);
    }
    in_a_row(&record, fonts)
}

fn in_a_row(record: &SessionRecord, fonts: &Fonts) -> anyhow::Result<()> {
    let mut args = std::env::args().skip_while(|arg| arg != "--documents");
    let count = args.nth(1).map_or(Ok(DOCUMENTS), |count| count.parse())?;
    println!("{count} documents in a row; MiB that the process holds");
    for n in 0..=count {
        if n % (count / 5).max(1) == 0 {
            println!("{n:>24}: {:9.1}", held_mib()?);
        }
        black_box(pdf(record, fonts)?);
    }
    Ok(())
}

fn held_mib() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()).context("no VmRSS")?;
    Ok(kib.parse::<f64>()? / 1_024.0)
}

fn times<T>(mut done: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<Vec<Duration>> {
    let mut all = Vec::new();
    for _ in 0..TIMES {
        let begun = Instant::now();
        done()?;
        all.push(begun.elapsed());
    }
    all.sort();
    Ok(all)
}

fn record(recording: &str) -> anyhow::Result<SessionRecord> {
    let mut lines = recording.lines();
    let header = Header::read(lines.next().context("a header")?)?;
    let mut assembly = Assembly::new(header, About::default());
    for (number, line) in (2..).zip(lines) {
        assembly.line(number, line)?;
    }
    Ok(assembly.finish())
}

/// Three hours, a pressure every five minutes, a few notes.
fn recording() -> anyhow::Result<String> {
    let mut text = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult","patient":{"initials":"J.T."}}"#.to_owned();
    text.push('\n');
    let at = |second: i64| BEGIN_MS + second * 1_000;
    let event = |text: &mut String, second: i64, event: &str| {
        writeln!(text, r#"{{"at":{},"staff":"KM","event":{event}}}"#, at(second))
    };
    for second in 0..LENGTH_S {
        let wave = (second as f64 / 97.0).sin();
        let (spo2, pulse) = ((96.5 + wave).round(), (74.0 + 9.0 * wave).round());
        let mut readings = format!(
            r#"{{"vital":"spo2","value":{spo2}}},{{"vital":"pulse_rate","value":{pulse}}}"#
        );
        if second % 300 == 60 {
            let (systolic, diastolic) =
                ((121.0 + 12.0 * wave).round(), (76.0 + 6.0 * wave).round());
            write!(
                readings,
                r#",{{"vital":"nibp","systolic":{systolic},"diastolic":{diastolic}}}"#
            )?;
        }
        writeln!(
            text,
            r#"{{"at":{},"device":"mon-3","frame":{{"type":"readings","readings":[{readings}]}}}}"#,
            at(second)
        )?;
        match second {
            120 => event(&mut text, second, r#"{"type":"accept_baseline"}"#)?,
            180 => event(&mut text, second, r#"{"type":"start"}"#)?,
            9_000 => event(&mut text, second, r#"{"type":"stop"}"#)?,
            10_790 => event(&mut text, second, r#"{"type":"discharge"}"#)?,
            n if n % 600 == 0 => {
                event(&mut text, second, r#"{"type":"note","text":"calm, breathes well"}"#)?;
            }
            _ => {}
        }
    }
    Ok(text)
}
