import { forgetOwed, isMine, owed, say } from '../actions';
import { message } from '../alerts';
import { link } from '../stream';
import { strings } from '../strings';
import { openAlerts, roomName } from '../ward';
import type { Alert } from '../wire';

/** Asks, once an alert was taken here, what it was: the one tap that measures a rule. */
export function Outcomes({ room }: { room?: string }) {
  // What the stream says now is newer than what was kept when the alert was taken.
  const open = new Map(openAlerts.value.map((alert) => [alert.id, alert]));
  const asked = owed.value
    .map((alert) => open.get(alert.id) ?? alert)
    .filter((alert) => alert.outcome === null && (room === undefined || alert.room === room));
  const mine = openAlerts.value.filter(
    (alert) =>
      isMine(alert) &&
      alert.outcome === null &&
      (room === undefined || alert.room === room) &&
      !asked.some((other) => other.id === alert.id),
  );
  const first = [...asked, ...(room === undefined ? [] : mine)][0];
  return first === undefined ? null : <Question alert={first} />;
}

function Question({ alert }: { alert: Alert }) {
  const { what } = message(alert);
  return (
    <section class="outcomes" aria-label={strings.howDidItGo} data-outcomes={alert.id}>
      <h3>
        {roomName(alert.room) ?? strings.ward} · {what} — {strings.howDidItGo}
      </h3>
      <div class="chips">
        {Object.entries(strings.outcomes).map(([outcome, label]) => (
          <button
            key={outcome}
            type="button"
            data-outcome={outcome}
            disabled={link.value === 'lost'}
            onClick={() => void say(alert, outcome)}
          >
            {label}
          </button>
        ))}
        <button type="button" class="plain-button" onClick={() => forgetOwed(alert.id)}>
          {strings.later}
        </button>
      </div>
    </section>
  );
}
