import { useSignal } from '@preact/signals';
import { second } from '../clock';
import { pretty, span } from '../format';
import { recordOpen } from '../page/dialogs';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';
import { gateOf, openItems } from './gates';
import { keyOf, usePlan, waiverOf, type Plan } from './plan';
import { careOf, type Item } from './read';
import { ItemRow, Mark } from './Row';
import { useSend, type Sender } from './send';
import { tick } from './tick';
import { Waive } from './Waive';

/** What must be there before the patient leaves: what the room measures, and what staff see. */
export function Leave({ session }: { session: Session }) {
  const plan = usePlan(session.profile);
  const sender = useSend(session);
  const items = gateOf(careOf(session), 'discharge')?.items ?? [];
  const open = items.filter(({ met }) => !met);
  return (
    <div class="care-leave" data-testid="leave">
      <p class="wrong" role="alert">
        {sender.wrong.value}
      </p>
      <List
        title={words.openList}
        note={words.countOf(open.length, items.length)}
        kind="open"
        items={open}
        plan={plan}
        sender={sender}
      />
      <List
        title={words.measured}
        note={words.cannotTick}
        kind="measured"
        items={items.filter(({ measured }) => measured)}
        plan={plan}
        sender={sender}
      />
      <List
        title={words.bySeen}
        note=""
        kind="seen"
        items={items.filter(({ measured }) => !measured)}
        plan={plan}
        sender={sender}
      />
    </div>
  );
}

interface ListProps {
  title: string;
  note: string;
  kind: 'open' | 'measured' | 'seen';
  items: readonly Item[];
  plan: Plan | null;
  sender: Sender;
}

function List({ title, note, kind, items, plan, sender }: ListProps) {
  const met = items.filter((item) => item.met).length;
  // What is open comes first: it is what there is to do.
  const inOrder = [...items].sort((a, b) => Number(a.met) - Number(b.met));
  return (
    <section
      class="care-block"
      data-list={kind}
      data-empty={items.length === 0 || undefined}
      aria-labelledby={`leave-${kind}`}
      tabIndex={0}
    >
      <header>
        <h2 id={`leave-${kind}`}>{title}</h2>
        <small>
          {[kind === 'open' ? '' : words.countOf(met, items.length), note]
            .filter(Boolean)
            .join(' · ')}
        </small>
      </header>
      <ul>
        {inOrder.map((item) => (
          <LeaveItem key={item.name} item={item} plan={plan} sender={sender} />
        ))}
      </ul>
    </section>
  );
}

function LeaveItem({ item, plan, sender }: { item: Item; plan: Plan | null; sender: Sender }) {
  const kind = plan?.items.get(keyOf('discharge', item.name))?.kind;
  if (item.measured || (kind !== 'ticked' && kind !== 'scored')) return <ItemRow item={item} />;
  if (item.met && kind === 'scored') return <ItemRow item={item} />;
  const act = () => {
    if (kind === 'scored') recordOpen.value = true;
    else void sender.send(tick(item.name, item.met), saidOf(item));
  };
  if (item.met)
    return (
      <li class="care-with-button">
        <ul>
          <ItemRow item={item} />
        </ul>
        <button
          type="button"
          data-untick={item.name}
          disabled={sender.off}
          aria-label={words.unticked(pretty(item.text))}
          onClick={act}
        >
          ✕
        </button>
      </li>
    );
  return (
    <li>
      <button
        type="button"
        class="care-tick"
        data-item={item.name}
        data-met={item.met}
        disabled={sender.off}
        onClick={act}
      >
        <Mark met={false} ticked />
        <span>
          {pretty(item.text)}
          <small>{pretty(item.detail)}</small>
        </span>
        <small class="care-who">{kind === 'scored' ? words.score : words.tapWhenSeen}</small>
      </button>
    </li>
  );
}

const saidOf = ({ text, met }: Item) => (met ? words.unticked(text) : text);

/** The end of the session: disabled with what is missing, and the way round it beside it. */
export function LeaveActions({ session }: { session: Session }) {
  const plan = usePlan(session.profile);
  const sender = useSend(session);
  const asks = useSignal(false);
  const open = openItems(gateOf(careOf(session), 'discharge'));
  const waiver = waiverOf(
    plan,
    open.map((item) => ['discharge', item] as const),
  );
  const names = open.map(({ text }) => pretty(text)).join(', ');
  if (asks.value)
    return (
      <Waive
        why={`${words.may[waiver]} ${words.mayLeave}. ${words.leaveWithout(names)}`}
        action={words.leaves}
        by={waiver}
        off={sender.off || waiver === 'nobody'}
        wrong={waiver === 'nobody' ? words.nobodyLeaves(names) : sender.brief.value}
        cancel={() => (asks.value = false)}
        done={(reason, once) =>
          void sender.send(
            { type: 'discharge', override: { reason } } as { type: string },
            words.discharged,
            once,
          )
        }
      />
    );
  return (
    <div class="care-end">
      <p class="care-open" data-testid="leave-open">
        {open.length === 0 ? (
          (sender.wrong.value ?? words.allMet)
        ) : (
          <>
            <b>{words.openCount(open.length)}</b>{' '}
            {open.map((item) => shortOf(item, second.value)).join(' · ')}
          </>
        )}
      </p>
      {open.length > 0 && (
        <button type="button" data-leave-open onClick={() => (asks.value = true)}>
          {words.leaveOpen}
        </button>
      )}
      <button
        type="button"
        class={open.length === 0 ? 'go' : ''}
        data-event="discharge"
        disabled={sender.off || open.length > 0}
        aria-label={
          open.length === 0 ? undefined : `${words.discharge}: ${words.dischargeNeeds(names)}`
        }
        onClick={() => void sender.send({ type: 'discharge' }, words.discharged)}
      >
        {words.discharge}
      </button>
    </div>
  );
}

/** `Stay of 30 min 7:50` */
function shortOf(item: Item, now: number): string {
  const { until } = item;
  const left = until !== null && until > now ? ` ${span(until - now)}` : '';
  return pretty(item.text) + left;
}
