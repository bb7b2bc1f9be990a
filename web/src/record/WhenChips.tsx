import type { Signal } from '@preact/signals';
import { second } from '../clock';
import { hourMinute } from '../format';
import { words } from '../strings/care';
import { NOW, type When } from './when';

const AGO_MIN = [2, 5];

/** When it was done. After each entry it is now again, so that the next is not past by mistake. */
export function WhenChips({ when }: { when: Signal<When> }) {
  const { value } = when;
  const clock = 'clock' in value ? value.clock : null;
  const ago = 'ago_min' in value ? value.ago_min : null;
  return (
    <div class="when" role="group" aria-label={words.time}>
      <button
        type="button"
        data-when="0"
        aria-pressed={ago === 0}
        onClick={() => (when.value = NOW)}
      >
        {words.now(hourMinute(second.value))}
      </button>
      {AGO_MIN.map((ago_min) => (
        <button
          key={ago_min}
          type="button"
          data-when={ago_min}
          aria-label={words.minutesAgo(ago_min)}
          aria-pressed={ago === ago_min}
          onClick={() => (when.value = { ago_min })}
        >
          −{ago_min}
        </button>
      ))}
      {clock === null ? (
        <button
          type="button"
          data-when="pick"
          aria-pressed={false}
          onClick={() => (when.value = { clock: hourMinute(second.value) })}
        >
          {words.pick}
        </button>
      ) : (
        <input
          type="time"
          name="when"
          aria-label={words.time}
          value={clock}
          autofocus
          onInput={(event) => (when.value = { clock: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
