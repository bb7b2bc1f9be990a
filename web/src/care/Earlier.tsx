import { dayMonth } from '../rules/date';
import { pastOf, type Past, type PastSession } from '../trend/past';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';
import { amount } from './dose';

type Values = PastSession['baseline'];

/** `127/79 · 72 · 97` */
export function valuesText(values: Values): string {
  const { systolic, diastolic, heart_rate, spo2 } = values;
  const bp = systolic === undefined ? undefined : `${systolic}/${diastolic ?? '––'}`;
  return [bp, heart_rate, spo2].filter((one) => one !== undefined).join(' · ');
}

/** The last of them in full, the ones before in one line each. */
export function Earlier({ session }: { session: Session }) {
  const past = pastOf(session).value;
  const last = past?.sessions[0];
  if (past === null || last === undefined) return null;
  const more = past.sessions.slice(1, MOST_LISTED);
  return (
    <div class="care-earlier" data-testid="earlier">
      <p class="care-line">
        <span>{words.last(dayMonth(last.at))}</span>
        <b>{summary(last)}</b>
      </p>
      {Object.keys(last.baseline).length > 0 && (
        <p class="care-line">
          <span>{words.baselineThen}</span>
          <b>{valuesText(last.baseline)}</b>
        </p>
      )}
      {last.remarks.length > 0 && (
        <p class="care-line">
          <span>{words.remarks}</span>
          <b>{last.remarks.join('; ')}</b>
        </p>
      )}
      {more.length > 0 && (
        <details>
          <summary>{words.before(more.length)}</summary>
          {more.map((one) => (
            <p key={one.id} class="care-line">
              <span>{dayMonth(one.at)}</span>
              <b>{[summary(one), ...one.remarks].join('; ')}</b>
            </p>
          ))}
        </details>
      )}
    </div>
  );
}

const MOST_LISTED = 8;

/** `35 mg · peak 148/88 · HR 84 · SpO₂ 95`: highest pressure and rate, lowest saturation. */
function summary({ mg, peak, started_at }: PastSession): string {
  if (started_at === null) return words.notTreated;
  return [
    mg === null ? '' : `${amount(mg)} mg`,
    peak['systolic'] === undefined
      ? ''
      : words.peak(`${peak['systolic']}/${peak['diastolic'] ?? '––'}`),
    peak['heart_rate'] === undefined ? '' : words.highestRate(peak['heart_rate']),
    peak['spo2'] === undefined ? '' : words.lowestSpo2(peak['spo2']),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What was normal the last time, beside today's: nobody takes it without having measured. */
export function SuggestedBaseline({ session }: { session: Session }) {
  const suggested: Past['suggested'] = pastOf(session).value?.suggested ?? null;
  if (suggested === null || session.baseline !== null) return null;
  return (
    <li class="care-line" data-testid="suggested-baseline">
      <span>{words.lastTime(dayMonth(suggested.at))}</span>
      <span>
        {valuesText(suggested.baseline)} <small>{words.notTaken}</small>
      </span>
    </li>
  );
}
