import { clockTime, hourMinute, signed, span } from '../format';
import { Glyph } from '../parts/Glyph';
import { strings } from '../strings';
import { words } from '../strings/review';
import { givenAt, levelOfPressure, type Level } from './at';
import { besideAt } from './rows';
import { atCursor, endOfDrug, type Looking } from './state';
import type { Course } from './read';

const PRIORITIES = [null, 'medium', 'high'] as const;

/** What was so at the cursor: now, its change from the baseline, and the same time of the other session. */
export function Values({ looking }: { looking: Looking }) {
  const { course } = looking;
  const at = looking.cursor.value;
  const under = looking.under.value;
  const { hr, spo2, pressure, set } = atCursor(course, at);
  const beside = under === null ? null : besideAt(under, at);
  const { baseline } = course;
  const change = (value: number | null | undefined, normal: number | undefined) =>
    value == null || normal === undefined ? '' : signed(value - normal);
  const given = givenAt(course, at);
  const givenThen = under === null || beside === null ? null : givenAt(under, at);
  const before = beside?.pressure ?? null;
  return (
    <section class="review-values" aria-label={words.at(clockTime(at))} data-testid="values">
      <h2>
        <span>{words.at(clockTime(at))}</span>
        <span>{sinceStart(course, at)}</span>
      </h2>
      <table>
        <thead>
          <tr>
            <td colSpan={2} />
            <th scope="col">{words.change}</th>
            {under !== null && <th scope="col">{words.other(under.number)}</th>}
          </tr>
        </thead>
        <tbody>
          <Line
            name={strings.hr}
            value={hr.value === null ? null : String(hr.value)}
            level={hr.level}
            why={hr.why}
            change={change(hr.value, baseline['heart_rate'])}
            other={under === null ? null : textOf(beside?.hr)}
          />
          <Line
            name={strings.spo2}
            value={spo2.value === null ? null : String(spo2.value)}
            level={spo2.level}
            why={spo2.why}
            change={change(spo2.value, baseline['spo2'])}
            other={under === null ? null : textOf(beside?.spo2)}
          />
          <Line
            name={strings.bp}
            value={pressure === null ? null : `${pressure.systolic}/${pressure.diastolic}`}
            level={pressure === null ? 0 : levelOfPressure(set, pressure)}
            why=""
            change={change(pressure?.systolic, baseline['systolic'])}
            other={
              under === null
                ? null
                : before === null
                  ? strings.missing
                  : `${before.systolic}/${before.diastolic}`
            }
          />
          <Line
            name={words.given}
            value={given === null ? null : words.mg(given.toFixed(1))}
            level={0}
            why=""
            change=""
            other={
              under === null
                ? null
                : givenThen === null
                  ? strings.missing
                  : words.mg(givenThen.toFixed(1))
            }
          />
        </tbody>
      </table>
      <p>
        {pressure === null
          ? words.noPressure
          : words.pressureOf(hourMinute(pressure.at), span(at - pressure.at))}
        {pressure?.hand != null && `, ${words.by(pressure.hand)}`}
      </p>
    </section>
  );
}

const textOf = (value: number | null | undefined) =>
  value == null ? strings.missing : String(value);

interface LineProps {
  name: string;
  value: string | null;
  level: Level;
  why: string;
  change: string;
  /** Null where no other session is chosen. */
  other: string | null;
}

function Line({ name, value, level, why, change, other }: LineProps) {
  const priority = PRIORITIES[level];
  return (
    <tr data-level={level}>
      <th scope="row">{name}</th>
      <td class="review-value">
        {value ?? strings.missing}
        {priority != null && <Glyph priority={priority} />}
        {value === null && why !== '' && <small>{why}</small>}
      </td>
      <td>{change}</td>
      {other !== null && <td>{other}</td>}
    </tr>
  );
}

/** `17:26 into infusion`; before the start and after its end from there. */
export function sinceStart(course: Course, at: number): string {
  const { started_at } = course;
  if (started_at === null) return '';
  if (at < started_at) return words.before(span(started_at - at));
  const end = endOfDrug(course);
  return end !== null && at > end ? words.after(span(at - end)) : words.into(span(at - started_at));
}
