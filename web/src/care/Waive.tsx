import { useSignal } from '@preact/signals';
import { actsNow } from '../people/acting';
import { me } from '../people/account';
import { askWho } from '../people/Who';
import { words } from '../strings/care';

interface Props {
  /** What is gone on without. */
  why: string;
  action: string;
  off: boolean;
  wrong: string | null;
  cancel: () => void;
  done: (reason: string) => void;
}

const OWN: ReadonlySet<string> = new Set(['prescriber', 'admin']);

/** Going on with something missing: a name first, then a reason. */
export function Waive({ why, action, off, wrong, cancel, done }: Props) {
  const reason = useSignal('');
  // A prescriber at their own screen has shown who they are by signing in.
  const own = OWN.has(me.value?.role ?? '') ? me.value : null;
  const who = actsNow.value ?? own ?? null;
  return (
    <form
      class="care-waive"
      data-testid="waive"
      onSubmit={(event) => {
        event.preventDefault();
        const said = reason.value.trim();
        if (who === null) askWho();
        else if (said !== '') done(said);
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
      <p class="quiet">{who === null ? words.signFirst : words.signsAs(who.initials)}</p>
      <p class="wrong" role="alert">
        {wrong}
      </p>
      <div class="care-buttons">
        {who === null ? (
          <button type="button" class="go" onClick={askWho}>
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
