import { useSignal } from '@preact/signals';
import { amount } from '../care/dose';
import { careOf } from '../care/read';
import { rateChange, type Typed } from './bodies';
import { Field, Wrong } from './Field';
import { presentRate } from './rate';
import type { Save } from './Record';
import type { Session } from '../stream/shapes';
import { words } from '../strings/record';

const UNITS = ['mL/h', 'mg/h', 'mL/kg/h', 'mg/kg/h'];

interface Props {
  session: Session;
  off: boolean;
  busy: boolean;
  save: Save;
}

/** What was last recorded, else what the order set the pump to. */
function rateNow(session: Session) {
  const recorded = presentRate(session.events);
  const { given, order } = careOf(session);
  const rate = given?.rate_ml_h ?? order?.rate_ml_h ?? null;
  return recorded ?? (rate === null ? null : { rate: amount(rate), unit: 'mL/h' });
}

/** The pump was set to another rate. */
export function RateForm({ session, off, busy, save }: Props) {
  // It opens with what is known: the rate of now.
  const known = rateNow(session);
  const typed = useSignal<Typed>(known === null ? {} : { from: known.rate });
  const unit = useSignal(known?.unit ?? UNITS[0] ?? '');
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const made = rateChange(typed.value, unit.value);
    wrong.value = made.wrong ?? null;
    if (made.event === undefined) return;
    const { from, to } = made.event;
    // The next change begins where this one ended.
    if (await save(made.event, words.rateChanged(from, to, unit.value)))
      typed.value = { from: String(to) };
  };
  return (
    <form
      class="fields"
      data-testid="rate-change"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field name="from" label={words.from} typed={typed} />
      <Field name="to" label={words.to} typed={typed} required />
      <label class="field">
        {words.unit}
        <select
          name="unit"
          value={unit.value}
          onChange={(event) => (unit.value = event.currentTarget.value)}
        >
          {UNITS.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
      <button type="submit" class="go" disabled={off || busy}>
        {words.saveRate}
      </button>
      <Wrong wrong={wrong.value} />
    </form>
  );
}
