import { useEffect, useRef } from 'preact/hooks';
import { clockTime, hourMinute, pretty, span } from '../format';
import { strings } from '../strings';
import { words } from '../strings/review';
import { later } from '../strings/later';
import { besideOf, rowAt, type Cell, type Row, type Step } from './rows';
import type { Course, Pressure } from './read';
import { goTo, type Looking } from './state';

const STEPS: readonly Step[] = ['readings', 1, 5];
/** A shorter gap is one missed value or two. */
const GAP_SHOWN_MS = 15_000;
/** The head of the table, which stays. */
const HEAD_PX = 30;

export function Steps({ looking: { step } }: { looking: Looking }) {
  return (
    <div class="chips review-steps" role="group" aria-label={words.rows}>
      {STEPS.map((one) => (
        <button
          key={one}
          type="button"
          data-step={one}
          aria-pressed={step.value === one}
          onClick={() => (step.value = one)}
        >
          {one === 'readings' ? words.readings : words.every(one)}
        </button>
      ))}
    </div>
  );
}

/** All that the plot shows, for those who read; the row of the cursor is marked. */
export function Rows({ looking }: { looking: Looking }) {
  const { course } = looking;
  const box = useRef<HTMLDivElement>(null);
  const rows = looking.rows.value;
  const under = looking.under.value;
  const here = rowAt(rows, looking.cursor.value);
  useEffect(() => {
    const row = box.current?.querySelector<HTMLElement>('[aria-current=true]');
    if (!box.current || !row) return;
    const { clientHeight, scrollTop } = box.current;
    const { offsetTop, offsetHeight } = row;
    const isSeen =
      offsetTop >= scrollTop + HEAD_PX && offsetTop + offsetHeight <= scrollTop + clientHeight;
    // One row above it stays in sight.
    if (!isSeen) box.current.scrollTop = offsetTop - 2 * HEAD_PX;
  }, [here, rows]);
  const heads: readonly (readonly [string, string])[] = [
    ['time', words.time],
    ['number', words.afterStart],
    ['number', `${strings.bp} ${later.mmHg}`],
    ['number', `${strings.hr} ${later.perMinute}`],
    ['number', `${strings.spo2} ${later.percent}`],
    ['number', words.given],
    ['what', words.happened],
    ...(under === null
      ? []
      : ([strings.bp, strings.hr, strings.spo2] as const).map(
          (what, index) =>
            ['number other', index === 0 ? words.otherOf(under.number, what) : what] as const,
        )),
  ];
  return (
    <div
      class="review-rows"
      role="region"
      aria-label={words.table}
      tabIndex={0}
      ref={box}
      data-testid="rows"
    >
      <table>
        <caption class="hidden">{words.table}</caption>
        <thead>
          <tr>
            {heads.map(([kind, name]) => (
              <th key={name} scope="col" class={kind}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <OneRow
              key={row.at}
              row={row}
              course={course}
              under={under}
              step={looking.step.value}
              isHere={index === here}
              go={() => goTo(looking, row.at)}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  row: Row;
  course: Course;
  under: Course | null;
  step: Step;
  isHere: boolean;
  go: () => void;
}

function OneRow({ row, course, under, step, isHere, go }: RowProps) {
  const { started_at } = course;
  const after_ms = started_at === null ? null : row.at - started_at;
  const beside = under === null ? null : besideOf(under, row, step);
  return (
    <tr aria-current={isHere} onClick={go}>
      <th scope="row">{timeText(row.at)}</th>
      <td class="number">{after_ms === null || after_ms < 0 ? '' : span(after_ms)}</td>
      <td class="number">
        {row.pressures.length === 0 ? '–' : row.pressures.map(pressureText).join('; ')}
      </td>
      <td class="number">{cellText(row.hr)}</td>
      <td class="number">{cellText(row.spo2)}</td>
      <td class="number">
        {row.given === null || after_ms === null || after_ms < 0
          ? ''
          : words.mg(row.given.toFixed(1))}
      </td>
      <td class="what">{happenedText(row)}</td>
      {under !== null && (
        <>
          <td class="number other">
            {beside?.pressure == null
              ? '–'
              : `${beside.pressure.systolic}/${beside.pressure.diastolic}`}
          </td>
          <td class="number other">{beside?.hr ?? '–'}</td>
          <td class="number other">{beside?.spo2 ?? '–'}</td>
        </>
      )}
    </tr>
  );
}

/** Seconds only where there are some. */
export function timeText(at: number): string {
  return at % 60_000 === 0 ? hourMinute(at) : clockTime(at);
}

export function pressureText({ systolic, diastolic, hand }: Pressure): string {
  const value = `${systolic}/${diastolic}`;
  return hand === null ? value : `${value} ${words.byHand}`;
}

/** `97`, `97 (94–98)`, `97 by hand`, `96, none for 0:45` */
export function cellText({ value, spread, gap_ms, isByHand }: Cell): string {
  const range = spread === null ? '' : ` (${spread.low}\u2060–\u2060${spread.high})`;
  const is = value === null ? '–' : `${value}${range}${isByHand ? ` ${words.byHand}` : ''}`;
  return gap_ms < GAP_SHOWN_MS || value === null ? is : `${is}, ${words.noValueFor(span(gap_ms))}`;
}

/** More of what happened in one row is in the list alone. */
const IN_A_ROW = 12;

export function happenedText({ events, alerts, corrections, notes }: Row): string {
  const all = [
    ...alerts.map(({ text }) => words.alertRaised(pretty(text))),
    ...events.map(({ number, text, withdrawn }) => {
      const is = number === null ? pretty(text) : `${number} ${pretty(text)}`;
      return withdrawn === null ? is : words.withdrawn(is);
    }),
    ...corrections.map(({ original, now }) =>
      now === null
        ? words.takenBack(pretty(original))
        : words.corrected(pretty(now), pretty(original)),
    ),
    ...notes.filter((note) => !note.startsWith('corrected')).map(pretty),
  ];
  const more = all.length - IN_A_ROW;
  return [...all.slice(0, IN_A_ROW), ...(more > 0 ? [words.andMore(more)] : [])].join('; ');
}
