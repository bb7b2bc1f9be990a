import { useLayoutEffect, useRef } from 'preact/hooks';
import { outcomeAsked, outcomesOwed } from './actions';
import { isMine } from './isMine';
import { message } from './alerts';
import { span_ms } from '../clock';
import { outcomesFor } from './outcomeChoices';
import { pretty } from '../format';
import { noLongerOwed, recordOutcome } from './outcome';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { openAlerts, roomName, roomStore } from '../ward/store';

/** Asks, once an alert was taken here, what it was: the one tap that measures a rule. */
export function Outcomes({ room }: { room?: string }) {
  // What the stream says now is newer than what was kept when the alert was taken.
  const open = new Map(openAlerts.value.map((alert) => [alert.id, alert]));
  const task = taskAsked(room);
  if (task !== null) return <Question key={task.id} {...task} focus />;
  const waiting = outcomesOwed.value
    .map((alert) => open.get(alert.id) ?? alert)
    .filter((alert) => alert.outcome === null && (room === undefined || alert.room === room));
  const mine = openAlerts.value.filter(
    (alert) =>
      isMine(alert) &&
      alert.outcome === null &&
      (room === undefined || alert.room === room) &&
      !waiting.some((other) => other.id === alert.id),
  );
  const first = [...waiting, ...(room === undefined ? [] : mine)][0];
  if (first === undefined) return null;
  const { id, condition } = first;
  return <Question key={id} {...{ id, condition }} room={first.room} what={message(first).what} />;
}

/** An alert may be long over when somebody wants to say what it was: the task still names it. */
function taskAsked(room: string | undefined): Asked | null {
  const id = outcomeAsked.value;
  if (room === undefined || id === null) return null;
  const task = roomStore(room)?.session.value?.tasks.find(({ alert }) => alert === id);
  if (task === undefined) return null;
  const alert = openAlerts.value.find((one) => one.id === id);
  const what = alert === undefined ? pretty(task.text) : message(alert).what;
  return { id, room, what, condition: alert?.condition ?? null };
}

interface Asked {
  readonly id: string;
  readonly room: string | null;
  readonly what: string;
  /** Null when that is no longer known. */
  readonly condition: string | null;
}

/** These buttons come where a finger has just been: its second tap answers nothing. */
const SETTLE_MS = 700;

function Question({ id, room, what, condition, focus = false }: Asked & { focus?: boolean }) {
  const offered = condition === null ? Object.keys(later.outcomes) : outcomesFor(condition);
  const chips = useRef<HTMLDivElement>(null);
  const shownAt_ms = useRef(span_ms());
  const unlessBounced = (act: () => void) => {
    if (span_ms() - shownAt_ms.current >= SETTLE_MS) act();
  };
  useLayoutEffect(() => {
    if (focus) chips.current?.querySelector('button')?.focus();
  }, [focus]);
  return (
    <section class="outcomes" aria-label={later.howDidItGo} data-outcomes={id}>
      <h2>
        {roomName(room) ?? strings.ward} · {what} — {later.howDidItGo}
      </h2>
      <div class="chips" ref={chips}>
        {offered.map((outcome) => (
          <button
            key={outcome}
            type="button"
            data-outcome={outcome}
            disabled={link.value === 'lost'}
            onClick={() => unlessBounced(() => void recordOutcome(id, outcome))}
          >
            {later.outcomes[outcome as keyof typeof later.outcomes]}
          </button>
        ))}
        <button
          type="button"
          class="plain-button"
          onClick={() => unlessBounced(() => noLongerOwed(id))}
        >
          {later.later}
        </button>
      </div>
    </section>
  );
}
