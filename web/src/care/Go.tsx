import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { second } from '../clock';
import { hourMinute, pretty, span } from '../format';
import { link } from '../stream/socket';
import { measuredAt } from '../room/vitals';
import { words } from '../strings/care';
import { later } from '../strings/later';
import type { RoomStore } from '../ward/store';
import type { Session } from '../stream/shapes';
import { amount } from './dose';
import { asThingsToDo, BLOCKS, gateOf, openBeforeStart, readiness, remeasureAt } from './gates';
import { waiverOf, type Plan } from './plan';
import type { Care, Item } from './read';
import type { Sender } from './send';
import { Waive } from './Waive';

interface Props {
  room: RoomStore;
  session: Session;
  care: Care;
  plan: Plan | null;
  sender: Sender;
  children: ComponentChildren;
}

/** The one big answer: GO, HOLD, or what is still to be done. */
export function Go({ room, session, care, plan, sender, children }: Props) {
  const asks = useSignal<'waive' | 'abort' | null>(null);
  const now = second.value;
  const ready = readiness(care, session.phase);
  const open = asThingsToDo(openBeforeStart(care));
  const start = gateOf(care, 'start')?.items ?? [];
  const atStart = start.filter(({ met }) => !met);
  const sprays = plan?.dose?.sprays != null;
  const type = sprays ? 'spray' : 'start';
  const what = sprays ? words.sprayed : words.started;
  const rate = care.order?.rate_ml_h ?? null;

  const waiver = waiverOf(
    plan,
    atStart.map((item) => ['start', item] as const),
  );

  if (asks.value === 'abort') return <NotToday sender={sender} close={() => (asks.value = null)} />;
  if (asks.value === 'waive')
    return (
      <Waive
        why={`${words.may[waiver]} ${words.mayStart(atStart.map((item) => pretty(item.text)).join(', '))}`}
        action={later.startAllTheSame}
        by={waiver}
        off={sender.off}
        wrong={sender.brief.value}
        cancel={() => (asks.value = null)}
        done={(reason, once) =>
          void sender
            .send({ type, override: { reason } } as { type: string }, what, once)
            .then((done) => done && (asks.value = null))
        }
      />
    );

  const mayWaive =
    atStart.length > 0 && session.phase !== 'checked_in' && session.baseline !== null;
  return (
    <div class="care-side">
      <div class="care-scroll" role="region" aria-label={words.beforeStart} tabIndex={0}>
        {ready.is === 'hold' && <Hold room={room} why={ready.why} now={now} />}
        {ready.is === 'go' ? (
          <button
            type="button"
            class="care-go care-first"
            data-event={type}
            disabled={sender.off}
            onClick={() => void sender.send({ type }, what)}
          >
            <strong>{words.go}</strong>
            <span>
              <b>
                {sprays
                  ? words.firstSpray
                  : rate === null
                    ? words.startPump
                    : words.startAt(amount(rate))}
              </b>
              {words.recordsStart(start.length)}
            </span>
          </button>
        ) : (
          <section class="care-block care-first" aria-labelledby="open-before">
            <header>
              <h2 id="open-before">{words.openBefore}</h2>
              <small>{open.length}</small>
            </header>
            <ul>
              {open.slice(0, MOST_LISTED).map(({ block, step, item, count }) => (
                <li key={`${block} ${item.name}`} class="care-line" data-open-item={item.name}>
                  <span>
                    <b>{block}</b> {step === 'screening' ? words.screening : pretty(item.text)}
                  </span>
                  <small>{step === 'screening' ? words.questions(count) : left(item, now)}</small>
                </li>
              ))}
              {open.length > MOST_LISTED && <li>+{open.length - MOST_LISTED}</li>}
            </ul>
          </section>
        )}
        {ready.is !== 'go' && mayWaive && (
          <section class="care-block care-first" data-testid="may">
            <p>
              <b>{words.may[waiver]}</b>{' '}
              {waiver === 'nobody'
                ? words.nobodyMay(atStart.map(({ text }) => pretty(text)).join(', '))
                : words.mayStart(atStart.map(({ text }) => pretty(text)).join(', '))}
            </p>
            {waiver !== 'nobody' && (
              <button
                type="button"
                data-waive
                disabled={sender.off}
                onClick={() => (asks.value = 'waive')}
              >
                {words.signs[waiver]}
              </button>
            )}
          </section>
        )}
        <p class="wrong care-first" role="alert">
          {sender.wrong.value}
        </p>
        {children}
      </div>
      <div class="care-buttons care-first">
        {ready.is !== 'go' && (
          <button type="button" class="care-needs" disabled data-go="no">
            {session.phase === 'checked_in' ? words.needsCheckIn : words.needs(blocksOf(open))}
          </button>
        )}
        <button type="button" data-event="abort" onClick={() => (asks.value = 'abort')}>
          {words.notToday}
        </button>
      </div>
    </div>
  );
}

/** How long it still takes by itself; what is missing its own block says. */
const left = ({ until }: Item, now: number) =>
  until !== null && until > now ? span(until - now) : '';

/** The list beside the blocks is no second page. */
const MOST_LISTED = 6;

/** `2 Order, 4 Baseline` */
function blocksOf(open: readonly { block: number }[]): string {
  const numbers = [...new Set(open.map(({ block }) => block))];
  return numbers
    .map((block) => `${block} ${words.blocks[BLOCKS[block - 1] ?? 'checklist']}`)
    .join(', ');
}

function Hold({ room, why, now }: { room: RoomStore; why: string; now: number }) {
  const cuff = room.vitals.value['nibp'];
  const measured = cuff?.systolic === undefined ? null : measuredAt(cuff);
  const at = remeasureAt(why, measured);
  const isLost = link.value === 'lost';
  const share = at === null || measured === null ? 0 : (now - measured) / (at - measured);
  return (
    <section class="care-hold care-first" data-testid="hold" role="status">
      <p>
        <strong>{words.hold}</strong>
        {cuff?.systolic !== undefined && !isLost && (
          <b>
            {cuff.systolic}/{cuff.diastolic}
          </b>
        )}
      </p>
      <p>{pretty(why)}</p>
      {at !== null && !isLost && (
        <>
          <p class="care-count" aria-live="off">
            {at > now ? (
              <>
                <b>{span(at - now)}</b> {words.remeasure(hourMinute(at))}
              </>
            ) : (
              <b>{words.remeasureNow}</b>
            )}
          </p>
          <div class="care-progress" aria-hidden="true">
            <i style={{ transform: `scaleX(${Math.min(1, Math.max(0, share)).toFixed(3)})` }} />
          </div>
        </>
      )}
    </section>
  );
}

/** The session ends without treatment: why is in the record. */
function NotToday({ sender, close }: { sender: Sender; close: () => void }) {
  const reason = useSignal('');
  return (
    <form
      class="care-waive"
      onSubmit={(event) => {
        event.preventDefault();
        const said = reason.value.trim();
        if (said !== '')
          void sender.send({ type: 'abort', reason: said } as { type: string }, words.notToday);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <label>
        {words.notTodayWhy}
        <input
          name="reason"
          autofocus
          required
          maxlength={500}
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
      <p class="wrong" role="alert">
        {sender.wrong.value}
      </p>
      <div class="care-buttons">
        <button type="submit" class="go" disabled={sender.off}>
          {words.notToday}
        </button>
        <button type="button" onClick={close}>
          {words.keepSession}
        </button>
      </div>
    </form>
  );
}
