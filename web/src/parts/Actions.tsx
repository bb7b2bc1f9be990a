import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { recordEvent, report } from '../actions';
import { detailOf } from '../api';
import { profiles } from '../lists';
import { recordOpen } from '../keys';
import { asksWhetherKnownLow } from '../marks';
import { link } from '../stream';
import { strings } from '../strings';
import type { Session } from '../wire';
import { KnownLow } from './KnownLow';

interface Action {
  readonly type: string;
  readonly label: string;
  /** The next step of the usual way through a session. */
  readonly main?: boolean;
}

const BEFORE: readonly Action[] = [
  { type: 'accept_baseline', label: strings.acceptBaseline, main: true },
];
const STOP: Action = { type: 'stop', label: strings.endInfusion };
const LEAVE: readonly Action[] = [{ type: 'discharge', label: strings.discharge, main: true }];

/** What the phase allows; the server decides, and says why when it refuses. */
const BY_PHASE: Readonly<Record<string, readonly Action[]>> = {
  checked_in: BEFORE,
  screening: BEFORE,
  baseline: BEFORE,
  held: BEFORE,
  ready: [{ type: 'start', label: strings.startInfusion, main: true }],
  infusing: [{ type: 'pause', label: strings.pauseInfusion }, STOP],
  paused: [{ type: 'resume', label: strings.resumeInfusion, main: true }, STOP],
  recovery: LEAVE,
  ready_to_leave: LEAVE,
};

export function Actions({ session }: { session: Session }) {
  const asking = useSignal<'note' | 'abort' | null>(null);
  /** Why the server did not accept a low baseline without being told that it is known. */
  const refused = useSignal<string | null>(null);
  const busy = useSignal(false);
  const approved = useApproved(session.profile);
  const off = busy.value || link.value === 'lost';

  const send = async (body: { type: string }, label: string) => {
    if (off) return;
    busy.value = true;
    const answer = await recordEvent(session.id, body);
    busy.value = false;
    if (
      !answer.ok &&
      body.type === 'accept_baseline' &&
      asksWhetherKnownLow(answer.status, answer.message)
    ) {
      refused.value = detailOf(answer.problem);
    } else if (report(answer, label)) {
      asking.value = refused.value = null;
    }
  };

  if (refused.value !== null) {
    return (
      <KnownLow
        why={refused.value}
        disabled={off}
        cancel={() => (refused.value = null)}
        done={(more) => void send({ type: 'accept_baseline', ...more }, strings.acceptBaseline)}
      />
    );
  }

  if (asking.value !== null) {
    const abort = asking.value === 'abort';
    return (
      <Ask
        label={abort ? strings.abortReason : strings.noteText}
        action={abort ? strings.abort : strings.save}
        disabled={off}
        cancel={() => (asking.value = null)}
        done={(text) =>
          void (abort
            ? send({ type: 'abort', reason: text } as { type: string }, strings.abort)
            : send({ type: 'note', text } as { type: string }, strings.note))
        }
      />
    );
  }
  return (
    <>
      <button
        type="button"
        data-event="record"
        aria-haspopup="dialog"
        onClick={() => (recordOpen.value = true)}
      >
        {strings.event} <kbd>E</kbd>
      </button>
      {!approved && <span class="unapproved">{strings.notApproved}</span>}
      {(BY_PHASE[session.phase] ?? []).map(({ type, label, main }) => (
        <button
          key={type}
          type="button"
          class={main === true ? 'go' : ''}
          data-event={type}
          disabled={off}
          onClick={() => void send({ type }, label)}
        >
          {label}
        </button>
      ))}
      <button type="button" data-event="note" onClick={() => (asking.value = 'note')}>
        {strings.note}
      </button>
      <button type="button" data-event="abort" onClick={() => (asking.value = 'abort')}>
        {strings.abort}
      </button>
    </>
  );
}

/** Nobody has put their name to these limits yet: the screen says so while that is true. */
function useApproved(profile: string): boolean {
  const approved = useSignal(true);
  useEffect(() => {
    void profiles().then((known) => {
      approved.value = known.find((one) => one.name === profile)?.approved ?? true;
    });
  }, [profile]);
  return approved.value;
}

interface AskProps {
  label: string;
  action: string;
  disabled: boolean;
  cancel: () => void;
  done: (text: string) => void;
}

/** One line of text in place of the buttons, so that no number is covered. */
function Ask({ label, action, disabled, cancel, done }: AskProps) {
  const text = useSignal('');
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.value.trim() !== '') done(text.value.trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        cancel();
      }}
    >
      <label>
        {label}
        <input
          autofocus
          required
          maxlength={500}
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="go" disabled={disabled}>
        {action}
      </button>
      <button type="button" onClick={cancel}>
        {strings.cancel}
      </button>
    </form>
  );
}
