import { needsPerson } from './alerts';
import { toInbox } from '../route';
import { strings } from '../strings';
import { later } from '../strings/later';
import { openAlerts } from '../ward/store';
import { Glyph } from '../parts/Glyph';

/** A person in one room, or away from the rooms, must not miss another. */
export function Elsewhere({ room }: { room?: string }) {
  const others = openAlerts.value.filter(
    (alert) =>
      (room === undefined || alert.room !== room) && needsPerson(alert) && alert.state === 'active',
  );
  const first = others[0];
  if (first === undefined) return null;
  return (
    <a class="elsewhere" href={toInbox}>
      <Glyph priority={first.priority} />
      {room === undefined ? strings.needsAPerson : later.elsewhere}: {others.length}
    </a>
  );
}
