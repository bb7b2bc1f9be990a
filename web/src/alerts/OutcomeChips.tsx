import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { outcomeAsked, outcomesOwed, type Owed } from './actions';
import { message } from './alerts';
import { span_ms } from '../clock';
import { outcomesFor } from './outcomeChoices';
import { hourMinute } from '../format';
import { noLongerOwed, recordOutcome } from './outcome';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/alertlog';
import { later } from '../strings/later';
import { openAlerts, roomName, roomStore } from '../ward/store';

/** Asks, once an alert that was taken here is over, what it was: the one tap that measures a rule. */
export function Outcomes({ room }: { room?: string }) {
  // What the stream says now is newer than what was kept when the alert was taken.
  const open = new Map(openAlerts.value.map((alert) => [alert.id, alert]));
  const asked = taskAsked(room);
  if (asked !== null) return <Question key={asked.id} alert={asked} focus />;
  const first = outcomesOwed.value
    .map((alert) => open.get(alert.id) ?? alert)
    .find(
      (alert) =>
        // While it is there nobody knows yet.
        open.get(alert.id)?.state !== 'active' &&
        alert.outcome === null &&
        (room === undefined || alert.room === room),
    );
  return first === undefined ? null : <Question key={first.id} alert={first} />;
}

/** An alert may be long over when somebody wants to say what it was: the task still names it. */
function taskAsked(room: string | undefined): Owed | null {
  const id = outcomeAsked.value;
  if (room === undefined || id === null) return null;
  const task = roomStore(room)?.session.value?.tasks.find(({ alert }) => alert === id);
  if (task === undefined) return null;
  const alert = openAlerts.value.find((one) => one.id === id);
  // Of what is not open any more the condition is not known here: any outcome may be right.
  const { text } = task;
  return (
    alert ?? { id, room, condition: '', text, state: 'resolved', ended_at: null, outcome: null }
  );
}

/** These buttons come where a finger has just been: its second tap answers nothing. */
const SETTLE_MS = 700;
const NOTE_MAX = 2_000;

function Question({ alert, focus = false }: { alert: Owed; focus?: boolean }) {
  const { id, room, ended_at } = alert;
  const chips = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const shownAt_ms = useRef(span_ms());
  const note = useSignal('');
  /** What is about to be said in words: of any outcome, or of one that is none of these. */
  const saying = useSignal<'none' | 'note' | 'other'>('none');
  const unlessBounced = (act: () => void) => {
    if (span_ms() - shownAt_ms.current >= SETTLE_MS) act();
  };
  const say = (outcome: string) => void recordOutcome(alert, outcome, note.value);
  useLayoutEffect(() => {
    if (focus) chips.current?.querySelector('button')?.focus();
  }, [focus]);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.form?.scrollIntoView({ block: 'nearest' });
  }, [saying.value]);
  return (
    <section class="outcomes" aria-label={later.howDidItGo} data-outcomes={id}>
      <h2>
        {roomName(room) ?? strings.ward} · {message(alert).what} — {later.howDidItGo}{' '}
        {ended_at !== null && <small>{words.overSince(hourMinute(ended_at))}</small>}
      </h2>
      <div class="chips" ref={chips}>
        {outcomesFor(alert.condition).map((outcome) => (
          <button
            key={outcome}
            type="button"
            data-outcome={outcome}
            disabled={link.value === 'lost'}
            aria-expanded={outcome === 'other' ? saying.value === 'other' : undefined}
            onClick={() =>
              unlessBounced(() => (outcome === 'other' ? (saying.value = 'other') : say(outcome)))
            }
          >
            {outcome === 'other'
              ? words.otherOutcome
              : later.outcomes[outcome as keyof typeof later.outcomes]}
          </button>
        ))}
        <button
          type="button"
          class="plain-button"
          data-note
          aria-expanded={saying.value === 'note'}
          onClick={() => unlessBounced(() => (saying.value = 'note'))}
        >
          {words.addNote}
        </button>
        <button
          type="button"
          class="plain-button"
          data-later
          onClick={() => unlessBounced(() => noLongerOwed(id))}
        >
          {later.later}
        </button>
      </div>
      {saying.value !== 'none' && (
        <form
          class="chips"
          onSubmit={(event) => {
            event.preventDefault();
            if (saying.value === 'other') say('other');
          }}
        >
          <input
            ref={field}
            name="note"
            autocomplete="off"
            maxlength={NOTE_MAX}
            aria-label={later.note}
            placeholder={words.noteThenTap[saying.value]}
            value={note.value}
            onInput={(event) => (note.value = event.currentTarget.value)}
          />
          {saying.value === 'other' && (
            <button class="go" data-say="other" disabled={link.value === 'lost'}>
              {words.sayOther}
            </button>
          )}
        </form>
      )}
    </section>
  );
}
