import type { Signal } from '@preact/signals';
import type { Typed } from './bodies';

interface Props {
  name: string;
  label: string;
  unit?: string;
  typed: Signal<Typed>;
  /** Words instead of a number. */
  words?: boolean;
  required?: boolean;
}

export function Field({ name, label, unit, typed, words = false, required = false }: Props) {
  return (
    <label class={words ? 'field field-words' : 'field'}>
      <span>
        {label} {unit !== undefined && <span class="unit">{unit}</span>}
      </span>
      <input
        name={name}
        inputMode={words ? 'text' : 'decimal'}
        autocomplete="off"
        maxlength={words ? 200 : 8}
        required={required}
        value={typed.value[name] ?? ''}
        onInput={(event) => (typed.value = { ...typed.value, [name]: event.currentTarget.value })}
      />
    </label>
  );
}

/** What keeps a form from being sent, beside the button that would send it. */
export function Wrong({ wrong }: { wrong: string | null }) {
  return (
    <p class="wrong" role="alert">
      {wrong}
    </p>
  );
}
