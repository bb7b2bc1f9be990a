import { me } from '../people/account';
import { actsNow } from '../people/acting';
import type { Alert } from '../stream/shapes';

export function isMine(alert: Alert): boolean {
  const by = alert.acknowledged?.by;
  const who = actsNow.value ?? me.value;
  return by !== undefined && (by === who?.initials || by === who?.name);
}
