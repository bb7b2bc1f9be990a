//! What waits for the ward, and for how long its answers wait.

use futures_util::poll;
use tokio::sync::mpsc;
use tokio::task::unconstrained;

use super::*;
use crate::adapters::{INTAKE_QUEUE, Intake};
use crate::clock::Clock;
use crate::ward::answer::COMMIT_WAIT;
use crate::ward::command::COMMAND_QUEUE;
use crate::ward::run::BATCH;

async fn started(folder: &std::path::Path) -> Ward {
    let journal = Journal::open(folder).await.unwrap();
    start(journal, &WardConfig::default(), Clock::start()).await.unwrap().0
}

fn numbered(n: usize) -> Delivery {
    let value = i32::try_from(n).unwrap();
    Delivery {
        frame: Frame { device: mon(), ..Frame::by_hand(vec![reading(Vital::HeartRate, value)]) },
        adapter: "native",
        key: FrameKey::of(&[&n.to_le_bytes()]),
        same_within_ms: 600_000,
        copies: Copies::AreOne,
        identity: Identity::default(),
        not_understood: Vec::new(),
        stored: oneshot::channel().0,
    }
}

#[tokio::test]
async fn frames_that_keep_coming_leave_commands_their_turn_after_each_batch() {
    let folder = tempfile::tempdir().unwrap();
    let ward = started(folder.path()).await;
    // The ward's loop does not run before we wait for something.
    let intake = ward.intake();
    for n in 1..=INTAKE_QUEUE {
        let mut handed = Box::pin(unconstrained(intake.hand_over(Arrival::Frame(numbered(n)))));
        assert!(poll!(&mut handed).is_ready());
    }
    let mut asked: Vec<_> =
        (0..64).map(|_| Box::pin(unconstrained(ward.ask(ListDevices)))).collect();
    for one in &mut asked {
        assert!(poll!(one).is_pending());
    }
    let mut taken = Vec::new();
    for one in asked {
        let json: serde_json::Value = serde_json::from_str(&one.await.unwrap()).unwrap();
        let newest = json["devices"][0]["latest"][0]["value"].as_u64();
        taken.push(usize::try_from(newest.unwrap_or(0)).unwrap());
    }
    assert!(taken.is_sorted());
    assert!(taken.iter().all(|taken| taken % BATCH == 0), "{taken:?}");
    // Which of the two comes next is drawn by lot.
    let turns = taken.iter().filter(|taken| (1..INTAKE_QUEUE).contains(taken)).count();
    assert!(turns > 0, "{taken:?}");
}

#[tokio::test]
async fn whoever_asks_waits_while_as_many_commands_as_may_be_wait_for_the_ward() {
    let folder = tempfile::tempdir().unwrap();
    let ward = started(folder.path()).await;
    let tell = |n: usize| Box::pin(unconstrained(ward.tell(Leave { screen: ScreenId(n as u64) })));
    for n in 0..COMMAND_QUEUE {
        assert!(poll!(tell(n)).is_ready(), "{n}");
    }
    let mut next = tell(COMMAND_QUEUE);
    assert!(poll!(&mut next).is_pending());
    next.await;
}

#[tokio::test(start_paused = true)]
async fn an_answer_waits_for_the_disk_for_so_long_and_then_says_that_it_is_not_recorded() {
    let ms = Duration::from_millis(1);
    for (after, is_recorded) in [(COMMIT_WAIT - ms, true), (COMMIT_WAIT + ms, false)] {
        let (commands, mut asked) = mpsc::channel(1);
        let ward = Ward::new(commands, Intake::channel().0);
        let disk = tokio::spawn(async move {
            let (_, reply) = asked.recv().await.unwrap().take::<Record>().unwrap();
            let (told, stored) = oneshot::channel();
            reply.send(Pending { json: "{}".to_owned(), stored }).unwrap();
            tokio::time::sleep(after).await;
            // Nobody may wait for it any more.
            let _ = told.send(());
        });
        let recorded = ward.record(serde_json::json!({}), Vec::new()).await.unwrap();
        assert_eq!(recorded, is_recorded);
        disk.await.unwrap();
    }
}
