import { useSignal } from '@preact/signals';
import { now_ms } from '../clock';
import { hourMinute, span } from '../format';
import type { History, Window } from './history';
import { strings } from '../strings';
import { later } from '../strings/later';
import type { Session } from '../stream/shapes';
import { phasesOf } from './phases';
import { GAP_SHOWN_MS, rowsOf, type Cell, type Row } from './rows';
import { words } from '../strings/trend';

const MINUTE_MS = 60_000;
const STEPS = [1, 5];

interface Props {
  history: History;
  window: Window;
  session: Session | null;
}

/** The same hour as the plot, for screen readers and for whoever wants the numbers. */
export function Table({ history, window, session }: Props) {
  const minutes = useSignal(5);
  const now = now_ms();
  const rows = rowsOf(history, window, now, minutes.value * MINUTE_MS);
  return (
    <div class="table" role="region" aria-label={words.caption} tabIndex={0}>
      <div class="chips">
        {STEPS.map((step) => (
          <button
            key={step}
            type="button"
            aria-pressed={minutes.value === step}
            onClick={() => (minutes.value = step)}
          >
            {words.every(step)}
          </button>
        ))}
      </div>
      {rows.length === 0 ? (
        <p class="quiet">{words.nothing}</p>
      ) : (
        <table>
          <caption class="hidden">{words.caption}</caption>
          <thead>
            <tr>
              {[
                words.time,
                `${strings.hr} ${later.perMinute}`,
                `${strings.spo2} ${later.percent}`,
                `${strings.bp} ${later.mmHg}`,
                words.happened,
              ].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.from}>
                <th scope="row">{hourMinute(row.from)}</th>
                <td>{cellText(row.hr)}</td>
                <td>{cellText(row.spo2)}</td>
                <td>{cuffText(row)}</td>
                <td>{session !== null && happened(session, row, now)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

/** `97`, `97 (94–98)`, `97, no value for 0:45`, `no value`, `97 corrected, 72 withdrawn` */
export function cellText({ last, low, high, gap_ms, corrected, takenBack = [] }: Cell): string {
  const range = low === high ? '' : ` (${words.range(low, high)})`;
  const value = last === null ? words.noValue : `${last}${range}`;
  return [
    corrected ? `${value} ${strings.corrected}` : value,
    ...(last === null || gap_ms < GAP_SHOWN_MS ? [] : [words.noValueFor(span(gap_ms))]),
    ...takenBack.map((one) => words.withdrawn(String(one))),
  ].join(', ');
}

export function cuffText({ cuffs }: Row): string {
  if (cuffs.length === 0) return words.notMeasured;
  return cuffs
    .map(({ at, systolic, diastolic, hand, corrected, withdrawn }) => {
      const value = words.at(`${systolic}/${diastolic}`, hourMinute(at));
      if (withdrawn) return words.withdrawn(value);
      if (corrected) return `${value} ${strings.corrected}`;
      return hand === undefined ? value : words.byHand(value, hand.by, hand.withdrawn);
    })
    .join(', ');
}

/** The phases that begin in this row, and the numbered events. */
function happened(session: Session, { from, to }: Row, now: number): string {
  const inside = (at: number) => at >= from && at < to;
  return [
    ...phasesOf(session, now)
      .filter((span) => inside(span.from))
      .map(({ phase }) => strings.phases[phase] ?? phase),
    ...session.events
      .filter(({ at, withdrawn }) => inside(at) && withdrawn === null)
      .map(({ place, text }) => `${place} ${text}`),
  ].join('; ');
}
