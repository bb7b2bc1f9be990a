import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { actsNow, padOpen } from './acting';
import { asked } from './asked';
import { second } from '../clock';
import { span } from '../format';
import '../record/record.css';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { end, identify, waitUntil } from './identify';
import { dots, isComplete, NOTHING, press } from './pad';
import { words } from '../strings/people';

const KEYS = [...'123456789', 'Backspace', '0', 'Enter'];

/** Who is there: initials, and a PIN or the password, which gives more rights. It lists nobody, and
 * lies beside the numerals. */
export function Pad() {
  const typed = useSignal(NOTHING);
  const password = useSignal('');
  const wrong = useSignal<string | null>(null);
  const busy = useSignal(false);
  const pad = useModal();
  const left = waitUntil.value - second.value;
  const acts = actsNow.value;
  const what = asked.value;
  const lost = busy.value || link.value === 'lost';
  const off = lost || left > 0;
  // A password is never waited for here: it is what is left when PINs have to wait.
  const may = password.value === '' ? !off && isComplete(typed.value) : !lost;

  const send = async () => {
    if (!may) return;
    busy.value = true;
    const { initials, pin } = typed.value;
    wrong.value = await identify({
      initials: initials.trim(),
      ...(password.value === '' ? { pin } : { password: password.value }),
    });
    typed.value = { initials, pin: (password.value = '') };
    busy.value = false;
  };
  const key = (name: string) => {
    if (name === 'Enter') void send();
    else if (!off) typed.value = press(typed.value, name);
  };

  return (
    <section
      class="record pad"
      role="dialog"
      aria-modal="true"
      aria-label={words.whoAreYou}
      data-testid="pad"
      data-password={what?.password || undefined}
      ref={pad}
      onKeyDown={(event) => {
        // No key of the screens acts behind the pad.
        event.stopPropagation();
        const { target } = event;
        const isField = target instanceof HTMLInputElement;
        const isWords = isField && target.type === 'password';
        const isOther = target instanceof HTMLElement && target.dataset['other'] !== undefined;
        if (event.key === 'Escape') padOpen.value = false;
        else if (event.key === 'Enter' && !isOther) key('Enter');
        else if (!isWords && (/^\d$/.test(event.key) || (event.key === 'Backspace' && !isField)))
          key(event.key);
        else return;
        event.preventDefault();
      }}
    >
      <div class="pad-who">
        <h2>{words.whoAreYou}</h2>
        <button type="button" data-other onClick={() => (padOpen.value = false)}>
          {later.close}
        </button>
        {what !== null && (
          <p class="pad-why" data-testid="pad-why">
            {what.why}
            {what.password && ` ${words.passwordOnly}`}
          </p>
        )}
        {acts !== null && (
          <p class="pad-acts">
            {words.actsFor(acts.initials, span(acts.until - second.value))}{' '}
            <button
              type="button"
              data-other
              onClick={() => void end().then((why) => (wrong.value = why))}
            >
              {words.end}
            </button>
          </p>
        )}
        <label>
          {words.initials}
          <input
            name="initials"
            autocomplete="off"
            autocapitalize="characters"
            maxlength={12}
            value={typed.value.initials}
            onInput={(event) =>
              (typed.value = { ...typed.value, initials: event.currentTarget.value })
            }
          />
        </label>
        {what?.password !== true && (
          <p role="status" aria-label={words.digits(typed.value.pin.length)} data-testid="pin">
            {words.pin} <b class="pad-dots">{dots(typed.value)}</b>
          </p>
        )}
        <label>
          {later.password}
          <input
            name="password"
            type="password"
            autocomplete="off"
            value={password.value}
            onInput={(event) => (password.value = event.currentTarget.value)}
          />
        </label>
        <p class="wrong" role="alert" data-waits={left > 0 || undefined}>
          {left > 0
            ? words.wait(span(left))
            : link.value === 'lost'
              ? strings.unreachable
              : wrong.value}
        </p>
      </div>
      <div class="pad-keys">
        {KEYS.map((name) => (
          <button
            key={name}
            type="button"
            data-digit={name}
            class={name === 'Enter' ? 'go' : ''}
            aria-label={name === 'Backspace' ? words.takeBack : undefined}
            disabled={name === 'Enter' ? !may : off || what?.password === true}
            onClick={() => key(name)}
          >
            {name === 'Enter' ? words.ok : name === 'Backspace' ? '⌫' : name}
          </button>
        ))}
      </div>
    </section>
  );
}

/** Holds the focus while it is open, and gives it back to what opened it. */
function useModal() {
  const modal = useRef<HTMLElement>(null);
  // Before it is seen: the first digit typed belongs to it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const { current } = modal;
    const stops = () => [
      ...(current?.querySelectorAll<HTMLElement>('input, button:enabled') ?? []),
    ];
    current?.querySelector('input')?.focus({ preventScroll: true });
    current?.scrollIntoView({ block: 'nearest' });
    const hold = (event: KeyboardEvent) => {
      if (event.key !== 'Tab') return;
      const all = stops();
      const at = all.findIndex((stop) => stop === document.activeElement);
      const next = at === -1 ? 0 : (at + (event.shiftKey ? -1 : 1) + all.length) % all.length;
      all[next]?.focus();
      event.preventDefault();
    };
    addEventListener('keydown', hold, true);
    return () => {
      removeEventListener('keydown', hold, true);
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return modal;
}
