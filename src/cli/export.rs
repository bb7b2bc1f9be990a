use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use zstd::stream::write::Encoder;

use super::data::DataArgs;
use super::data_client::DataClient;
use super::{parse, say};
use crate::control::ExportSession;
use crate::vitals::SessionId;

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// The session; `dripwatch sessions` lists them
    #[arg(value_parser = parse::session)]
    session: SessionId,
    /// The file to write, as in session.ndjson; one that ends in .zst is compressed; - for
    /// standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: ExportArgs) -> anyhow::Result<ExitCode> {
    let mut client = DataClient::open(&args.data.load()?, false).await?;
    if args.output == Path::new("-") {
        let mut out = io::stdout();
        write_to(&mut client, &args.session, &mut out).await?;
        out.flush()?;
    } else {
        write_file(&mut client, &args.session, &args.output).await?;
        say::note(format_args!(
            "{} holds the session; it names the patient.",
            args.output.display()
        ));
    }
    client.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// Writes beside the file and moves the result into place when it is complete.
async fn write_file(
    client: &mut DataClient,
    session: &SessionId,
    file: &Path,
) -> anyhow::Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let written = write_part(client, session, file, &part).await;
    let placed = match written {
        Ok(()) => fs::rename(&part, file).with_context(|| cannot_write(file)),
        Err(error) => Err(error),
    };
    if placed.is_err() {
        // What is left of it is not a recording.
        let _ = fs::remove_file(&part);
    }
    placed
}

async fn write_part(
    client: &mut DataClient,
    session: &SessionId,
    file: &Path,
    part: &Path,
) -> anyhow::Result<()> {
    // Only its owner may read it: it is about a patient.
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let out = options.open(part).with_context(|| cannot_write(file))?;
    if file.extension().is_some_and(|extension| extension == "zst") {
        let mut out = Encoder::new(BufWriter::new(out), zstd::DEFAULT_COMPRESSION_LEVEL)?;
        write_to(client, session, &mut out).await?;
        stored(out.finish()?).with_context(|| cannot_write(file))
    } else {
        let mut out = BufWriter::new(out);
        write_to(client, session, &mut out).await?;
        stored(out).with_context(|| cannot_write(file))
    }
}

fn stored(out: BufWriter<File>) -> io::Result<()> {
    out.into_inner()?.sync_all()
}

fn cannot_write(file: &Path) -> String {
    format!("{} cannot be written", file.display())
}

/// Part by part, so that only one is held in memory.
async fn write_to(
    client: &mut DataClient,
    session: &SessionId,
    out: &mut impl Write,
) -> anyhow::Result<()> {
    let mut place = None;
    loop {
        let part = client.ask(ExportSession { session: session.clone(), place }).await?;
        out.write_all(part.text.as_bytes()).context("the recording cannot be written")?;
        place = part.next;
        if place.is_none() {
            return Ok(());
        }
    }
}
