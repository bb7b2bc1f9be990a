import { alertOn, numeralOf, type Numeral as Name } from '../alerts/alerts';
import { second } from '../clock';
import { isCuffGate } from './cuff';
import { hourMinute, minutesAgo, signed } from '../format';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { byHand, heartRate, lastKnown, pressure, shown, type Vitals } from './vitals';
import { beyond, limitText } from './limits';
import { otherVital } from './otherVitals';
import type { RoomStore } from '../ward/store';
import type { Alert, Reading, Session } from '../stream/shapes';
import { Numeral } from './Numeral';
import { nextPressure } from '../ward/Tile';

/** The three numerals of a room, with limits and baseline, and what else is measured. */
export function RoomNumbers({ room, session }: { room: RoomStore; session: Session | null }) {
  const now = second.value;
  const vitals = room.vitals.value;
  const alerts = room.alerts.value;
  const limits = session?.limits ?? room.limits.value;
  const rate = heartRate(vitals, now);
  const gate = isCuffGate(room.cuff.value, now);
  const hr = shown(rate, now, gate);
  const spo2 = shown(vitals['spo2'], now, gate);
  const bp = pressure(vitals['nibp'], session, now);
  const systolic = limitText(limits['systolic']);
  const diastolic = limitText(limits['diastolic']);
  return (
    <div class="room-numbers">
      <Numeral
        name="hr"
        label={strings.hr}
        unit={
          rate?.vital === 'pulse_rate' ? `${later.perMinute} · ${later.fromPulse}` : later.perMinute
        }
        shown={hr}
        alert={alertOn(alerts, 'hr')}
        session={session}
        own={whoseLimits(session, 'hr')}
        by={byHand(hr.manual, session, { heart_rate: rate?.value })}
        aside={limitText(limits['heart_rate'])}
        foot={footOf(hr.note, hr.text, session?.baseline?.['heart_rate'])}
      />
      <Numeral
        name="spo2"
        label={strings.spo2}
        unit={later.percent}
        shown={spo2}
        alert={alertOn(alerts, 'spo2')}
        session={session}
        own={whoseLimits(session, 'spo2')}
        by={byHand(spo2.manual, session, { spo2: vitals['spo2']?.value })}
        aside={limitText(limits['spo2'])}
        foot={footOf(spo2.note, spo2.text, session?.baseline?.['spo2'])}
      />
      <Numeral
        name="bp"
        label={strings.bp}
        unit={later.mmHg}
        shown={bp}
        alert={alertOn(alerts, 'bp')}
        session={session}
        own={whoseLimits(session, 'bp')}
        by={byHand(bp.manual, session, { systolic: vitals['nibp']?.systolic })}
        aside={[systolic && `SYS ${systolic}`, diastolic && `DIA ${diastolic}`]
          .filter(Boolean)
          .join(' · ')}
        foot={
          <>
            <span>
              {/* A hold says itself when it is measured again. */}
              {session === null || session.phase === 'held'
                ? ''
                : isOutside(vitals['nibp'], session, alerts)
                  ? later.outsideOnce
                  : nextPressure(session, now)}
            </span>
            <span class="age">
              {bp.taken_at === null
                ? bp.note
                : [bp.note, hourMinute(bp.taken_at), minutesAgo(now - bp.taken_at)]
                    .filter(Boolean)
                    .join(' · ')}
            </span>
          </>
        }
      />
      <Minor vitals={vitals} now={now} />
      {link.value === 'lost' && <p class="last-known quiet">{lastKnown(vitals)}</p>}
    </div>
  );
}

/** `own limits N. Weber`: who set them. */
function whoseLimits(session: Session | null, of: Name): string {
  const own = session?.personal_limits.findLast(({ condition }) => numeralOf(condition) === of);
  return own === undefined ? '' : `${strings.ownLimits} ${own.prescriber ?? own.by}`;
}

/** A pressure beyond a limit that alarms by a second reading only must not look calm. */
function isOutside(
  bp: Reading | undefined,
  { limits, started_at }: Session,
  alerts: readonly Alert[],
): boolean {
  if (bp === undefined || started_at === null || alertOn(alerts, 'bp') !== undefined) return false;
  return beyond(bp.systolic, limits['systolic']) || beyond(bp.diastolic, limits['diastolic']);
}

/** What else the monitor measures, when it does. */
function Minor({ vitals, now }: { vitals: Vitals; now: number }) {
  const found = Object.entries(later.otherVitals).flatMap(([vital, [label, unit]]) => {
    const reading = vitals[vital];
    return reading === undefined ? [] : [{ label, unit, ...otherVital(reading, now) }];
  });
  if (found.length === 0) return null;
  return (
    <p class="mini last-known" data-testid="minor">
      {found.map(({ label, unit, text, age }) => (
        <span key={label}>
          {label} <b>{link.value === 'lost' ? strings.missing : text}</b> {unit}{' '}
          {link.value !== 'lost' && age}
        </span>
      ))}
    </p>
  );
}

/** Why or how old, when that matters; else how far from this patient's own baseline. */
function footOf(note: string, text: string, baseline: number | undefined): string {
  if (link.value === 'lost') return '';
  if (note !== '') return note;
  const value = Number(text);
  return baseline === undefined || Number.isNaN(value)
    ? ''
    : later.fromBaseline(signed(value - baseline), baseline);
}
