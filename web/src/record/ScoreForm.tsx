import { useSignal } from '@preact/signals';
import { later } from '../strings/later';
import { decimal, type Typed } from './bodies';
import type { Score } from './choices';
import { Field, Wrong } from './Field';
import { words } from '../strings/record';

interface Props {
  score: Score;
  label: string;
  off: boolean;
  send: (value: number) => Promise<boolean>;
}

/** A score with more values than can be buttons. */
export function ScoreForm({ score, label, off, send }: Props) {
  const typed = useSignal<Typed>({});
  const wrong = useSignal<string | null>(null);
  const submit = async () => {
    const value = decimal(typed.value['value'] ?? '');
    wrong.value = value === null ? words.notANumber(label) : null;
    if (value !== null && (await send(value))) typed.value = {};
  };
  return (
    <form
      class="fields"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field
        name="value"
        label={label}
        unit={words.range(score.lowest, score.highest)}
        typed={typed}
        required
      />
      <button type="submit" disabled={off}>
        {later.save}
      </button>
      <Wrong wrong={wrong.value} />
    </form>
  );
}
