import { useSignal } from '@preact/signals';
import { asksWhetherKnownLow } from '../room/annotationText';
import { hourMinute, pretty } from '../format';
import { recordOpen } from '../page/dialogs';
import { words } from '../strings/care';
import { later } from '../strings/later';
import type { Session } from '../stream/shapes';
import { gateOf, type Placed } from './gates';
import { keyOf, waiverOf, type Plan } from './plan';
import { calipers } from './calipers';
import { SuggestedBaseline } from './Earlier';
import { careOf, type ListedValue } from './read';
import { Body, ItemRow } from './Row';
import { withReason, type Sender } from './send';
import { Waive } from './Waive';

interface Props {
  session: Session;
  items: readonly Placed[];
  plan: Plan | null;
  sender: Sender;
  low: (why: string) => void;
}

/** The pressures that the baseline is taken from, what it still waits for, and its values. */
export function BaselineBlock({ session, items, plan, sender, low }: Props) {
  const { baseline } = session;
  const values = items.flatMap(({ step, item }) => (step === 'baseline' ? item.values : []));
  // All that its gate asks for, wherever it is shown: the weight and the signal have their own blocks.
  const mine = (gateOf(careOf(session), 'baseline')?.items ?? []).map((item): Placed => ({
    step: 'baseline',
    item,
  }));
  const ready = mine.length === 0 || mine.every(({ item }) => item.met);
  const score = mine.find(
    ({ step, item }) => !item.met && plan?.items.get(keyOf(step, item.name))?.kind === 'scored',
  );
  const waiver = waiverOf(
    plan,
    mine.filter(({ item }) => !item.met).map(({ step, item }) => [step, item] as const),
  );
  /** The gate refused it: with a reason it may be accepted all the same. */
  const waives = useSignal(false);
  const accept = async (reason = '', once = false) => {
    const event = withReason({ type: 'accept_baseline' }, reason);
    const done = await sender.send(event, later.acceptBaseline, once);
    const why = sender.wrong.peek();
    waives.value = !done && sender.unmet.peek();
    if (!done && !waives.value && why !== null && asksWhetherKnownLow(409, why)) low(why);
  };
  // What was missing may have come since.
  if (waives.value && !ready)
    return (
      <Waive
        why={words.acceptWithout(
          mine
            .filter(({ item }) => !item.met)
            .map(({ item }) => pretty(item.text))
            .join(', '),
        )}
        action={words.acceptAllTheSame}
        by={waiver}
        off={sender.off}
        wrong={sender.brief.value}
        cancel={() => (waives.value = false)}
        done={(reason, once) => void accept(reason, once)}
      />
    );
  return (
    <>
      <Body>
        <div class="care-baseline">
          <ul>
            {values.map(({ at, text }, index) => (
              <li key={at} class="care-line">
                <span>
                  {words.nth(index)} {hourMinute(at)}
                </span>
                <b>{text}</b>
              </li>
            ))}
            {items
              .filter(
                ({ step, item }) => !item.met || (step === 'baseline' && item.values.length === 0),
              )
              .map(({ step, item }) => (
                <ItemRow key={`${step} ${item.name}`} item={{ ...item, values: [] }} brief />
              ))}
            <SuggestedBaseline session={session} />
          </ul>
          <Calipers values={values} />
        </div>
      </Body>
      <p class="care-result care-line">
        <span>{words.baseline}</span>
        <b>
          {baseline === null
            ? words.notYet
            : [
                `${baseline['systolic'] ?? '––'}/${baseline['diastolic'] ?? '––'}`,
                baseline['heart_rate'],
                baseline['spo2'],
              ]
                .filter((one) => one !== undefined)
                .join(' · ')}
        </b>
      </p>
      <div class="care-buttons">
        {baseline === null && session.phase !== 'checked_in' && (
          <button
            type="button"
            class={ready ? 'go' : ''}
            data-event="accept_baseline"
            disabled={sender.off}
            onClick={() => void accept()}
          >
            {later.acceptBaseline}
          </button>
        )}
        {score !== undefined && (
          <button type="button" data-score-now onClick={() => (recordOpen.value = true)}>
            {words.score}
          </button>
        )}
      </div>
    </>
  );
}

const WIDTH = 200;
const HEIGHT = 110;

/** The pressures as bars from systolic to diastolic, as the trend draws them. */
function Calipers({ values }: { values: readonly ListedValue[] }) {
  const drawn = calipers(values, { width: WIDTH, height: HEIGHT });
  if (drawn.bars.length === 0) return null;
  return (
    <svg class="care-calipers" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {drawn.lines.map(({ value, y }) => (
        <g key={value}>
          <path class="care-grid" d={`M34 ${y}H${WIDTH}`} />
          <text x="0" y={y + 5}>
            {value}
          </text>
        </g>
      ))}
      {drawn.bars.map(({ at, x, top, bottom }) => (
        <path
          key={at}
          class="care-bar"
          d={`M${x - 6} ${top - 6}L${x} ${top}L${x + 6} ${top - 6}M${x} ${top}V${bottom}M${x - 6} ${bottom + 6}L${x} ${bottom}L${x + 6} ${bottom + 6}`}
        />
      ))}
    </svg>
  );
}
