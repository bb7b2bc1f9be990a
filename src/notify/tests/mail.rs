use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::*;

/// A mail server of the test's own; it refuses recipients when it is told to.
async fn sink(refuses: bool) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (sender, came) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, refuses, sender.clone()));
        }
    });
    (address, came)
}

async fn talk(stream: TcpStream, refuses: bool, came: mpsc::UnboundedSender<String>) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let mut line = String::new();
    let mut mail = None::<String>;
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        if let Some(so_far) = &mut mail {
            if line != ".\r\n" {
                so_far.push_str(&line);
                continue;
            }
            let _ = came.send(mail.take().unwrap());
        }
        let word = line.split([' ', ':', '\r']).next().unwrap_or_default().to_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250 sink",
            "RCPT" if refuses => "550 nobody here",
            "DATA" => {
                mail = Some(String::new());
                "354 go on"
            }
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

fn email(address: SocketAddr, tls: &str) -> String {
    format!(
        "[[channels]]\nkind = \"email\"\nserver = \"{address}\"\ntls = {tls:?}\n\
         from = \"Alerts <alerts@clinic.example>\"\nto = [\"a@clinic.example\", \"b@clinic.example\"]\n"
    )
}

#[tokio::test]
async fn a_mail_says_priority_room_and_time_and_nothing_of_the_patient() {
    let (address, mut came) = sink(false).await;
    let house = House::with(&email(address, "none")).await;
    house.left(&told(&house.config, "s-a1", &[Step::Raised])).await;
    let running = house.begin();
    let mail = in_time(came.recv()).await.unwrap();
    for part in [
        "Subject: High priority, room 3",
        "From: Alerts <alerts@clinic.example>",
        "To: a@clinic.example, b@clinic.example",
        "@dripwatch>",
        "High priority, room 3\r\n\r\nAlert at 2025-11-21 12:00. Look at the staff screen, or go.",
    ] {
        assert!(mail.contains(part), "{part:?} in {mail}");
    }
    assert!(!mail.contains("J.T.") && !mail.to_lowercase().contains("spo2"), "{mail}");
    house.until_waiting(0).await;
    running.end().await;
}

#[tokio::test]
async fn a_server_that_refuses_or_does_not_encrypt_is_named_with_what_to_do() {
    let (refusing, _came) = sink(true).await;
    let house = House::with(&email(refusing, "none")).await;
    let tested = house.channels.test("email").await.unwrap();
    assert_eq!(tested.why.unwrap(), "127.0.0.1 refuses the message (550).");
    let (plain, mut came) = sink(false).await;
    let house = House::with(&email(plain, "starttls")).await;
    let tested = house.channels.test("email").await.unwrap();
    assert!(!tested.delivered && tested.remedy.unwrap().contains("tls in the channel"));
    assert!(came.try_recv().is_err(), "nothing was said in the clear");
}
