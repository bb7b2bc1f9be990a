//! The shapes of the contract, for the OpenAPI document, from which the page's types are made.
//! What writes them stands where the thing itself does.

#![expect(missing_docs, reason = "the names are the words of the contract")]

use utoipa::ToSchema;

/// RFC 9457.
#[derive(Debug, ToSchema)]
pub struct Problem {
    #[schema(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: Option<String>,
    /// For programs, such as `already_acknowledged`.
    pub code: Option<String>,
    /// Which field of the request is meant.
    pub field: Option<String>,
    /// The alert as it is, when somebody else has taken it.
    pub alert: Option<Alert>,
    /// What a gate still waits for, in words.
    pub unmet: Option<Vec<String>>,
    /// Everything that is wrong with a profile.
    pub problems: Option<Vec<ProfileProblem>>,
    /// After how many seconds one may try again.
    pub retry_after_s: Option<u32>,
}

/// What is wrong with a profile, and where.
#[derive(Debug, ToSchema)]
pub struct ProfileProblem {
    /// Such as `conditions[3].rule.held.stages[1].for_s`.
    pub place: String,
    /// The line of the body, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what is allowed.
    pub what: String,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Role {
    Display,
    Nurse,
    Lead,
    Prescriber,
    Admin,
}

/// Who is signed in.
#[derive(Debug, ToSchema)]
pub struct Me {
    pub name: String,
    pub initials: String,
    pub role: Role,
    /// IANA name of the clinic's time zone, in which screens show clock times.
    pub time_zone: Option<String>,
    /// Who said that it is they who act here.
    pub acting: Option<Acting>,
    /// Wrong PINs and passwords under this name between the last two sign-ins, and since.
    pub wrong_tries: Option<WrongTries>,
}

/// What others, or they themselves, tried in vain under somebody's name.
#[derive(Debug, ToSchema)]
pub struct WrongTries {
    pub count: u32,
    /// Milliseconds since 1970.
    pub last_at: Option<i64>,
    /// The last places: an address, and who was signed in there.
    #[schema(rename = "where")]
    pub places: Vec<String>,
}

/// How somebody showed that it is they.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Proof {
    /// Gives a nurse's rights.
    Pin,
    /// Gives their own rights, up to a prescriber's.
    Password,
}

/// Who acts at a shared station.
#[derive(Debug, ToSchema)]
pub struct Acting {
    pub name: String,
    pub initials: String,
    /// What they may do here, which is less than their own where they gave their PIN.
    pub role: Role,
    pub proof: Proof,
    /// Milliseconds since 1970.
    pub until: i64,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Vital {
    HeartRate,
    PulseRate,
    Spo2,
    Nibp,
    RespRate,
    Temp,
    Etco2,
    PerfusionIndex,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Quality {
    Good,
    Questionable,
    Invalid,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Source {
    Monitor,
    Manual,
    Simulator,
    Demo,
    Replay,
}

/// A value with its quality, or `absent` with the reason.
#[derive(Debug, ToSchema)]
pub struct Reading {
    pub vital: Vital,
    pub value: Option<f64>,
    /// mmHg, of `nibp`.
    pub systolic: Option<f64>,
    /// mmHg, of `nibp`.
    pub diastolic: Option<f64>,
    /// mmHg, of `nibp`.
    pub mean: Option<f64>,
    pub unit: Option<String>,
    pub quality: Option<Quality>,
    /// Why there is no value, such as `sensor_off`.
    pub absent: Option<String>,
    /// Milliseconds since 1970, by the device's clock.
    pub taken_at: i64,
    /// Milliseconds since 1970.
    pub received_at: i64,
    pub device: String,
    pub source: Source,
    pub channel: Option<String>,
    pub boot: Option<String>,
    /// `below` or `above`: the value lies beyond the end of what the monitor can tell, which is
    /// `value` (`<70`).
    pub bound: Option<String>,
    /// It takes the place of the device's earlier value of the same vital and time; both are kept.
    pub corrects: Option<bool>,
    /// The device takes back its earlier value of the same vital and time.
    pub withdrawn: Option<bool>,
    /// Old when it was sent: charted, never evaluated as live.
    pub late: Option<bool>,
}

/// A time in which nothing was received: between two frames.
#[derive(Debug, ToSchema)]
pub struct Gap {
    /// Milliseconds since 1970.
    pub from: i64,
    /// Milliseconds since 1970.
    pub to: i64,
}

/// Readings, oldest first.
#[derive(Debug, ToSchema)]
pub struct Readings {
    pub readings: Vec<Reading>,
    /// Where nothing was received for more than 10 s.
    pub gaps: Vec<Gap>,
    /// Give it as `after` to go on.
    pub next: Option<String>,
}

#[derive(Debug, ToSchema)]
pub struct Patient {
    /// Such as `J.T.`, at most 12 characters.
    pub initials: String,
    /// Years.
    pub age: Option<u8>,
    pub weight_kg: Option<f64>,
}

/// A patient's normal values: mmHg, 1/min, %.
#[derive(Debug, ToSchema)]
pub struct Baseline {
    pub systolic: Option<f64>,
    pub diastolic: Option<f64>,
    pub heart_rate: Option<f64>,
    pub spo2: Option<f64>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Phase {
    CheckedIn,
    Baseline,
    Ready,
    Infusing,
    Paused,
    Recovery,
    Discharged,
    Aborted,
    Transferred,
}

/// The nearest values that alert, held for as long as their rules ask.
#[derive(Debug, ToSchema)]
pub struct Range {
    /// This value and lower ones.
    pub low: Option<f64>,
    /// This value and higher ones.
    pub high: Option<f64>,
}

/// What alerts now, with the patient's own limits and the phase: mmHg, 1/min, %, °C.
#[derive(Debug, ToSchema)]
pub struct Limits {
    pub heart_rate: Range,
    pub spo2: Range,
    pub systolic: Range,
    pub diastolic: Range,
    pub resp_rate: Option<Range>,
    pub temp: Option<Range>,
}

/// What was done in a session.
#[derive(Debug, ToSchema)]
pub struct ShownEvent {
    /// Counts from 1.
    pub n: u32,
    /// Milliseconds since 1970.
    pub at: i64,
    #[schema(rename = "type")]
    pub kind: String,
    /// Initials.
    pub by: String,
    /// What staff read.
    pub text: String,
    /// Of `manual_vitals`: what was measured, mmHg, 1/min, %, °C.
    pub values: Option<ManualVitals>,
    /// It counts as if it had never been made.
    pub withdrawn: Option<Withdrawn>,
}

/// What a person measured.
#[derive(Debug, ToSchema)]
pub struct ManualVitals {
    pub systolic: Option<f64>,
    pub diastolic: Option<f64>,
    pub mean: Option<f64>,
    pub heart_rate: Option<f64>,
    pub spo2: Option<f64>,
    pub resp_rate: Option<f64>,
    pub temp: Option<f64>,
}

/// Who withdrew an entry, and when.
#[derive(Debug, ToSchema)]
pub struct Withdrawn {
    /// Initials.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// A medical director's signature under a profile version.
#[derive(Debug, ToSchema)]
pub struct Approval {
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

/// Times are milliseconds since 1970. What a display does not see is optional.
#[derive(Debug, ToSchema)]
pub struct Session {
    pub id: String,
    pub room: String,
    pub initials: String,
    pub phase: Phase,
    pub phase_since: i64,
    pub opened_at: i64,
    pub started_at: Option<i64>,
    /// Infused before `phase_since`.
    pub infused_ms: i64,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    pub baseline: Option<Baseline>,
    /// While the session is not over.
    pub limits: Option<Limits>,
    /// Seconds between cuff pressures in this phase.
    pub cadence_s: Option<u32>,
    pub next_nibp_due: Option<i64>,
    /// The profile's name.
    pub profile: Option<String>,
    pub profile_version: Option<u32>,
    /// The profile, as staff call it.
    pub title: Option<String>,
    /// None while nobody has approved the profile.
    pub approved: Option<Approval>,
    pub events: Option<Vec<ShownEvent>>,
    pub patient: Option<Patient>,
    /// `false` when what was just done is not on disk yet.
    pub recorded: Option<bool>,
}

#[derive(Debug, ToSchema)]
pub struct Sessions {
    pub sessions: Vec<Session>,
    pub next: Option<String>,
    /// `false` when the disk did not answer: then only what the rooms know is listed, which is
    /// all that runs.
    pub complete: Option<bool>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum EventType {
    CheckIn,
    AcceptBaseline,
    Start,
    Pause,
    Resume,
    Stop,
    Note,
    BpNow,
    Correct,
    Discharge,
    Abort,
    Transfer,
}

/// What staff do in a session; which fields belong to which type stands beside them.
#[derive(Debug, ToSchema)]
pub struct Event {
    #[schema(rename = "type")]
    pub kind: EventType,
    /// When it was done, when not now: RFC 3339, or milliseconds since 1970.
    #[schema(value_type = Option<Object>)]
    pub occurred_at: Option<i64>,
    /// Of `accept_baseline`; what is left out is taken from what was measured.
    pub systolic: Option<f64>,
    /// Of `accept_baseline`.
    pub diastolic: Option<f64>,
    /// Of `accept_baseline`.
    pub heart_rate: Option<f64>,
    /// Of `accept_baseline`.
    pub spo2: Option<f64>,
    /// Of `correct`: the number of the entry that is withdrawn. Symptoms, scores, measured
    /// values, notes, changes of the rate and `bp_now` can be; a step of the session, a baseline
    /// and own limits cannot.
    pub event: Option<u32>,
    /// Of `pause`, `stop`, `correct`, `abort`, `transfer`; at most 2,000 characters.
    pub reason: Option<String>,
    /// Of `note`; at most 2,000 characters.
    pub text: Option<String>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Priority {
    High,
    Medium,
    Low,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum AlertState {
    Active,
    Latched,
    Resolved,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Outcome {
    ExpectedEffect,
    SensorResited,
    BpRepeated,
    ClinicianCalled,
    FalseAlert,
    Other,
}

/// Who took an alert, and when.
#[derive(Debug, ToSchema)]
pub struct Acknowledged {
    /// Initials.
    pub by: String,
    /// Milliseconds since 1970.
    pub at: i64,
}

#[derive(Debug, ToSchema)]
pub struct Alert {
    pub id: String,
    /// None for an alert of the ward.
    pub room: Option<String>,
    pub session: Option<String>,
    /// Such as `spo2_low`.
    pub condition: String,
    /// `physiological` or `technical`.
    pub kind: String,
    pub priority: Priority,
    pub state: AlertState,
    pub value: Option<f64>,
    pub limit: Option<f64>,
    pub unit: Option<String>,
    /// Milliseconds since 1970.
    pub raised_at: i64,
    /// Milliseconds since 1970.
    pub ended_at: Option<i64>,
    pub escalated: u32,
    pub acknowledged: Option<Acknowledged>,
    /// Who had it before it asked again, or got worse.
    pub acknowledged_before: Option<Acknowledged>,
    #[schema(value_type = Option<Object>)]
    pub outcome: Option<()>,
    /// Milliseconds since 1970.
    pub silenced_until: Option<i64>,
    /// What staff read.
    pub text: String,
    /// Screens that show it.
    pub receipts: u32,
    /// `false` when what was just done is not on disk yet.
    pub recorded: Option<bool>,
}

#[derive(Debug, ToSchema)]
pub struct Alerts {
    pub alerts: Vec<Alert>,
    pub next: Option<String>,
    /// `false` when the disk did not answer: then only what the rooms know is listed, which is
    /// all that is open.
    pub complete: Option<bool>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum DeviceLink {
    Up,
    Late,
    Down,
}

#[derive(Debug, ToSchema)]
pub struct Device {
    pub id: String,
    /// What it calls itself, where that is no id and was changed into one; at most 128 characters.
    pub original: Option<String>,
    pub room: Option<String>,
    /// Its language, such as `hl7-mllp`.
    pub adapter: Option<String>,
    pub link: DeviceLink,
    /// Milliseconds since 1970.
    pub last_seen: Option<i64>,
    pub clock_offset_ms: Option<i64>,
    /// It named two beds or two patients, or is two senders, and feeds no room until staff decide.
    pub conflict: bool,
    pub latest: Vec<Reading>,
    /// What it sends and nobody here understands, at most 32.
    pub not_understood: Vec<NotUnderstood>,
}

/// A code with its unit that a device sends and that is not understood.
#[derive(Debug, ToSchema)]
pub struct NotUnderstood {
    /// As the device writes it.
    pub code: String,
    /// As the device writes it; empty without one.
    pub unit: String,
    /// What the device calls it.
    pub name: Option<String>,
    /// In how many frames, since the server was started.
    pub count: u64,
    /// Milliseconds since 1970.
    pub last_at: i64,
}

/// A device or room that is gone.
#[derive(Debug, ToSchema)]
pub struct Removed {
    pub id: String,
    /// `false` when it is not on disk yet.
    pub recorded: Option<bool>,
}

/// The room that a device belongs to now.
#[derive(Debug, ToSchema)]
pub struct Bound {
    pub id: String,
    pub room: Option<String>,
    /// `false` when it is not on disk yet.
    pub recorded: Option<bool>,
}

#[derive(Debug, ToSchema)]
pub struct Devices {
    pub devices: Vec<Device>,
}

#[derive(Debug, ToSchema)]
pub struct Room {
    pub id: String,
    pub name: String,
    /// Its place on screen, lowest first.
    pub order: i64,
    /// Grows by one with each frame of the room on the stream.
    pub rev: u64,
    pub session: Option<Session>,
    /// What alerts now.
    pub limits: Limits,
    /// The latest reading of each vital, by its name.
    #[schema(value_type = Object)]
    pub vitals: (),
    /// The cuff's last inflation: `state` (`measuring`, `done`, `unknown`, or why there is no
    /// value), `since`, `ended_at`.
    #[schema(value_type = Option<Object>)]
    pub inflation: (),
    #[schema(value_type = Vec<Object>)]
    pub devices: (),
    pub alerts: Vec<Alert>,
    pub watched_by: u32,
}

#[derive(Debug, ToSchema)]
pub struct Rooms {
    pub rooms: Vec<Room>,
}

#[derive(Debug, ToSchema)]
pub struct ProfileSummary {
    pub name: String,
    pub title: String,
    pub version: u32,
    /// Seconds.
    pub planned_s: u32,
    /// None while nobody has approved this version.
    pub approved: Option<Approval>,
    /// Who made this version; none when it is as it was shipped.
    pub changed: Option<Approval>,
    /// Whether this version comes with the program.
    pub shipped: bool,
}

/// A version of a profile that is now kept.
#[derive(Debug, ToSchema)]
pub struct KeptProfile {
    pub name: String,
    pub version: u32,
    /// When it was just approved.
    pub approved: Option<Approval>,
    /// `false` when it is not on disk yet.
    pub recorded: Option<bool>,
}

#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Kind {
    Physiological,
    Technical,
}

/// One stage of a condition, as a sentence.
#[derive(Debug, ToSchema)]
pub struct RuleStage {
    pub priority: Priority,
    /// `caution`, `urgent`, `extreme`; of a technical condition its priority.
    pub name: String,
    pub text: String,
}

/// One condition of a profile, in sentences.
#[derive(Debug, ToSchema)]
pub struct RuleSection {
    /// Such as `spo2_low`.
    pub condition: String,
    /// What staff read.
    pub title: String,
    pub kind: Kind,
    /// When it may alarm.
    pub when: String,
    /// From the mildest to the gravest.
    pub stages: Vec<RuleStage>,
    /// When it is over.
    pub clears: String,
    pub note: Option<String>,
}

/// A profile in sentences.
#[derive(Debug, ToSchema)]
pub struct Rules {
    pub name: String,
    pub title: String,
    pub version: u32,
    /// None while nobody has approved this version.
    pub approved: Option<Approval>,
    /// When pressure is measured.
    pub cadence: Vec<String>,
    /// What holds for every condition.
    pub general: Vec<String>,
    pub sections: Vec<RuleSection>,
}

#[derive(Debug, ToSchema)]
pub struct Profiles {
    pub profiles: Vec<ProfileSummary>,
}

/// What a monitor's adapter sends; a `status` has `vital` and `status` in place of `readings`.
#[derive(Debug, ToSchema)]
pub struct IngestFrame {
    /// `readings` or `status`.
    #[schema(rename = "type")]
    pub kind: String,
    pub seq: u64,
    /// The sender's run.
    pub boot: Option<String>,
    /// RFC 3339, or milliseconds since 1970.
    #[schema(value_type = Option<Object>)]
    pub sent_at: Option<i64>,
    /// RFC 3339, or milliseconds since 1970.
    #[schema(value_type = Option<Object>)]
    pub taken_at: Option<i64>,
    #[schema(value_type = Option<Vec<Object>>)]
    pub readings: Option<()>,
    pub vital: Option<Vital>,
    pub status: Option<String>,
}

/// What a monitor's adapter is answered.
#[derive(Debug, ToSchema)]
pub struct IngestAnswer {
    /// `stored` or `rejected`.
    #[schema(rename = "type")]
    pub kind: String,
    pub seq: Option<u64>,
    /// What was refused of a frame that was stored.
    #[schema(value_type = Option<Vec<Object>>)]
    pub problems: Option<()>,
    /// Why a frame was rejected.
    #[schema(value_type = Option<Object>)]
    pub problem: Option<()>,
}
