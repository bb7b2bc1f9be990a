import { useSignal } from '@preact/signals';
import { later } from '../strings/later';

interface Props {
  /** What the server said. */
  why: string;
  disabled: boolean;
  cancel: () => void;
  done: (more: { known_low: true; prescriber?: string }) => void;
}

/** A low baseline is accepted when somebody says that it is always low, and who answers for it. */
export function KnownLow({ why, disabled, cancel, done }: Props) {
  const prescriber = useSignal('');
  return (
    <form
      class="ask"
      data-testid="known-low"
      onSubmit={(event) => {
        event.preventDefault();
        const name = prescriber.value.trim();
        done({ known_low: true, ...(name === '' ? {} : { prescriber: name }) });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        cancel();
      }}
    >
      <p class="ask-why" role="alert">
        {why}
      </p>
      <label class="tick">
        <input type="checkbox" name="known_low" required autofocus /> {later.itIsKnownLow}
      </label>
      <label>
        {later.prescriber}
        <input
          name="prescriber"
          required={/prescriber/i.test(why)}
          maxlength={80}
          autocomplete="off"
          value={prescriber.value}
          onInput={(event) => (prescriber.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="go" disabled={disabled}>
        {later.acceptBaseline}
      </button>
      <button type="button" onClick={cancel}>
        {later.cancel}
      </button>
    </form>
  );
}
