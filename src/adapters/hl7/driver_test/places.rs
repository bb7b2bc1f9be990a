use super::*;

#[tokio::test]
async fn strangers_are_closed() {
    let clinic = Clinic::start(LIMITS, |_| false).await;
    let mut stranger = clinic.connect().await;
    assert_closed(&mut stranger).await;
}

/// Few places, none of them kept.
fn places(total: usize) -> Limits {
    let places = Bounds { total, of_loopback: total, kept_for_known: 0, ..LIMITS.places };
    Limits { places, ..LIMITS }
}

#[tokio::test]
async fn silent_connections_keep_no_monitor_out() {
    let mut clinic = Clinic::within(places(4)).await;
    let mut known = answered(&mut clinic, "Known", "a1").await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        let mut stranger = clinic.connect().await;
        stranger.write_all(b"\x0bMSH|half a mess").await.unwrap();
        silent.push(stranger);
    }
    let _new = answered(&mut clinic, "New", "b1").await;
    tell(&mut clinic, &mut known, "Known", "a2").await;
    assert_closed(&mut silent[0]).await;
}

#[tokio::test]
async fn a_monitor_that_comes_anew_again_and_again_keeps_no_other_out_and_itself_neither() {
    let mut clinic = Clinic::within(places(4)).await;
    let mut never_ended = Vec::new();
    for n in 0..12 {
        never_ended.push(answered(&mut clinic, "Tunnel", &format!("t{n}")).await);
    }
    let mut other = answered(&mut clinic, "Other", "o1").await;
    let mut newest = never_ended.pop().unwrap();
    tell(&mut clinic, &mut newest, "Tunnel", "t99").await;
    tell(&mut clinic, &mut other, "Other", "o2").await;
    assert_closed(&mut never_ended[0]).await;
}

#[tokio::test]
async fn a_connection_is_closed_when_all_others_speak_and_taken_in_when_one_is_gone() {
    let mut clinic = Clinic::within(places(1)).await;
    let mut first = answered(&mut clinic, "Cart", "a1").await;
    assert_closed(&mut clinic.connect().await).await;
    first.shutdown().await.unwrap();
    assert_closed(&mut first).await;
    answered(&mut clinic, "Cart", "a2").await;
}

#[tokio::test]
async fn places_are_kept_for_monitors_that_have_been_here_before() {
    let mut limits = places(2);
    limits.places.kept_for_known = 1;
    let mut clinic = Clinic::within(limits).await;
    let mut known = connect_from(&clinic, 2).await;
    tell(&mut clinic, &mut known, "Known", "k1").await;
    known.shutdown().await.unwrap();
    assert_closed(&mut known).await;
    let mut stranger = connect_from(&clinic, 3).await;
    tell(&mut clinic, &mut stranger, "Stranger", "s1").await;
    assert_closed(&mut connect_from(&clinic, 4).await).await;
    let mut known = connect_from(&clinic, 2).await;
    tell(&mut clinic, &mut known, "Known", "k2").await;
    tell(&mut clinic, &mut stranger, "Stranger", "s2").await;
}

async fn connect_from(clinic: &Clinic, last: u8) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(std::net::SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    socket.connect(clinic.address).await.unwrap()
}

#[tokio::test]
async fn a_connection_that_says_nothing_that_makes_sense_is_closed_whatever_else_it_says() {
    let first_message_within = Duration::from_millis(300);
    let clinic = Clinic::within(Limits { first_message_within, ..LIMITS }).await;
    let mut silent = clinic.connect().await;
    let (mut answers, mut talkative) = clinic.connect().await.into_split();
    let talking = tokio::spawn(async move {
        while talkative.write_all(b"\x0bhello\x1c\r").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_closed(&mut silent).await;
    let mut refused = Vec::new();
    // It was closed with unread data, so it may be reset.
    let _ = timeout(LIMIT, answers.read_to_end(&mut refused)).await.unwrap();
    assert!(String::from_utf8_lossy(&refused).contains("MSA|AR||"));
    timeout(LIMIT, talking).await.unwrap().unwrap();
}
