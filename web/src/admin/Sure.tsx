import { useSignal } from '@preact/signals';
import { link } from '../stream/socket';
import { words } from '../strings/admin';

interface Props {
  /** On the button that asks. */
  label: string;
  /** On the one that does it. */
  sure: string;
  /** What happens. */
  hint?: string;
  disabled?: boolean;
  act: () => Promise<void>;
}

/** What cannot be undone is pressed twice, and the second button says what it does. */
export function Sure({ label, sure, hint, disabled = false, act }: Props) {
  const asked = useSignal(false);
  const busy = useSignal(false);
  const off = disabled || busy.value || link.value === 'lost';
  if (!asked.value) {
    return (
      <button type="button" disabled={off} onClick={() => (asked.value = true)}>
        {label}
      </button>
    );
  }
  const go = async () => {
    busy.value = true;
    await act();
    busy.value = false;
    asked.value = false;
  };
  return (
    <span class="sure">
      <button type="button" class="go" disabled={off} onClick={() => void go()}>
        {sure}
      </button>
      <button type="button" onClick={() => (asked.value = false)}>
        {words.cancel}
      </button>
      {hint !== undefined && <small>{hint}</small>}
    </span>
  );
}
