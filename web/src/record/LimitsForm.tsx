import { useSignal } from '@preact/signals';
import { pretty } from '../format';
import { OwnLimits } from '../parts/OwnLimits';
import { limitText } from '../vitals';
import type { Session } from '../wire';
import { loosens, ownLimits, vitalOf, type Typed } from './bodies';
import type { Choice } from './choices';
import { Field, Wrong } from './Field';
import type { Save } from './Record';
import { words } from '../strings/record';

interface Props {
  session: Session;
  choices: readonly Choice[];
  off: boolean;
  busy: boolean;
  save: Save;
}

const STAGES = ['caution', 'urgent', 'extreme'] as const;

/** Limits for this patient alone. Looser ones need the name of a prescriber. */
export function LimitsForm({ session, choices, off, busy, save }: Props) {
  const condition = useSignal('');
  const typed = useSignal<Typed>({});
  const wrong = useSignal<string | null>(null);
  const own = session.personal_limits.find((one) => one.condition === condition.value);
  const label = pretty(choices.find(({ name }) => name === condition.value)?.text ?? '');
  const bounds = session.limits[vitalOf(condition.value)];
  const side = condition.value.endsWith('_low') ? { low: bounds?.low } : { high: bounds?.high };
  const now = limitText(side as typeof bounds);

  const choose = (name: string) => {
    condition.value = name;
    const known = session.personal_limits.find((one) => one.condition === name);
    typed.value = {
      ...typed.value,
      ...Object.fromEntries(STAGES.map((stage) => [stage, String(known?.[stage] ?? '')])),
    };
  };
  const submit = async (takeAway: boolean) => {
    const made = ownLimits(condition.value, typed.value, takeAway);
    wrong.value = made.wrong ?? null;
    if (made.event === undefined) return;
    const what = takeAway ? words.takenAway(label) : words.ownLimitsOf(label);
    if (!(await save(made.event, what))) return;
    condition.value = '';
    typed.value = {};
  };
  return (
    <div class="own-limits">
      <form
        class="fields"
        data-testid="limits"
        onSubmit={(event) => {
          event.preventDefault();
          const { submitter } = event;
          void submit(submitter instanceof HTMLButtonElement && submitter.value === 'take-away');
        }}
      >
        <label class="field field-words">
          {words.condition}
          <select
            name="condition"
            required
            value={condition.value}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="">{words.choose}</option>
            {choices.map(({ name, text }) => (
              <option key={name} value={name}>
                {pretty(text)}
              </option>
            ))}
          </select>
        </label>
        {STAGES.map((stage) => (
          <Field key={stage} name={stage} label={words.stages[stage]} typed={typed} />
        ))}
        <Field name="reason" label={words.reason} typed={typed} words required />
        <Field
          name="prescriber"
          label={words.prescriberHint}
          typed={typed}
          words
          required={loosens(condition.value, typed.value['caution'] ?? '', bounds)}
        />
        <button type="submit" class="go" disabled={off || busy}>
          {words.saveLimits}
        </button>
        {own !== undefined && (
          <button type="submit" value="take-away" formNoValidate disabled={off || busy}>
            {words.takeAway}
          </button>
        )}
        <Wrong wrong={wrong.value} />
        <p class="quiet">
          {now !== '' && `${words.now(now)} `}
          {words.limitsHint}
        </p>
      </form>
      <OwnLimits session={session} />
    </div>
  );
}
