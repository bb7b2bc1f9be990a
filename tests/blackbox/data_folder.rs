//! The data folder is deleted, moved or replaced under a running server: nothing counts as stored,
//! somebody is told, and nobody begins other data in its place.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, BIN, Socket, get, run, text};
use super::log::is_well;

fn spo2() -> Value {
    json!([{"vital": "spo2", "value": 97}])
}

fn is_stopped(frame: &Value, state: &str) -> bool {
    frame["alert"]["condition"] == "recording_stopped" && frame["alert"]["state"] == state
}

/// A server with a monitor, and a screen that watches it.
struct Scene {
    app: App,
    token: String,
    stream: Socket,
}

impl Scene {
    async fn new() -> Self {
        Self::of(App::start().await).await
    }

    async fn of(app: App) -> Self {
        let token = app.add_device("mon-1", "1");
        assert_eq!(app.reading(&token, 100, spo2()).await.0, StatusCode::OK);
        let mut stream = app.stream().await;
        stream.until_type("snapshot").await;
        Self { app, token, stream }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.app.folder.path().join(name)
    }

    fn move_folder(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// The alert comes with these words, and until further notice nothing is called stored.
    async fn is_told(&mut self, words: &str) {
        let stopped = self.stream.soon(|frame| is_stopped(frame, "active")).await;
        let said = stopped["alert"]["text"].as_str().unwrap();
        assert!(said.contains(words) && said.contains("Monitoring goes on"), "{said}");
        assert_eq!(stopped["room"], Value::Null);
        let ready = get(self.app.url("/readyz")).await;
        assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
        let said = ready.text;
        assert!(said.contains(words), "{said}");
        let patient = json!({"patient": {"initials": "A.B."}});
        let opened = self.app.post("/api/v1/rooms/2/sessions", patient).await;
        assert_eq!(opened["recorded"], false, "{opened}");
        is_well(&self.app, "1", &self.token).await;
        let (status, problem) = self.app.reading(&self.token, 101, spo2()).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{problem}");
    }

    /// It is over, and what came meanwhile is stored.
    async fn is_recorded_again(&mut self) {
        self.app.is_ready().await;
        assert_eq!(self.app.reading(&self.token, 102, spo2()).await.0, StatusCode::OK);
        // The ward looks once a second.
        let mut stream = self.app.stream().await;
        let snapshot = stream.until_type("snapshot").await;
        if snapshot["ward"].to_string().contains("recording_stopped") {
            stream.soon(|frame| is_stopped(frame, "resolved")).await;
        }
    }

    fn command_is_refused(&self, args: &[&str], input: &str, words: &str) {
        let output = self.app.command(args, input);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    }

    fn no_command_begins_other_data(&self) {
        let words = "a server runs with the data folder";
        let add = ["staff", "add", "KM", "--role", "nurse", "--password-stdin"];
        self.command_is_refused(&add, "correct horse battery\n", words);
        self.command_is_refused(&["token", "add", "x", "--role", "nurse"], "", words);
        self.command_is_refused(&["device", "add", "mon-9"], "", words);
        self.command_is_refused(&["sessions"], "", words);
        self.command_is_refused(&["verify"], "", words);
    }

    /// What is on disk is whole, and every reading is there once.
    async fn is_whole_after_kill_9(&mut self, readings: usize) {
        self.app.kill();
        self.app.run().await;
        let history = self.app.get("/api/v1/devices/mon-1/readings").await;
        let all = history["readings"].as_array().unwrap();
        assert_eq!(all.iter().filter(|r| r["vital"] == "spo2").count(), readings, "{history}");
        let verified = self.app.command(&["verify"], "");
        assert!(verified.status.success(), "{}", text(&verified.stdout));
    }
}

#[tokio::test]
async fn a_folder_that_was_moved_away_is_told_and_recording_goes_on_when_it_is_back() {
    let mut scene = Scene::new().await;
    scene.move_folder("data", "elsewhere");
    scene.is_told("the data folder was deleted or moved").await;
    scene.no_command_begins_other_data();
    assert!(!scene.path("data").exists());
    scene.move_folder("elsewhere", "data");
    scene.is_recorded_again().await;
    let log = scene.app.log();
    assert_eq!(log.matches("cannot record").count(), 1, "{log}");
    let room = scene.app.get("/api/v1/rooms/2").await;
    assert_eq!(room["session"]["initials"], "A.B.");
    // The one that was refused was kept all the same, and is not asked for again here.
    scene.is_whole_after_kill_9(3).await;
    assert_eq!(scene.app.get("/api/v1/rooms/2").await["session"]["initials"], "A.B.");
}

#[tokio::test]
async fn a_folder_that_was_deleted_is_told_and_nobody_makes_a_new_one() {
    let mut scene = Scene::new().await;
    fs::remove_dir_all(scene.path("data")).unwrap();
    scene.is_told("the data folder was deleted or moved").await;
    scene.no_command_begins_other_data();
    let second = scene.app.command(&["serve", "--listen", "127.0.0.1:0"], "");
    assert_eq!(second.status.code(), Some(1), "{}", text(&second.stderr));
    assert!(!scene.path("data").exists());
    // What could not be stored is said at the end.
    assert_eq!(scene.app.terminate(), Some(1));
    assert!(scene.app.log().contains("could not be stored"), "{}", scene.app.log());
}

#[tokio::test]
async fn a_copy_in_the_folders_place_is_not_the_record() {
    let mut scene = Scene::new().await;
    // A socket cannot be copied; all else is.
    let (data, copy) = (scene.path("data"), scene.path("copy"));
    fs::create_dir(&copy).unwrap();
    for name in ["dripwatch.db", "dripwatch.db-wal", "dripwatch.lock"] {
        fs::copy(data.join(name), copy.join(name)).unwrap();
    }
    scene.move_folder("data", "first");
    scene.move_folder("copy", "data");
    scene.is_told("another database is where the record was").await;
    scene.no_command_begins_other_data();
    scene.move_folder("data", "copy");
    scene.move_folder("first", "data");
    scene.is_recorded_again().await;
    scene.is_whole_after_kill_9(3).await;
}

#[tokio::test]
async fn a_database_that_was_deleted_in_its_folder_is_told() {
    let mut scene = Scene::new().await;
    scene.move_folder("data/dripwatch.db", "kept");
    scene.is_told("the database in the data folder was deleted or moved").await;
    assert!(!scene.path("data/dripwatch.db").exists(), "nobody makes another");
    scene.move_folder("kept", "data/dripwatch.db");
    scene.is_recorded_again().await;
    scene.is_whole_after_kill_9(3).await;
}

#[tokio::test]
async fn a_write_ahead_log_that_was_deleted_loses_nothing() {
    let mut scene = Scene::new().await;
    for seq in 101..110 {
        // Questions have connections of their own to what was deleted.
        scene.app.get("/api/v1/devices/mon-1/readings").await;
        fs::remove_file(scene.path("data/dripwatch.db-wal")).unwrap();
        assert_eq!(scene.app.reading(&scene.token, seq, spo2()).await.0, StatusCode::OK);
    }
    let history = scene.app.get("/api/v1/devices/mon-1/readings").await;
    assert_eq!(history["readings"].as_array().unwrap().len(), 10);
    scene.is_whole_after_kill_9(10).await;
}

/// Only where the test may mount, in a world of the server's own that ends with it; elsewhere the
/// check itself has its test.
#[tokio::test]
async fn a_folder_on_a_disk_that_became_read_only_is_told() {
    let of_its_own = || {
        let mut command = Command::new("unshare");
        command.arg("--mount");
        command
    };
    if !of_its_own().arg("true").status().is_ok_and(|status| status.success()) {
        return;
    }
    let mut app = App::prepared();
    let mut program = of_its_own();
    program.arg(BIN);
    app.run_as(program, fs::File::create(app.folder.path().join("log")).unwrap()).await;
    let mut scene = Scene::of(app).await;
    let (pid, data) = (scene.app.pid().to_string(), scene.path("data"));
    let inside = |args: &[&str]| {
        let mut command = Command::new("nsenter");
        command.args(["--mount", "--target", &pid]).args(args).arg(&data);
        assert!(command.status().unwrap().success(), "{args:?}");
    };
    inside(&["mount", "--bind", data.to_str().unwrap()]);
    inside(&["mount", "-o", "remount,ro,bind"]);
    scene.is_told("the data folder may not be written").await;
    inside(&["umount"]);
    scene.is_recorded_again().await;
}

#[test]
fn a_record_begins_only_in_a_folder_that_is_new_or_empty() {
    let parent = tempfile::tempdir().unwrap();
    let folder = |name: &str| parent.path().join(name).to_str().unwrap().to_owned();
    let on = |args: &[&str], name: &str| run(&[args, &["--data-dir", &folder(name)]].concat());
    let refused = |args: &[&str], name: &str, words: &str| {
        let output = on(args, name);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
    };
    let serve = ["serve", "--listen", "127.0.0.1:0"];
    let add = ["token", "add", "x", "--role", "nurse"];

    for reads in [
        &["sessions"][..],
        &["verify"],
        &["staff", "list"],
        &["staff", "disable", "KM"],
        &["token", "revoke", "x"],
        &["export", "s1", "-o", "-"],
    ] {
        refused(reads, "none", "does not exist");
        assert!(!parent.path().join("none").exists(), "{reads:?}");
    }
    fs::create_dir(folder("foreign")).unwrap();
    fs::write(parent.path().join("foreign/holiday.jpg"), "").unwrap();
    refused(&["sessions"], "foreign", "holds no data");
    for begins in [&serve[..], &add] {
        refused(begins, "foreign", "holds no record, but holds holiday.jpg");
    }
    assert_eq!(fs::read_dir(folder("foreign")).unwrap().count(), 1);

    // What is set up before the first start may begin it, beside the configuration too.
    fs::create_dir(folder("own")).unwrap();
    fs::write(parent.path().join("own/dripwatch.toml"), "").unwrap();
    assert!(on(&add, "own").status.success());
    assert!(on(&add, "new").status.success());
    fs::remove_file(parent.path().join("new/dripwatch.db")).unwrap();
    for begins in [&serve[..], &add] {
        refused(begins, "new", "dripwatch.db is gone");
    }
    assert!(!parent.path().join("new/dripwatch.db").exists());
}

#[tokio::test]
async fn beside_a_server_that_lost_its_socket_a_command_says_so() {
    let scene = Scene::new().await;
    fs::remove_file(scene.path("data/control.sock")).unwrap();
    scene.no_command_begins_other_data();
    let (status, _) = scene.app.call(Method::GET, "/api/v1/rooms", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
}
