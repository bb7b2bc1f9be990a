use super::*;

#[tokio::test]
async fn a_message_that_is_too_long_is_refused_and_blocks_neither_its_sender_nor_others() {
    let mut clinic = Clinic::open().await;
    let mut other = clinic.connect().await;
    let (mut answers, mut monitor) = clinic.connect().await.into_split();
    let flood = async {
        monitor.write_all(b"\x0bMSH|^~\\&|Cart||||||ORU^R01|big|P|2.6\rNTE|1||").await.unwrap();
        let block = vec![b'x'; 64 * 1024];
        for _ in 0..128 {
            monitor.write_all(&block).await.unwrap();
        }
        monitor.write_all(&framed(&vitals("after"))).await.unwrap();
    };
    timeout(LIMIT, flood).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    let refused = "MSA|AR|big|the message is longer than 1 MiB: send less in one message";
    assert_eq!(msa(&mut answers).await, refused);
    assert_eq!(msa(&mut answers).await, "MSA|AA|after");
    other.write_all(&framed(&vitals("a1"))).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut other).await, "MSA|AA|a1");
}

#[tokio::test]
async fn a_message_that_is_never_ended_is_used_and_its_connection_goes_on() {
    let message_within = Duration::from_millis(200);
    let limits = Limits { message_within, ..LIMITS };
    let mut clinic = Clinic::within(limits).await;
    let mut monitor = clinic.connect().await;
    for id in ["a1", "a2"] {
        monitor.write_all(format!("\x0b{}", vitals(id)).as_bytes()).await.unwrap();
        clinic.delivery().await.stored.send(()).unwrap();
        assert_eq!(msa(&mut monitor).await, format!("MSA|AA|{id}"));
    }
}

#[tokio::test]
async fn large_messages_that_never_end_leave_room_for_others() {
    let message_within = Duration::from_millis(300);
    let limits = Limits { message_within, ..LIMITS };
    let mut clinic = Clinic::within(limits).await;
    let begin = format!("\x0b{}NTE|1||{}", vitals("x"), "y".repeat(2 * LARGE_BYTES));
    let mut large = Vec::new();
    for _ in 0..LARGE_MESSAGES {
        let mut monitor = clinic.connect().await;
        monitor.write_all(begin.as_bytes()).await.unwrap();
        large.push(monitor);
    }
    let _usual = answered(&mut clinic, "Usual", "u1").await;
    let mut another = clinic.connect().await;
    let whole = format!("{}NTE|1||{}", vitals("big"), "y".repeat(2 * LARGE_BYTES));
    another.write_all(&framed(&whole.replace("|Cart|", "|Big|"))).await.unwrap();
    loop {
        let delivery = clinic.delivery().await;
        let is_it = delivery.frame.device.as_str() == "Big";
        delivery.stored.send(()).unwrap();
        if is_it {
            break;
        }
    }
    assert_eq!(msa(&mut another).await, "MSA|AA|big");
}
