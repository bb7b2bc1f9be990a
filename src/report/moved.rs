//! Moves times with the clock, if it was set between two runs of the program.

use super::{
    AlertReceipt, AlertSilence, AlertStep, Called, Correction, Interruption, LateReading,
    LimitChange, LimitSet, PhaseSpan, RecordedDevice, RecordedEvent, RecordedPressure,
    RecordedStaff, RoomStay, Taken, WithdrawnEntry,
};
use crate::vitals::moved;

moved!(AlertReceipt { moves: at; stays: screen, kind, by });
moved!(AlertSilence { moves: at; stays: by, seconds });
moved!(AlertStep {
    moves: at;
    stays: priority, state, value, limit, acknowledged_by
});
moved!(Called { moves: at; stays: who });
moved!(Correction { moves: at, of, pressure; stays: by, original, now, reason });
moved!(Interruption { moves: from, to; stays: kind, text });
moved!(LateReading {
    moves: at, heard_at;
    stays: vital, device, value, systolic, diastolic, mean
});
moved!(LimitChange {
    moves: at;
    stays: by, prescriber, condition, text, limits, reason, follows_baseline
});
moved!(LimitSet { moves: from; stays: caution, urgent, extreme });
moved!(PhaseSpan { moves: from, to; stays: phase, by });
moved!(RecordedDevice { moves: first_at, last_at; stays: device, frames });
moved!(RecordedEvent {
    moves: at, entered_at, withdrawn;
    stays: n, kind, by, text, values
});
moved!(RecordedPressure {
    moves: at, heard_at;
    stays: systolic, diastolic, mean, source
});
moved!(RecordedStaff { moves: first_at; stays: by, acts });
moved!(RoomStay { moves: from, to; stays: room, by });
moved!(Taken { moves: at; stays: by, after_ms });
moved!(WithdrawnEntry { moves: at; stays: by, reason });
