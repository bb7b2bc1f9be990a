import { useSignal } from '@preact/signals';
import { report } from '../alerts/actions';
import { command } from '../api';
import { hourMinute } from '../format';
import { longDate } from './date';
import { me } from '../people/account';
import { link } from '../stream/socket';
import { mayApprove, type Approval, type Rules } from './rules';
import { words } from '../strings/rules';

/** Who approved a version, or plainly that nobody did. */
export function Approved({ approved }: { approved: Approval | null }) {
  if (approved === null) {
    return (
      <span class="approval approval-none">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 2L23 21H1zM12 9v6M12 18v.1" />
        </svg>
        {words.notApproved}
      </span>
    );
  }
  return (
    <span class="approval">
      ✓ {words.approvedBy(approved.by, `${longDate(approved.at)}, ${hourMinute(approved.at)}`)}
    </span>
  );
}

/** At the end, below all that is approved with it. */
export function Approve({ rules, changed }: { rules: Rules; changed: () => Promise<void> }) {
  const busy = useSignal(false);
  if (rules.approved !== null || me.value == null) return null;
  if (!mayApprove(me.value.role)) {
    return <p class="quiet screen-only">{words.whoMayApprove}</p>;
  }
  const approve = async () => {
    busy.value = true;
    const path = `/profiles/${encodeURIComponent(rules.name)}/approve`;
    const answer = await command('POST', path, { version: rules.version });
    report(answer, words.approved(rules.version));
    await changed();
    busy.value = false;
  };
  return (
    <section class="hint approve screen-only">
      <p>{words.approveAs(me.value.name, rules.version)}</p>
      <button
        type="button"
        class="go"
        data-testid="approve"
        disabled={busy.value || link.value === 'lost'}
        onClick={() => void approve()}
      >
        {words.approve}
      </button>
    </section>
  );
}

/** On paper: who reviewed this, when. */
export function SignatureLine() {
  return (
    <section class="signature print-only">
      <h2>{words.signHere}</h2>
      <dl>
        {[words.name, words.date, words.signature].map((label) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd />
          </div>
        ))}
      </dl>
    </section>
  );
}
