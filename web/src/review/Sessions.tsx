import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hourMinute, zone } from '../format';
import { toSession } from '../parts/routes';
import { strings } from '../strings';
import { words } from '../strings/review';
import { roomIds, roomName } from '../ward/store';
import {
  ANYTHING,
  askForSessions,
  isAnything,
  wantedOf,
  type Found,
  type Page,
  type Wanted,
} from './search';

/** How long after the last key it is searched: one call a word, not one a letter. */
const PAUSE_MS = 200;
const MINUTE_MS = 60_000;

/** Kept while the page is open: who comes back from a session finds what they had searched. */
const wanted = signal<Wanted>(ANYTHING);
/** Where the pages that were turned over began; the first begins at null. */
const turned = signal<readonly (string | null)[]>([null]);

/** Sessions by day, room, initials and course, the newest first. */
export function Sessions({ query }: { query: string }) {
  const page = useSignal<Page | null>(null);
  const wrong = useSignal<string | null>(null);
  const latest = useRef(0);
  const here = useRef('');
  if (query !== here.current && query !== '') {
    here.current = query;
    wanted.value = wantedOf(query);
    turned.value = [null];
  }
  const search = (change: Partial<Wanted>) => {
    wanted.value = { ...wanted.value, ...change };
    turned.value = [null];
  };
  const after = turned.value.at(-1) ?? null;
  useEffect(() => {
    latest.current += 1;
    const mine = latest.current;
    const ask = async () => {
      const answer = await askForSessions(wanted.peek(), after, zone);
      // What was asked before is answered after, now and then.
      if (mine !== latest.current) return;
      if (answer.ok) page.value = answer.value;
      wrong.value = answer.ok ? null : answer.message;
    };
    const timer = setTimeout(() => void ask(), page.peek() === null ? 0 : PAUSE_MS);
    return () => {
      clearTimeout(timer);
      latest.current += 1;
    };
  }, [wanted.value, after]);
  const { day, room, initials, course } = wanted.value;
  const rooms = [...new Set([...roomIds.value, ...(room === '' ? [] : [room])])];
  const shown = page.value;
  return (
    <div class="sessions" data-testid="sessions">
      <form
        class="sessions-search"
        role="search"
        aria-label={words.sessions}
        onSubmit={(event) => event.preventDefault()}
      >
        <label>
          {words.day}
          <input
            type="date"
            name="day"
            value={day}
            onInput={(event) => search({ day: event.currentTarget.value })}
          />
        </label>
        <label>
          {words.roomField}
          <select
            name="room"
            value={room}
            onChange={(event) => search({ room: event.currentTarget.value })}
          >
            <option value="">{words.anyRoom}</option>
            {rooms.map((id) => (
              <option key={id} value={id}>
                {roomName(id) ?? id}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.initials}
          <input
            name="initials"
            autocomplete="off"
            maxlength={12}
            value={initials}
            onInput={(event) => search({ initials: event.currentTarget.value })}
          />
        </label>
        {course !== '' && (
          <p class="sessions-course">
            {words.ofCourse}{' '}
            <button type="button" data-all-courses onClick={() => search({ course: '' })}>
              {words.allCourses}
            </button>
          </p>
        )}
        {!isAnything(wanted.value) && (
          <button type="button" data-clear onClick={() => search(ANYTHING)}>
            {words.clear}
          </button>
        )}
      </form>
      {wrong.value !== null && (
        <p class="notice notice-bad" role="alert">
          {wrong.value}
        </p>
      )}
      {shown === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {shown?.isPart && <p class="notice">{words.incomplete}</p>}
      {shown?.sessions.length === 0 && !shown.isPart && (
        <p class="quiet">{isAnything(wanted.value) ? words.noneAtAll : words.noneFound}</p>
      )}
      {shown !== null && shown.sessions.length > 0 && (
        <List sessions={shown.sessions} ofCourse={(id) => search({ ...ANYTHING, course: id })} />
      )}
      {shown !== null && (turned.value.length > 1 || shown.next !== null) && (
        <nav class="chips sessions-pages" aria-label={words.found}>
          <button
            type="button"
            data-page="newer"
            disabled={turned.value.length === 1}
            onClick={() => (turned.value = turned.value.slice(0, -1))}
          >
            ‹ {words.newer}
          </button>
          <button
            type="button"
            data-page="older"
            disabled={shown.next === null}
            onClick={() => (turned.value = [...turned.value, shown.next])}
          >
            {words.older} ›
          </button>
        </nav>
      )}
    </div>
  );
}

interface ListProps {
  sessions: readonly Found[];
  ofCourse: (id: string) => void;
}

function List({ sessions, ofCourse }: ListProps) {
  const { columns } = words;
  return (
    <div class="sessions-list" role="region" aria-label={words.found} tabIndex={0}>
      <table>
        <caption class="hidden">{words.found}</caption>
        <thead>
          <tr>
            {Object.entries(columns).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id} data-session={session.id}>
              <th scope="row">
                <a class="button" href={toSession(session.id)}>
                  {dayOf(session.opened_at)}, {hourMinute(session.opened_at)}
                </a>
              </th>
              <td data-of={columns.room}>{roomName(session.room) ?? session.room}</td>
              <td data-of={columns.who}>
                <bdi>{session.initials || strings.missing}</bdi>
              </td>
              <td data-of={columns.what}>
                {session.title}
                {session.course !== '' && (
                  <button
                    type="button"
                    class="sessions-of"
                    data-course={session.course}
                    aria-label={`${courseText(session)}, ${words.thisCourse}`}
                    onClick={() => ofCourse(session.course)}
                  >
                    {courseText(session)}
                  </button>
                )}
              </td>
              <td data-of={columns.how}>{endedText(session)}</td>
              <td data-of={columns.given}>
                {session.mg === null ? '' : words.mg(session.mg.toFixed(1))}
              </td>
              <td data-of={columns.peak}>{peakText(session.peak)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** `Fri 27 Nov 2026` */
function dayOf(at: number): string {
  return new Date(at).toLocaleDateString('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

function courseText({ number }: Found): string {
  return number === null ? words.thisCourse : words.session(number);
}

function endedText({ phase, opened_at, ended_at }: Found): string {
  if (ended_at === null) return words.runs;
  const minutes = Math.round((ended_at - opened_at) / MINUTE_MS);
  return words.howLong(words.howEnded[phase] ?? phase, hourMinute(ended_at), minutes);
}

function peakText({ systolic, diastolic, spo2 }: Found['peak']): string {
  return [
    ...(systolic === undefined || diastolic === undefined
      ? []
      : [`${strings.bp} ${systolic}/${diastolic}`]),
    ...(spo2 === undefined ? [] : [`${strings.spo2} ${spo2}`]),
  ].join(', ');
}
