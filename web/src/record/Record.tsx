import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { recordEvent } from '../room/recordEvent';
import { now_ms, second, span_ms } from '../clock';
import { hourMinute } from '../format';
import { recordOpen, recordPage } from '../page/dialogs';
import { idempotencyKey, type Answer } from '../api';
import { byWhom } from '../people/asked';
import { detailOf } from '../problem';
import { AudioButton } from '../parts/Audio';
import { UndoButton } from './Undo';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { offerUndo, undoable } from './undo';
import type { Session } from '../stream/shapes';
import { choices, knownChoices, type Choices } from './choices';
import { Happened } from './Happened';
import { LimitsForm } from './LimitsForm';
import './record.css';
import { RateForm } from './RateForm';
import { VitalsForm } from './VitalsForm';
import { CarePage } from './CarePage';
import { mayWait, sort } from './kept';
import { MedicationPage } from './MedicationPage';
import { forget, keepForLater, kept, nameNow } from './outbox';
import { NOW, occurredAt, type When } from './when';
import { WhenChips } from './WhenChips';
import { words as course } from '../strings/care';
import { words } from '../strings/record';

/** Records an event; gives back whether it was taken, so that a form knows to empty itself. */
export type Save = (event: { type: string }, what: string) => Promise<boolean>;

const SAID_MS = 10_000;

type Refused = Extract<Answer<unknown>, { ok: false }>;
type Page = keyof typeof words.pages;
const PAGES = Object.keys(words.pages) as Page[];

/** The sheet on which staff record what happens. It lies below the numerals, never on them. */
export function Record({ session, hidden = false }: { session: Session; hidden?: boolean }) {
  const page = useSignal<Page>(recordPage.peek() ?? 'happened');
  const said = useSignal<{ readonly text: string; readonly bad: boolean } | null>(null);
  const busy = useSignal(false);
  const sheet = useSheet();
  const hasMoved = useMoves();
  const { found, load } = useChoices(session.profile);
  /** What must be decided by the server now cannot wait. */
  const off = link.value === 'lost';

  /** When it was done. */
  const when = useSignal<When>(NOW);

  const save: Save = async (event, what) => {
    if (busy.value) return false;
    const at = occurredAt(when.value, second.value);
    if (at === null && when.value !== NOW) {
      said.value = { text: words.failed(words.notANumber(course.time)), bad: true };
      return false;
    }
    const key = idempotencyKey();
    const dated = at === null ? event : { ...event, occurred_at: at };
    if (link.value === 'lost') return keepIt(key, event, what, at);
    busy.value = true;
    /** The key of the last try: under it what was sent counts once. */
    let last = key;
    const answer = await byWhom((next) => recordEvent(session.id, dated, (last = next)), key);
    busy.value = false;
    // It may be recorded: the same again under the same key counts once.
    if (!answer.ok && answer.status === 0 && mayWait(event)) return keepIt(last, event, what, at);
    offerUndo(event.type, what, answer);
    if (!answer.ok) said.value = { text: words.failed(whyNot(answer)), bad: true };
    else if (answer.recorded) said.value = { text: `✓ ${strings.saved(what)}`, bad: false };
    else said.value = { text: strings.notRecorded(what), bad: true };
    if (answer.ok) when.value = NOW;
    return answer.ok;
  };
  /** With the time at which it was typed: it is sent later than that. */
  const keepIt = (key: string, event: { type: string }, what: string, at: number | null) => {
    if (!mayWait(event)) return false;
    const dated = { ...event, occurred_at: at ?? now_ms() };
    const isKept = keepForLater({ key, session: session.id, what, event: dated });
    said.value = { text: isKept ? course.keptOne(what) : course.keptFull, bad: true };
    when.value = NOW;
    return isKept;
  };

  // What was recorded is said as long as it can be undone; what was not, until something else is.
  useEffect(() => {
    if (said.value === null || said.value.bad) return;
    const timer = setTimeout(() => (said.value = null), SAID_MS);
    return () => clearTimeout(timer);
  }, [said.value]);
  const at = words.recordAt(hourMinute(second.value));
  const isSaid = said.value?.bad !== true && (said.value ?? undoable.value) !== null;
  return (
    <section
      class="record"
      role="dialog"
      aria-label={at}
      hidden={hidden}
      tabIndex={-1}
      ref={sheet}
      data-testid="record"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        recordOpen.value = false;
      }}
    >
      <header class="record-head">
        <h2 class="hidden">{at}</h2>
        <div class="record-pages">
          {PAGES.map((name) => (
            <button
              key={name}
              type="button"
              data-page={name}
              aria-pressed={page.value === name}
              onClick={() => (page.value = name)}
            >
              <span>
                {words.pages[name][0]}
                <span class="wide-only">{words.pages[name][1]}</span>
              </span>
            </button>
          ))}
        </div>
        {page.value !== 'limits' && <WhenChips when={when} />}
        <AudioButton />
        <button type="button" class="record-close" onClick={() => (recordOpen.value = false)}>
          {later.close}
        </button>
      </header>
      <KeptList />
      {/* An alert above moves what is below: a finger on its way must not hit another choice. */}
      <div
        class="record-body"
        onClickCapture={(event) => {
          if (!hasMoved()) return;
          event.stopPropagation();
          event.preventDefault();
        }}
      >
        {page.value === 'happened' && (
          <Happened session={session} choices={found} load={load} off={false} save={save} />
        )}
        {page.value === 'medication' && (
          <MedicationPage session={session} off={busy.value} save={save} />
        )}
        <div hidden={page.value !== 'care'}>
          <CarePage session={session} off={busy.value} save={save} />
        </div>
        {/* Kept while another page is open: what was typed is not lost. */}
        <div hidden={page.value !== 'vitals'}>
          <VitalsForm off={false} busy={busy.value} save={save} />
        </div>
        <div hidden={page.value !== 'rate'}>
          <RateForm session={session} off={false} busy={busy.value} save={save} />
        </div>
        <div hidden={page.value !== 'limits'}>
          <LimitsForm
            session={session}
            choices={found?.limits ?? []}
            off={off}
            busy={busy.value}
            save={save}
          />
        </div>
      </div>
      <p
        class="record-said"
        role="status"
        data-bad={said.value?.bad || undefined}
        data-done={isSaid || undefined}
      >
        <span>{said.value?.text ?? (undoable.value && `✓ ${undoable.value.what}`)}</span>
        <UndoButton session={session.id} onUndone={(undone) => (said.value = undone)} />
      </p>
    </section>
  );
}

/** What this device still has to send, and what it will not send by itself. */
function KeptList() {
  const { send, wait, old } = sort(kept.value, nameNow(), second.value);
  if (send.length + wait.length + old.length === 0) return null;
  return (
    <div class="notice notice-bad" data-testid="kept">
      {send.length + wait.length > 0 && <p>{course.kept(send.length + wait.length)}</p>}
      {wait.length > 0 && (
        <p>{course.keptFor([...new Set(wait.map(({ by }) => by))].join(', '))}</p>
      )}
      {old.map(({ key, what }) => (
        <p key={key}>
          {course.keptTooLong(what)}{' '}
          <button type="button" onClick={() => forget(key)}>
            {course.forget}
          </button>
        </p>
      ))}
    </div>
  );
}

function whyNot({ status, message, problem }: Refused): string {
  return status === 0 ? message : detailOf(problem);
}

/** Takes the focus when it opens, and gives it back to the button that opened it. */
function useSheet() {
  const sheet = useRef<HTMLElement>(null);
  // Before the sheet is seen: what is typed next belongs to it.
  useLayoutEffect(() => {
    sheet.current?.focus({ preventScroll: true });
    recordPage.value = null;
    return () =>
      requestAnimationFrame(() =>
        document.querySelector<HTMLElement>('[data-event="record"]')?.focus(),
      );
  }, []);
  return sheet;
}

const MOVED_MS = 400;

/** Whether an alert or a notice that came or went has just moved what is below it. */
function useMoves(): () => boolean {
  const moved_ms = useRef(-Infinity);
  useEffect(() => {
    const above = document.querySelectorAll<HTMLElement>('.stack, .notice-place');
    const heights = new Map<Element, number>();
    const observer = new ResizeObserver((changes) => {
      for (const { target, contentRect } of changes) {
        // The first time it only says how things are.
        if ((heights.get(target) ?? contentRect.height) !== contentRect.height)
          moved_ms.current = span_ms();
        heights.set(target, contentRect.height);
      }
    });
    for (const one of above) observer.observe(one);
    return () => observer.disconnect();
  }, []);
  return () => span_ms() - moved_ms.current < MOVED_MS;
}

/** Null while they are being asked for; `failed` when nobody answered and none are known. */
function useChoices(profile: string) {
  const found = useSignal<Choices | 'failed' | null>(knownChoices(profile));
  const load = async () => {
    const answer = await choices(profile);
    if (answer.ok) found.value = answer.value;
    else if (found.value === null) found.value = 'failed';
  };
  useEffect(() => void load(), [profile]);
  const { value } = found;
  return {
    found: value === 'failed' ? null : value,
    load: value === 'failed' ? load : null,
  };
}
