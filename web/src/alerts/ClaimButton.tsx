import { claim, pending } from './actions';
import { actsNow } from '../people/acting';
import { me } from '../people/account';
import { span_ms } from '../clock';
import { onWall } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import type { Alert } from '../stream/shapes';

interface Props {
  alert: Alert;
  label?: string;
  /** When the row that holds this button last moved: a tap meant for another row is ignored. */
  movedAt?: number;
}

const SETTLE_MS = 400;

/** Taking an alert, under the name that the button says. While the server is lost it cannot be taken, and the button says so. */
export function ClaimButton({ alert, label = strings.imGoing, movedAt = -Infinity }: Props) {
  if (onWall.value) return null;
  const waiting = pending.value.has(alert.id);
  const who = (actsNow.value ?? me.value)?.initials;
  const action = alert.state === 'latched' ? strings.seen : strings.as(label, who);
  return (
    <button
      type="button"
      class="claim"
      data-claim={alert.id}
      disabled={waiting || link.value === 'lost'}
      onClick={(event) => {
        event.preventDefault();
        if (span_ms() - movedAt >= SETTLE_MS) void claim(alert);
      }}
    >
      {waiting ? `○ ${strings.sending}` : action}
    </button>
  );
}
