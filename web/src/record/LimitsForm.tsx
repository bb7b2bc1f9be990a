import { useSignal } from '@preact/signals';
import { actsNow } from '../people/acting';
import { pretty } from '../format';
import { askWho } from '../people/Who';
import { end } from '../people/identify';
import { me } from '../people/account';
import { OwnLimits } from '../room/OwnLimits';
import { limitText } from '../room/limits';
import type { Session } from '../stream/shapes';
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

/** Nobody is named in somebody else's place: whoever decides says who they are. */
function Prescriber() {
  const who = actsNow.value ?? me.value;
  return (
    <div class="field-words" data-testid="prescriber">
      {who != null && (who.role === 'prescriber' || who.role === 'admin') ? (
        <p>{words.decides(who.name)}</p>
      ) : (
        <button type="button" onClick={askWho}>
          {words.sayWho}
        </button>
      )}
      <p class="quiet">{words.looser}</p>
    </div>
  );
}

const STAGES = ['caution', 'urgent', 'extreme'] as const;

/** Limits for this patient alone. Looser ones are a prescriber's, who gives their password here or
 * has signed in on their own screen. */
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
    const isLooser = takeAway || loosens(condition.value, typed.value, { own, bounds });
    if (!(await save(made.event, what))) return;
    condition.value = '';
    typed.value = {};
    // Who came for this decision does not go on acting in the nurse's place.
    if (isLooser && actsNow.value !== null) void end();
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
        {loosens(condition.value, typed.value, { own, bounds }) && <Prescriber />}
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
