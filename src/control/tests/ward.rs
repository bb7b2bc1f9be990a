//! Beside a server, its ward does what changes the record.

use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::*;
use crate::adapters::Intake;
use crate::control::devices::bind;
use crate::control::sink::audit;
use crate::ward::{Bind, By, Envelope, Pending, Record, Ward};

/// A ward that has everything on disk at once, and the commands that it was given.
fn ward() -> (RecordSink, mpsc::UnboundedReceiver<String>) {
    let (commands, mut received) = mpsc::channel::<Envelope>(4);
    let (taken, log) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(command) = received.recv().await {
            let (store, stored) = oneshot::channel();
            let _ = store.send(());
            let pending = Pending { json: String::new(), stored };
            match command.take::<Record>() {
                Ok((Record { what, views }, reply)) => {
                    let _ = taken.send(format!("{what}, {} views", views.len()));
                    let _ = reply.send(pending);
                }
                Err(command) => {
                    let (By { actor, act }, reply) = command.take().unwrap();
                    let Bind { device, room, is_confirmed: true } = act else {
                        panic!("{act:?}");
                    };
                    let _ = taken.send(format!("{} binds {device} to {room:?}", actor.name));
                    let _ = reply.send(Ok(pending));
                }
            }
        }
    });
    let (intake, _arrivals) = Intake::channel();
    (RecordSink::Ward(Ward::new(commands, intake)), log)
}

#[tokio::test]
async fn beside_a_server_the_ward_writes_and_binds() {
    let (sink, mut log) = ward();
    let bench = Bench::new().await;
    let context = ControlContext { sink, ..bench.context.clone() };
    let views = vec![audit(context.clock, "add token", String::new())];
    let details = json!({"role": "nurse"});
    assert!(context.sink.record(context.clock, "token_added", details, views).await.unwrap());
    let recorded = log.recv().await.unwrap();
    assert!(recorded.contains(r#""staff":"cli","token_added":{"role":"nurse"}}, 1 views"#));

    let (device, room) = (DeviceId::new("mon-3").unwrap(), RoomId::new("3").unwrap());
    assert!(bind(&context, device, room).await.unwrap());
    assert_eq!(log.recv().await.unwrap(), r#"cli binds mon-3 to Some("3")"#);
}
