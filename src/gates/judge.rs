use super::facts::Facts;
use super::met_by::MetBy;
use super::row::{Gate, Item, ItemKind};
use super::state::{GateState, ItemState};
use super::step::Step;
use super::waived_by::WaivedBy;

impl MetBy {
    const fn of(kind: &ItemKind) -> Self {
        match kind {
            ItemKind::Ticked {} => Self::Tick,
            ItemKind::Stated(item) if item.is_ticked() => Self::SecondPerson,
            ItemKind::Stated(_) => Self::Statement,
            ItemKind::Question {} => Self::Answer,
            ItemKind::Scored(_) => Self::Score,
            ItemKind::Baseline {} => Self::Baseline,
            ItemKind::Stay(_)
            | ItemKind::Pressures(_)
            | ItemKind::PressureAt(_)
            | ItemKind::Vital(_)
            | ItemKind::Signal(_)
            | ItemKind::FreeOf(_)
            | ItemKind::NoHold {}
            | ItemKind::AlertsClosed(_)
            | ItemKind::NoneActive(_) => Self::Room,
        }
    }
}

impl Item {
    /// How it is now.
    #[must_use]
    pub fn state(&self, facts: &dyn Facts) -> ItemState {
        let state = match &self.kind {
            ItemKind::Ticked {} => match facts.ticked(&self.name) {
                Some(signed) => ItemState::met("").signed(signed),
                None => ItemState::open("not ticked yet"),
            },
            ItemKind::Question {} => self.question(facts),
            ItemKind::Stated(item) => item.state(facts, &self.name),
            ItemKind::Scored(item) => item.state(facts),
            ItemKind::Stay(item) => item.state(facts),
            ItemKind::Pressures(item) => item.state(facts),
            ItemKind::PressureAt(item) => item.state(facts),
            ItemKind::Vital(item) => item.state(facts),
            ItemKind::Signal(item) => item.state(facts),
            ItemKind::FreeOf(item) => item.state(facts),
            ItemKind::NoHold {} => match facts.hold() {
                Some((why, _)) => ItemState::open(why),
                None => ItemState::met(""),
            },
            ItemKind::Baseline {} => match facts.baseline_pressure() {
                Some(pressure) => ItemState::met(pressure.to_string()),
                None => ItemState::open("not accepted yet"),
            },
            ItemKind::AlertsClosed(item) => item.state(facts),
            ItemKind::NoneActive(item) => item.state(facts),
        };
        let measured = self.kind.is_measured();
        let (name, text) = (self.name.clone(), self.text.clone());
        let (waived_by, met_by) = (self.waived_by(facts), MetBy::of(&self.kind));
        ItemState { name, text, measured, waived_by, met_by, ..state }
    }

    /// Who may go on without it now. A reason to hold says so itself; an alert that is not about the
    /// patient, such as of a screen without sound, keeps nobody here whom a lead lets go.
    #[must_use]
    pub fn waived_by(&self, facts: &dyn Facts) -> WaivedBy {
        match &self.kind {
            ItemKind::NoHold {} => {
                facts.hold().map_or(self.waived_by, |(_, by)| by.max(self.waived_by))
            }
            ItemKind::NoneActive(_) => match facts.active_urgent() {
                Some(alert) if !alert.is_physiological => self.waived_by.min(WaivedBy::Lead),
                _ => self.waived_by,
            },
            _ => self.waived_by,
        }
    }

    /// Whether it is a reason to hold.
    #[must_use]
    pub const fn is_hold(&self) -> bool {
        matches!(self.kind, ItemKind::NoHold {})
    }

    fn question(&self, facts: &dyn Facts) -> ItemState {
        match (facts.answered(&self.name), facts.reviewed()) {
            (None, _) => ItemState::open("not asked yet"),
            (Some((false, signed)), _) => ItemState::met("no").signed(signed),
            (Some((true, _)), Some(prescriber)) => {
                ItemState::met("yes, a prescriber has looked at it").signed(prescriber)
            }
            (Some((true, signed)), None) => {
                ItemState::open("yes: a prescriber looks at it").signed(signed)
            }
        }
    }
}

impl Gate {
    /// What it asks for. Of a session whose paperwork is kept elsewhere that is what the room
    /// measures, before the start and before leaving.
    fn asked(&self, has_paperwork: bool) -> impl Iterator<Item = &Item> {
        let is_of_room = matches!(self.step, Step::Start | Step::Discharge);
        let is_asked = move |item: &&Item| is_of_room && item.kind.is_measured();
        self.items.iter().filter(move |item| has_paperwork || is_asked(item))
    }

    /// How every item is now.
    #[must_use]
    pub fn state(&self, facts: &dyn Facts, has_paperwork: bool) -> GateState {
        let items = self.asked(has_paperwork).map(|item| item.state(facts)).collect();
        GateState { step: self.step, items }
    }

    /// The items that are not met, each with how it is.
    #[must_use]
    pub fn unmet(&self, facts: &dyn Facts, has_paperwork: bool) -> Vec<(&Item, ItemState)> {
        let judged = self.asked(has_paperwork).map(|item| (item, item.state(facts)));
        judged.filter(|(_, state)| !state.met).collect()
    }
}
