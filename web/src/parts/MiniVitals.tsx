import { second } from '../clock';
import { minutesAgo } from '../format';
import { link } from '../stream';
import { strings } from '../strings';
import { heartRate, pressure, shown } from '../vitals';
import type { RoomStore } from '../ward';

/** The three numbers in one line, for a card: a person decides with them whether to run. */
export function MiniVitals({ room }: { room: RoomStore }) {
  const now = second.value;
  const vitals = room.vitals.value;
  const lost = link.value === 'lost';
  const bp = pressure(vitals['nibp'], room.session.value, now);
  const numbers = [
    [strings.hr, shown(heartRate(vitals, now), now).text],
    [strings.spo2, shown(vitals['spo2'], now).text],
    [strings.bp, bp.text],
  ] as const;
  return (
    <p class="mini">
      {numbers.map(([label, text]) => (
        <span key={label}>
          {label} <b>{lost ? strings.missing : text}</b>
        </span>
      ))}
      {bp.taken_at !== null && <small>{minutesAgo(now - bp.taken_at)}</small>}
    </p>
  );
}
