import { useSignal } from '@preact/signals';
import { actsNow } from '../people/acting';
import { me } from '../people/account';
import { saysWho } from '../people/asked';
import { words } from '../strings/care';
import type { WaivedBy } from './read';

interface Props {
  /** What is gone on without. */
  why: string;
  action: string;
  /** Who may. */
  by: WaivedBy;
  off: boolean;
  wrong: string | null;
  cancel: () => void;
  /** `once` when who signs came for this alone. */
  done: (reason: string, once: boolean) => void;
}

/** By a PIN nobody is more than a nurse or a lead. */
const MAY: Readonly<Record<WaivedBy, ReadonlySet<string>>> = {
  nurse: new Set(['nurse', 'lead', 'prescriber', 'admin']),
  lead: new Set(['lead', 'prescriber', 'admin']),
  prescriber: new Set(['prescriber', 'admin']),
  nobody: new Set(),
};
const OWN: ReadonlySet<string> = new Set(['prescriber', 'admin']);

/** Who acts here now, if they may sign this. */
export function signer(by: WaivedBy) {
  // A prescriber at their own screen has shown who they are by signing in.
  const own = OWN.has(me.value?.role ?? '') ? me.value : null;
  const acts = actsNow.value ?? own ?? null;
  return acts !== null && MAY[by].has(acts.role) ? acts : null;
}

/** Asks who signs; gives back whether somebody said so. */
export const asksSigner = (by: WaivedBy) =>
  saysWho({ why: words.signFirst[by], password: by === 'prescriber' });

/** Going on with something missing: a name first, then a reason. */
export function Waive({ why, action, by, off, wrong, cancel, done }: Props) {
  const reason = useSignal('');
  const who = signer(by);
  /** Where a nurse may sign, who signs is who works here. */
  const hasCome = useSignal(false);
  const ask = () => void asksSigner(by).then((said) => (hasCome.value ||= said));
  return (
    <form
      class="care-waive"
      data-testid="waive"
      onSubmit={(event) => {
        event.preventDefault();
        const said = reason.value.trim();
        if (who === null) ask();
        else if (said !== '') done(said, hasCome.peek() && by !== 'nurse');
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        cancel();
      }}
    >
      <p>{why}</p>
      <label>
        {words.reason}
        <input
          name="reason"
          autofocus
          required
          maxlength={500}
          autocomplete="off"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
      <p class="quiet">{who === null ? words.signFirst[by] : words.signsAs(who.initials)}</p>
      <p class="wrong" role="alert">
        {wrong}
      </p>
      <div class="care-buttons">
        {who === null ? (
          <button type="button" class="go" onClick={ask}>
            {words.whoSigns}
          </button>
        ) : (
          <button type="submit" class="go" disabled={off}>
            {action}
          </button>
        )}
        <button type="button" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}
