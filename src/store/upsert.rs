use sqlx::sqlite::SqliteConnection;

use super::{
    AddendumRow, AlertRow, ArrivalRow, AssignmentRow, AuditRow, BreakRow, BrowserRow, CourseRow,
    DeliveryRow, HandOverRow, ListRow, OutboundChange, OutcomeRow, PatientRow, PinTriesRow,
    ProfileRow, PushRow, RoomRow, SessionRow, SignOffRow, StaffRow, TokenKind, TokenRow,
    WrongTriesRow, arrivals, devices, guessing, keeping, patients, push, rooms, tokens,
};
use crate::record::{AnswerRow, Removal};
use crate::vitals::{DeviceId, Millis, PatientId, RoomId, SessionId};

/// A change of a view. Applied twice it is the same as once, and none can fail for what it holds:
/// a view must never keep the journal from committing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upsert {
    /// A session as it now is.
    Session(SessionRow),
    /// An alert as it now is.
    Alert(AlertRow),
    /// What somebody said came of an alert.
    AlertOutcome(OutcomeRow),
    /// A device was heard.
    DeviceHeard {
        /// The device.
        device: DeviceId,
        /// In which language.
        adapter: String,
        /// When it was heard.
        at: Millis,
    },
    /// A device, heard or not, belongs to a room, or to none.
    Binding {
        /// The device.
        device: DeviceId,
        /// The room.
        room: Option<RoomId>,
    },
    /// What a device calls itself, where that is no id.
    Called {
        /// The device.
        device: DeviceId,
        /// As it is shown.
        original: String,
    },
    /// To which id a device's binding belongs; see [`super::Binding`].
    Claimed {
        /// The device.
        device: DeviceId,
        /// Under which id it was bound; its own for certain when `None`.
        from: Option<DeviceId>,
    },
    /// A device that belongs to no room is forgotten.
    DeviceRemoved {
        /// The device.
        device: DeviceId,
    },
    /// A room as it now is.
    Room(RoomRow),
    /// A room was removed.
    RoomRemoved {
        /// The room.
        room: RoomId,
    },
    /// A version of a profile as it now is.
    Profile(ProfileRow),
    /// Somebody, as they are now.
    Staff(StaffRow),
    /// A token that is given out. Give [`Self::EndTokens`] before it where it replaces another.
    Token(TokenRow),
    /// A token was used.
    TokenUsed {
        /// BLAKE3 of the token.
        hash: [u8; 32],
        /// When it was used.
        at: Millis,
        /// The new end of its life, when using it prolongs it.
        expires_at: Option<Millis>,
    },
    /// A token is taken back.
    EndToken {
        /// BLAKE3 of the token.
        hash: [u8; 32],
    },
    /// All tokens of this kind that a subject has are taken back.
    EndTokens {
        /// What they are for.
        kind: TokenKind,
        /// The person or program whose tokens they are.
        subject: String,
    },
    /// Somebody has signed in with a browser.
    Browser(BrowserRow),
    /// A browser has the cookie of a new login.
    RenewBrowser {
        /// BLAKE3 of the last one's token.
        before: [u8; 32],
        /// BLAKE3 of the new token.
        now: [u8; 32],
    },
    /// A browser is no longer remembered for somebody.
    ForgetBrowser {
        /// BLAKE3 of its token.
        hash: [u8; 32],
        /// The person who used it.
        name: String,
    },
    /// The wrong tries that somebody is shown, as they now are.
    WrongTries(WrongTriesRow),
    /// The wrong PINs that count, as they now are.
    PinTries(PinTriesRow),
    /// Somebody whom the hospital's system named, as they now are.
    Arrival(ArrivalRow),
    /// They are not offered at check-in any more.
    ArrivalGone {
        /// Their number.
        number: u64,
    },
    /// A patient as they now are.
    Patient(PatientRow),
    /// A patient turned out to be another one, who has the courses and sessions of both.
    PatientMerged {
        /// Who is no more.
        gone: PatientId,
        /// Who it is.
        into: PatientId,
    },
    /// A course of treatments.
    Course(CourseRow),
    /// A version of a list of the clinic.
    List(ListRow),
    /// A session that is over is signed off.
    SignOff(SignOffRow),
    /// Something is added to a session that is over.
    Addendum(AddendumRow),
    /// Rooms are handed over.
    HandOver(HandOverRow),
    /// Something of what is sent to the hospital's systems has changed.
    Outbound(OutboundChange),
    /// All of a session is packed.
    Sealed {
        /// Which session.
        session: SessionId,
        /// Since when.
        at: Millis,
    },
    /// Personal details of a session were removed.
    PersonalRemoved {
        /// Which session.
        session: SessionId,
        /// By whom and why.
        removal: Removal,
    },
    /// Personal details of a patient and of all their sessions were removed.
    PatientRemoved {
        /// Which patient.
        patient: PatientId,
        /// By whom and why.
        removal: Removal,
    },
    /// A session was deleted.
    Deleted {
        /// Which session.
        session: SessionId,
        /// By whom and why.
        removal: Removal,
        /// The entry of the chain `clinic` that says so.
        seq: u64,
    },
    /// Nothing of a deleted session is left.
    Emptied {
        /// Which session.
        session: SessionId,
        /// Since when.
        at: Millis,
    },
    /// What a channel says about an alert.
    Delivery(DeliveryRow),
    /// Somebody wants to be told in a browser.
    Push(PushRow),
    /// A browser is not told any more.
    PushGone {
        /// Its subscription.
        id: String,
    },
    /// Somebody has a room, or nobody has.
    Assignment(AssignmentRow),
    /// Somebody is on a break, or is back.
    Break(BreakRow),
    /// Somebody did something.
    Audit(AuditRow),
    /// What a request with an `Idempotency-Key` was answered.
    Answer(AnswerRow),
}

impl Upsert {
    pub(crate) async fn apply(&self, connection: &mut SqliteConnection) -> sqlx::Result<()> {
        match self {
            Self::Session(row) => row.upsert(connection).await,
            Self::Alert(row) => row.upsert(connection).await,
            Self::AlertOutcome(row) => row.upsert(connection).await,
            Self::DeviceHeard { device, adapter, at } => {
                devices::heard(device, adapter, *at, connection).await
            }
            Self::Binding { device, room } => {
                devices::bind(device, room.as_ref(), connection).await
            }
            Self::Called { device, original } => {
                devices::called(device, original, connection).await
            }
            Self::Claimed { device, from } => {
                devices::claimed(device, from.as_ref(), connection).await
            }
            Self::DeviceRemoved { device } => devices::forget(device, connection).await,
            Self::Room(row) => row.upsert(connection).await,
            Self::RoomRemoved { room } => rooms::remove(room, connection).await,
            Self::Profile(row) => row.upsert(connection).await,
            Self::Staff(row) => row.upsert(connection).await,
            Self::Token(row) => row.upsert(connection).await,
            Self::TokenUsed { hash, at, expires_at } => {
                tokens::used(hash, *at, *expires_at, connection).await
            }
            Self::EndToken { hash } => tokens::end(hash, connection).await,
            Self::EndTokens { kind, subject } => tokens::end_all(*kind, subject, connection).await,
            Self::Browser(row) => row.upsert(connection).await,
            Self::RenewBrowser { before, now } => {
                guessing::renew_browser(before, now, connection).await
            }
            Self::ForgetBrowser { hash, name } => {
                guessing::forget_browser(hash, name, connection).await
            }
            Self::WrongTries(row) => row.upsert(connection).await,
            Self::PinTries(row) => row.upsert(connection).await,
            Self::Arrival(row) => row.upsert(connection).await,
            Self::ArrivalGone { number } => arrivals::forget(*number, connection).await,
            Self::Patient(row) => row.upsert(connection).await,
            Self::PatientMerged { gone, into } => patients::merge(gone, into, connection).await,
            Self::Course(row) => row.upsert(connection).await,
            Self::List(row) => row.upsert(connection).await,
            Self::SignOff(row) => row.upsert(connection).await,
            Self::Addendum(row) => row.upsert(connection).await,
            Self::HandOver(row) => row.upsert(connection).await,
            Self::Outbound(change) => change.apply(connection).await,
            Self::Sealed { session, at } => keeping::seal(session, *at, connection).await,
            Self::PersonalRemoved { session, removal } => {
                keeping::remove_personal(session.as_str(), removal, connection).await
            }
            Self::PatientRemoved { patient, removal } => {
                keeping::remove_patient(patient, removal, connection).await
            }
            Self::Deleted { session, removal, seq } => {
                keeping::delete(session, removal, *seq, connection).await
            }
            Self::Emptied { session, at } => keeping::emptied(session, *at, connection).await,
            Self::Delivery(row) => row.upsert(connection).await,
            Self::Push(row) => row.upsert(connection).await,
            Self::PushGone { id } => push::remove(id, connection).await,
            Self::Assignment(row) => row.upsert(connection).await,
            Self::Break(row) => row.upsert(connection).await,
            Self::Audit(row) => row.upsert(connection).await,
            Self::Answer(row) => row.upsert(connection).await,
        }
    }

    /// Bytes that it holds in memory, roughly: what has no bound of its own is counted.
    pub(crate) fn bytes(&self) -> usize {
        let held = match self {
            Self::Session(row) => row.json.len(),
            Self::Alert(row) => row.json.len(),
            Self::Profile(row) => row.json.len(),
            Self::Arrival(row) => row.json.len(),
            Self::Patient(row) => row.json.len(),
            Self::Course(row) => row.json.len(),
            Self::List(row) => row.bytes(),
            Self::Addendum(row) => row.addendum.text.len(),
            Self::HandOver(row) => row.hand_over.rooms.len() * 128,
            Self::Outbound(change) => change.bytes(),
            Self::PersonalRemoved { removal, .. }
            | Self::PatientRemoved { removal, .. }
            | Self::Deleted { removal, .. } => removal.reason.len(),
            Self::Delivery(row) => row.bytes(),
            Self::Push(row) => row.endpoint.len() + row.name.len(),
            Self::Audit(row) => row.detail.len(),
            Self::Answer(row) => row.text_bytes(),
            _ => 0,
        };
        size_of::<Self>() + held
    }
}
