import { useSignal } from '@preact/signals';
import { report, showNotice } from '../alerts/actions';
import { recordEvent } from './recordEvent';
import { message } from '../alerts/alerts';
import { plainWords } from '../api';
import { byWhom } from '../people/asked';
import { detailOf } from '../problem';
import { recordOpen, recordPage } from '../page/dialogs';
import { asksWhetherKnownLow } from './annotationText';
import type { Course } from './course';
import { Ways } from '../parts/care';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { offerUndo } from '../record/undo';
import type { RoomStore } from '../ward/store';
import type { Session } from '../stream/shapes';
import { KnownLow } from './KnownLow';

/** What is asked before something is recorded. */
type Question = 'note' | 'stop' | 'start' | 'discharge';

interface Action {
  readonly type: string;
  readonly label: string;
  /** The next step of the usual way through a session. */
  readonly main?: boolean;
  readonly key?: string;
}

const BEFORE: readonly Action[] = [
  { type: 'accept_baseline', label: later.acceptBaseline, main: true },
];
const STOP: Action = { type: 'stop', label: later.endInfusion };
const LEAVE: readonly Action[] = [{ type: 'discharge', label: later.discharge, main: true }];

/** What the phase allows; the server decides, and says why when it refuses. */
const BY_PHASE: Readonly<Record<string, readonly Action[]>> = {
  checked_in: BEFORE,
  screening: BEFORE,
  baseline: BEFORE,
  held: BEFORE,
  ready: [{ type: 'start', label: later.startInfusion, main: true }],
  infusing: [{ type: 'pause', label: later.pauseInfusion, key: 'h' }, STOP],
  paused: [{ type: 'resume', label: later.resumeInfusion, main: true, key: 'h' }, STOP],
  recovery: LEAVE,
  ready_to_leave: LEAVE,
};

/** What still alarms, and what the patient still has: with it nobody is sent home by one tap. */
function stillOpen(room: RoomStore, session: Session): string[] {
  const active = room.alerts.value.filter(({ state }) => state === 'active');
  return [
    ...active.map((alert) => message(alert).what),
    ...session.symptoms.map(({ text }) => text),
  ];
}

interface Props {
  room: RoomStore;
  session: Session;
  /** A page of its own leads through these steps: they are not done here as well. */
  course: Course;
}

/** What the pages of a course do themselves. */
const ON_PAGE: ReadonlySet<string> = new Set(['accept_baseline', 'start', 'discharge']);

export function Actions({ room, session, course }: Props) {
  const open = stillOpen(room, session);
  const asking = useSignal<Question | null>(null);
  /** Another room, other people, or no treatment at all. */
  const ways = useSignal(false);
  /** What a gate that refused the start still waits for. */
  const unmet = useSignal<string | null>(null);
  /** Why the server did not accept a low baseline: nobody said that it is known. */
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const off = busy.value || link.value === 'lost';

  const send = async (body: { type: string }, label: string) => {
    if (off) return;
    busy.value = true;
    const answer = await byWhom((key) => recordEvent(session.id, body, key));
    busy.value = false;
    if (
      !answer.ok &&
      body.type === 'accept_baseline' &&
      asksWhetherKnownLow(answer.status, answer.message)
    ) {
      refused.value = detailOf(answer.problem);
    } else if (!answer.ok && body.type === 'start' && answer.status === 409) {
      unmet.value = plainWords(answer.problem);
      asking.value = 'start';
    } else if (offerUndo(body.type, label, answer) || report(answer, label)) {
      asking.value = refused.value = null;
      const pump = later.atThePump[body.type];
      if (pump !== undefined && answer.ok && answer.recorded)
        showNotice(later.recordedBut(label, pump));
    }
  };

  /** Asks whoever is in the room for a reading, and opens the place to enter it. */
  const bpNow = () => {
    void send({ type: 'bp_now' }, later.bpNow);
    recordPage.value = 'vitals';
    recordOpen.value = true;
  };

  const asksFirst = (type: string): type is 'stop' | 'discharge' =>
    type === 'stop' || (type === 'discharge' && open.length > 0);

  if (refused.value !== null) {
    return (
      <KnownLow
        why={refused.value}
        disabled={off}
        cancel={() => (refused.value = null)}
        done={(more) => void send({ type: 'accept_baseline', ...more }, later.acceptBaseline)}
      />
    );
  }

  if (ways.value) return <Ways room={room} session={session} close={() => (ways.value = false)} />;
  if (asking.value !== null) {
    const question = asking.value;
    const { label, action, what, body, optional } = QUESTIONS[question];
    return (
      <Ask
        key={question}
        why={
          question === 'start'
            ? unmet.value
            : question === 'discharge'
              ? later.stillOpen(open.join('; '))
              : null
        }
        label={label}
        action={action}
        optional={optional === true}
        disabled={off}
        cancel={() => (asking.value = null)}
        done={(text) => void send(body(text), what)}
      />
    );
  }
  return (
    <>
      <button
        type="button"
        data-event="record"
        data-key="e"
        aria-haspopup="dialog"
        onClick={() => (recordOpen.value = true)}
      >
        {later.event} <kbd>E</kbd>
      </button>
      <button
        type="button"
        data-event="bp_now"
        data-key="b"
        aria-haspopup="dialog"
        disabled={off}
        onClick={bpNow}
      >
        {later.bpNow} <kbd>B</kbd>
      </button>
      {(BY_PHASE[session.phase] ?? [])
        .filter(({ type }) => course === null || !ON_PAGE.has(type))
        .map(({ type, label, main, key }) => (
          <button
            key={type}
            type="button"
            class={main === true && !asksFirst(type) ? 'go' : ''}
            data-event={type}
            data-key={key}
            disabled={off}
            onClick={() => {
              if (asksFirst(type)) asking.value = type;
              else void send({ type }, label);
            }}
          >
            {label} {key !== undefined && <kbd>{key.toUpperCase()}</kbd>}
          </button>
        ))}
      {course !== 'leave' && (
        <button type="button" data-event="note" onClick={() => (asking.value = 'note')}>
          {later.note}
        </button>
      )}
      <button type="button" data-more onClick={() => (ways.value = true)}>
        {later.moreWays}
      </button>
    </>
  );
}

const QUESTIONS: Readonly<
  Record<
    Question,
    {
      readonly label: string;
      readonly action: string;
      readonly what: string;
      readonly body: (text: string) => { type: string };
      readonly optional?: boolean;
    }
  >
> = {
  note: event('note', later.noteText, later.save, later.note, 'text'),
  stop: {
    ...event('stop', later.endReason, later.endInfusion, later.endInfusion, 'reason'),
    optional: true,
  },
  discharge: {
    ...event('discharge', '', later.dischargeAllTheSame, later.discharge, ''),
    optional: true,
  },
  start: {
    ...event('start', later.startReason, later.startAllTheSame, later.startInfusion, 'reason'),
    body: (reason) => ({ type: 'start', override: { reason } }) as { type: string },
  },
};

function event(type: string, label: string, action: string, what: string, field: string) {
  const body = (text: string) => (text === '' ? { type } : { type, [field]: text });
  return { label, action, what, body };
}

interface AskProps {
  /** What speaks against it. */
  why: string | null;
  /** Empty when nothing can be said. */
  label: string;
  action: string;
  /** Nothing need be said. */
  optional: boolean;
  disabled: boolean;
  cancel: () => void;
  done: (text: string) => void;
}

/** One line of text in place of the buttons, so that no number is covered. */
function Ask({ why, label, action, optional, disabled, cancel, done }: AskProps) {
  const text = useSignal('');
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (optional || text.value.trim() !== '') done(text.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        cancel();
      }}
    >
      {why !== null && (
        <p class="ask-why" role="alert">
          {why}
        </p>
      )}
      {label !== '' && (
        <label>
          {label}
          <input
            autofocus
            required={!optional}
            maxlength={500}
            value={text.value}
            onInput={(event) => (text.value = event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class="go" disabled={disabled}>
        {action}
      </button>
      <button type="button" onClick={cancel}>
        {later.cancel}
      </button>
    </form>
  );
}
