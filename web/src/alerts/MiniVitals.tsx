import { numeralOf, type Numeral } from './alerts';
import { second } from '../clock';
import { numeralsOf } from '../room/numerals';
import { minutesAgo } from '../format';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { byHand, heartRate, pressure, shown } from '../room/vitals';
import { roomStore, type RoomStore } from '../ward/store';
import type { Alert } from '../stream/shapes';

interface Live {
  readonly text: string;
  readonly by: string;
}

/** The number of now, and who measured it where no monitor did. */
function live(room: RoomStore, of: Numeral, now: number): Live {
  const vitals = room.vitals.value;
  const session = room.session.value;
  // What is drawn here is what the page compares itself with.
  const text = numeralsOf(room, now)[of];
  if (of === 'bp') {
    const { manual } = pressure(vitals['nibp'], session, now);
    const { systolic, diastolic } = vitals['nibp'] ?? {};
    return { text, by: byHand(manual, session, { systolic, diastolic }) };
  }
  const reading = of === 'hr' ? heartRate(vitals, now) : vitals['spo2'];
  const { manual } = shown(reading, now);
  const name = of === 'hr' ? 'heart_rate' : of;
  return { text, by: byHand(manual, session, { [name]: reading?.value }) };
}

/** The current value, beside the worst one that the alert is about. */
export function liveBeside(alert: Alert): string {
  const of = numeralOf(alert.condition);
  const room = roomStore(alert.room ?? '');
  if (of === null || room === undefined || alert.kind !== 'physiological') return '';
  if (alert.state !== 'active' || link.value === 'lost') return '';
  const { text } = live(room, of, second.value);
  return text.startsWith(strings.missing) ? '' : strings.now(text);
}

const LABELS = { hr: strings.hr, spo2: strings.spo2, bp: strings.bp } as const;

/** The three numbers in one line, for a card: a person decides with them whether to run. */
export function MiniVitals({ room }: { room: RoomStore }) {
  const now = second.value;
  const { taken_at } = pressure(room.vitals.value['nibp'], room.session.value, now);
  return (
    <p class="mini">
      {(['hr', 'spo2', 'bp'] as const).map((of) => {
        const { text, by } = live(room, of, now);
        return (
          <span key={of}>
            {LABELS[of]} <b>{text}</b> {by !== '' && <small>{by}</small>}
          </span>
        );
      })}
      {taken_at !== null && <small>{minutesAgo(now - taken_at)}</small>}
    </p>
  );
}
