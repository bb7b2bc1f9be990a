import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { recordEvent } from '../alerts/actions';
import { second, span_ms } from '../clock';
import { hourMinute } from '../format';
import { recordOpen, recordPage } from '../page/dialogs';
import type { Answer } from '../api';
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
import { words } from '../strings/record';

/** Records an event; gives back whether it was taken, so that a form knows to empty itself. */
export type Save = (event: { type: string }, what: string) => Promise<boolean>;

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
  const off = link.value === 'lost';

  const save: Save = async (event, what) => {
    if (busy.value || off) return false;
    busy.value = true;
    const answer = await recordEvent(session.id, event);
    busy.value = false;
    offerUndo(event.type, what, answer);
    if (!answer.ok) said.value = { text: words.failed(whyNot(answer)), bad: true };
    else if (answer.recorded) said.value = { text: `✓ ${strings.saved(what)}`, bad: false };
    else said.value = { text: strings.notRecorded(what), bad: true };
    return answer.ok;
  };

  const at = words.recordAt(hourMinute(second.value));
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
        <h2>{at}</h2>
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
        <p class="record-said" role="status" data-bad={said.value?.bad || undefined}>
          <span>{said.value?.text ?? (undoable.value && `✓ ${undoable.value.what}`)}</span>
          <UndoButton session={session.id} onUndone={(undone) => (said.value = undone)} />
        </p>
        <AudioButton />
        <button type="button" class="record-close" onClick={() => (recordOpen.value = false)}>
          {later.close}
        </button>
      </header>
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
          <Happened session={session} choices={found} load={load} off={off} save={save} />
        )}
        {/* Kept while another page is open: what was typed is not lost. */}
        <div hidden={page.value !== 'vitals'}>
          <VitalsForm off={off} busy={busy.value} save={save} />
        </div>
        <div hidden={page.value !== 'rate'}>
          <RateForm session={session} off={off} busy={busy.value} save={save} />
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
    </section>
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
