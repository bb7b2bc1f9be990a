//! A server and a simulated clinic in one process, which speak over real sockets.

mod accounts;
mod folder;
mod past;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;
use serde::Serialize;
use simulators::clinic::{self, Clinic, ClinicOptions, STORY};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::{parse, say};
use crate::app::{self, App, Hangup, ListenError, Listeners};
use crate::config::{Adapter, Config, Room};
use crate::contract::Caption;
use crate::control::RecordSink;
use crate::vitals::{Millis, RoomId, Source};
use accounts::{Account, Accounts, DeviceToken};
use folder::Folder;
use past::DemoPast;

/// A server with a simulated clinic: nothing is installed, nothing is kept, no patient is real.
#[derive(Args, Debug)]
pub(super) struct DemoArgs {
    /// Where screens connect; otherwise 127.0.0.1:8080, or any port that is free
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse::listen)]
    listen: Option<SocketAddr>,
    /// How many rooms
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    rooms: u16,
    /// Simulated seconds in one second, 0.25 to 60
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    speed: f64,
    /// The same seed gives the same patients
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Keep the data there, instead of in a folder that is removed at the end
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Print address and accounts as one JSON object on the first line, and nothing else
    #[arg(long)]
    json: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (0.25..=60.0).contains(speed));
    speed.ok_or_else(|| "write a number from 0.25 to 60".to_owned())
}

pub(super) async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let folder = Folder::new(args.data_dir.clone())?;
    let stop = CancellationToken::new();
    let doomed = folder.doomed();
    app::stop_on_signals(stop.clone(), Hangup::Stop, move || folder::remove(doomed.as_deref()))?;

    let (config, listeners) = listen(&args, folder.path())?;
    let http = listeners.http_address()?;
    let hl7 = listeners.adapter_addresses().next().context("the demo has one adapter")??;
    let mut app = App::open(config, listeners).await?;
    app.source = Source::Simulator;
    let rooms = usize::from(args.rooms);
    let ids = clinic::native_device_ids(rooms);
    let Accounts { people, api_token, second_token, devices } =
        accounts::open(&app.control_context(RecordSink::Journal(app.journal.clone())), &ids)
            .await?;

    let options = ClinicOptions {
        base_url: format!("http://{http}"),
        hl7,
        api_token: api_token.clone(),
        second_token: Some(second_token),
        device_tokens: devices.iter().map(|d| (d.id.clone(), d.token.clone())).collect(),
        rooms,
        seed: args.seed,
        speed: args.speed,
        // The rooms show what the demo is about, and nothing else.
        chance: false,
    };
    let url = options.base_url.clone();
    let shown = Announcement { url, hl7, accounts: people, api_token, devices };
    say::answer(if args.json { shown.json()? } else { shown.text(args.rooms, &folder) })?;

    let opens_at = app.clock.now();
    app.captions = captions(opens_at, args.speed, args.rooms);
    let clinic = Clinic::new(rooms, args.seed, options.chance);
    let (opened, to_go_on) = oneshot::channel();
    app.past = Some(Box::new(DemoPast { clinic, opens_at, opened }));
    let patients = tokio::spawn(play(options, to_go_on, opens_at, stop.clone()));
    let served = app::run(app, stop.clone()).await;
    // The clinic ends with the server, whatever ended the server.
    stop.cancel();
    let played = patients.await?;
    served?;
    played?;
    Ok(ExitCode::SUCCESS)
}

/// Plays the clinic until `stop`, from where its past ends; without patients there is no demo, so
/// their end is its end.
async fn play(
    options: ClinicOptions,
    clinic: oneshot::Receiver<Clinic>,
    opens_at: Millis,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    // A past that cannot be played ends the server, which says why.
    let Ok(clinic) = clinic.await else { return Ok(()) };
    let ended = stop.run_until_cancelled(clinic::go_on(options, clinic, opens_at.0)).await;
    stop.cancel();
    ended.unwrap_or(Ok(())).context("the simulated clinic ended")
}

/// The story's lines about rooms that exist, each with its time.
fn captions(opens_at: Millis, speed: f64, rooms: u16) -> Vec<Caption> {
    let is_there = |room: &Option<usize>| room.is_none_or(|room| room <= usize::from(rooms));
    let lines = STORY.iter().filter(|line| is_there(&line.room));
    let told = lines.map(|line| Caption {
        at: opens_at.plus((line.at_s as f64 * 1_000.0 / speed) as i64),
        room: line.room.and_then(|room| RoomId::new(&room.to_string()).ok()),
        text: line.text.to_owned(),
    });
    told.collect()
}

/// The demo's configuration and its sockets. The usual port is only a preference.
fn listen(args: &DemoArgs, data_dir: PathBuf) -> Result<(Config, Listeners), ListenError> {
    let mut config = config(args.rooms, data_dir);
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    match Listeners::bind(&config) {
        Err(ListenError::Taken { .. }) if args.listen.is_none() => {
            config.server.listen.set_port(0);
            Ok((config.clone(), Listeners::bind(&config)?))
        }
        bound => Ok((config, bound?)),
    }
}

fn config(rooms: u16, data_dir: PathBuf) -> Config {
    let mut config = Config::default();
    config.clinic.name = "Demo clinic".to_owned();
    config.server.data_dir = data_dir;
    // Digits are a valid id.
    let ids = (1..=rooms).filter_map(|number| RoomId::new(&number.to_string()).ok());
    config.rooms = ids.map(|id| Room { name: format!("Room {id}"), id }).collect();
    let any_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.adapters = vec![Adapter { listen: any_port, ..Adapter::default() }];
    config
}

/// What is printed at the start.
#[derive(Serialize)]
struct Announcement {
    url: String,
    hl7: SocketAddr,
    accounts: Vec<Account>,
    api_token: String,
    devices: Vec<DeviceToken>,
}

impl Announcement {
    fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }

    fn text(&self, rooms: u16, folder: &Folder) -> String {
        let row = |account: &Account| {
            let pin = account.pin.clone().unwrap_or_else(|| "-".to_owned());
            [account.name.clone(), account.role.to_owned(), account.password.clone(), pin]
        };
        let rows: Vec<_> = self.accounts.iter().map(row).collect();
        let accounts = say::table(["NAME", "ROLE", "PASSWORD", "PIN"], &rows);
        format!(
            "\n  dripwatch demo: {rooms} rooms with simulated patients. Not a medical device.\n\n\
             Open      {}\nMonitors  {} (HL7), and JSON at the address above\n\
             Data      {folder}\n\n\
             {accounts}\n\
             The first alerts come within a minute. Ctrl-C ends the demo.\n",
            self.url, self.hl7
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_reads_address_and_accounts_from_one_line() {
        let shown = Announcement {
            url: "http://127.0.0.1:8080".into(),
            hl7: SocketAddr::from(([127, 0, 0, 1], 2575)),
            accounts: vec![Account {
                name: "KM".into(),
                initials: "KM".into(),
                role: "nurse",
                password: "p".into(),
                pin: None,
            }],
            api_token: "t".into(),
            devices: vec![DeviceToken { id: "sim-2".into(), token: "d".into() }],
        };
        assert_eq!(
            shown.json().unwrap(),
            "{\"url\":\"http://127.0.0.1:8080\",\"hl7\":\"127.0.0.1:2575\",\"accounts\":[\
             {\"name\":\"KM\",\"initials\":\"KM\",\"role\":\"nurse\",\"password\":\"p\",\
             \"pin\":null}],\"api_token\":\"t\",\"devices\":[{\"id\":\"sim-2\",\"token\":\"d\"}]}\n"
        );
        let text = shown.text(8, &Folder::Kept("d".into()));
        for part in ["http://127.0.0.1:8080", "Not a medical device", "simulated patients"] {
            assert!(text.contains(part), "{text}");
        }
    }

    #[test]
    fn the_story_is_the_same_at_any_speed_and_tells_of_rooms_that_are_there() {
        let at = |speed| captions(Millis(0), speed, 8);
        let (slow, fast) = (at(1.0), at(10.0));
        assert_eq!(slow.len(), STORY.len());
        for (slow, fast) in slow.iter().zip(&fast) {
            assert_eq!((slow.at.0, &slow.text), (fast.at.0 * 10, &fast.text));
        }
        let of_two = captions(Millis(0), 1.0, 2);
        let tells_of = |line: &Caption, room: &str| line.text.contains(room);
        let is_there = |line: &Caption| tells_of(line, "Room 1") || tells_of(line, "Room 2");
        assert!(of_two.iter().all(|line| line.room.is_none() || is_there(line)), "{of_two:?}");
        assert!(of_two.len() < slow.len());
    }

    #[test]
    fn a_speed_beyond_what_is_simulated_is_refused() {
        assert_eq!(speed("2"), Ok(2.0));
        for bad in ["0", "61", "NaN", "fast"] {
            assert!(speed(bad).is_err(), "{bad}");
        }
    }
}
