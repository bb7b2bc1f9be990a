import { useSignal } from '@preact/signals';
import { manualVitals, type Typed } from './bodies';
import { Field, Wrong } from './Field';
import type { Save } from './Record';
import { words } from '../strings/record';

/** What a person measured, where no monitor does. */
export function VitalsForm({ off, busy, save }: { off: boolean; busy: boolean; save: Save }) {
  const typed = useSignal<Typed>({});
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const made = manualVitals(typed.value);
    wrong.value = made.wrong ?? null;
    if (made.event !== undefined && (await save(made.event, words.vitalsByHand))) typed.value = {};
  };
  return (
    <form
      class="fields"
      data-testid="manual-vitals"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {Object.entries(words.vitals).map(([name, [label, unit]]) => (
        <Field key={name} name={name} label={label} unit={unit} typed={typed} />
      ))}
      <button type="submit" class="go" disabled={off || busy}>
        {words.saveVitals}
      </button>
      <Wrong wrong={wrong.value} />
      <p class="quiet">{words.vitalsHint}</p>
    </form>
  );
}
