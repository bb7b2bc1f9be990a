//! The clinic's lists.

use super::*;
use crate::lists::{ListItems, ListName, ListedText, shipped};

fn texts(all: &[&str]) -> ListItems {
    let text = |text: &&str| ListedText { text: (*text).to_owned() };
    ListItems::Texts(all.iter().map(text).collect())
}

#[tokio::test]
async fn a_list_is_as_it_was_shipped_until_the_clinic_changes_it_and_stays_so_over_a_restart() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    let show = |core: &mut Core| core.ask(ShowList { name: ListName::Symptoms }, now);
    let before = show(&mut clinic.core);
    assert_eq!((before.version, &before.changed), (0, &None));
    assert_eq!(before.items, shipped(ListName::Symptoms));
    let put =
        |version, all: &[&str]| PutList { name: ListName::Symptoms, version, items: texts(all) };
    clinic.core.act(&km(), put(0, &["Itching", "Chills"]), now).unwrap();
    let late = clinic.core.act(&km(), put(0, &["Cough"]), now).unwrap_err().to_string();
    assert_eq!(
        late,
        "The list is at version 1, changed by KM, not 0: read it again and make your change there."
    );
    clinic.core.act(&km(), put(1, &["Itching"]), now).unwrap();
    let mut clinic = clinic.restart(1).await;
    let after = show(&mut clinic.core);
    assert_eq!((after.version, after.items), (2, texts(&["Itching"])));
    assert_eq!(after.changed.unwrap().by, "KM");
    let others = clinic.core.ask(ShowList { name: ListName::Checklist }, now);
    assert_eq!(others.version, 0);
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
    assert!(entries[0].entry.body.contains("Chills"), "every version is in the record");
}

#[tokio::test]
async fn a_list_that_cannot_be_recorded_does_not_count() {
    let mut clinic = Clinic::open().await;
    clinic.fill_the_journal();
    let now = clinic.now();
    let put = PutList { name: ListName::Symptoms, version: 0, items: texts(&["Itching"]) };
    assert!(clinic.core.act(&km(), put, now).is_err());
    assert_eq!(clinic.core.ask(ShowList { name: ListName::Symptoms }, now).version, 0);
}
