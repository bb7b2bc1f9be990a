import { computed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { second } from '../clock';
import { clockTime } from '../format';
import { foremost } from '../alerts/alerts';
import { Glyph } from '../parts/Glyph';
import { Live } from '../parts/Live';
import { PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { toDay, toRules, toSessions } from '../parts/routes';
import { PageFoot } from './PageFoot';
import { strings } from '../strings';
import { later } from '../strings/later';
import { words } from '../strings/day';
import { openAlerts, roomIds, roomStore } from '../ward/store';
import { Expected } from '../patients/Expected';
import { HandOver } from './HandOver';
import { isOpen, LIMITS, NotSigned } from './NotSigned';
import { askForDay, type DayOf } from './read';
import { Timetable } from './Timetable';
import { dateInWords, otherDate } from './timetable';

const REFRESH_MS = 15_000;

/** Which sessions run: the day is asked for again when that changes. */
export const running = computed(() =>
  roomIds.value
    .map((id) => roomStore(id)?.session.value?.id ?? '')
    .filter((id) => id !== '')
    .join(' '),
);

/** The sessions of today, or of any day. */
export function Day({ date }: { date: string | null }) {
  const day = useSignal<DayOf | null>(null);
  const wrong = useSignal<string | null>(null);
  const asked = useSignal(0);
  useEffect(() => {
    let isHere = true;
    const load = async () => {
      const answer = await askForDay(date);
      if (!isHere) return;
      if (answer.ok) day.value = answer.value;
      wrong.value = answer.ok ? null : answer.message;
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => {
      isHere = false;
      clearInterval(timer);
    };
  }, [date, running.value, asked.value]);

  const shown = day.value;
  /** Which day this page is about, known before the server has told what it holds. */
  const about = shown?.date ?? date;
  const isToday = shown !== null && second.value >= shown.from && second.value < shown.to;
  return (
    <>
      <main class="day" data-testid="day" data-today={shown === null ? undefined : isToday}>
        <header class="day-head">
          <h1>{about === null ? words.today : dateInWords(about)}</h1>
          {shown !== null && <Counts day={shown} isToday={isToday} />}
          <nav class="day-nav" aria-label={words.today}>
            {shown !== null && (
              <>
                <a class="button" href={toDay(otherDate(shown.date, -1))} aria-label={words.before}>
                  ‹
                </a>
                {!isToday && (
                  <a class="button" href={toDay()}>
                    {words.today}
                  </a>
                )}
                <a class="button" href={toDay(otherDate(shown.date, 1))} aria-label={words.after}>
                  ›
                </a>
              </>
            )}
            {shown !== null && (
              <a class="button" data-past href={toSessions({ day: shown.date })}>
                {later.sessions}
              </a>
            )}
            <a class="button" href={toCentral}>
              {strings.allRooms} <kbd>C</kbd>
            </a>
          </nav>
          <span class="day-live">
            <Live />
            <time class="clock" data-testid="clock">
              {clockTime(second.value)}
            </time>
          </span>
        </header>
        {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
        {shown === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
        {shown !== null && (
          <div class="day-parts">
            <section class="day-table" aria-label={dateInWords(shown.date)}>
              {shown.more && <p class="quiet">{words.more}</p>}
              {shown.sessions.length === 0 && <p class="quiet day-none">{words.nothing}</p>}
              <Timetable day={shown} isToday={isToday} />
            </section>
            <aside class="day-side">
              {shown.hand_over.length > 0 && (
                <HandOver day={shown} changed={() => (asked.value += 1)} />
              )}
              <NotSigned day={shown} />
              <Unapproved day={shown} />
              {isToday && <Expected />}
            </aside>
          </div>
        )}
      </main>
      <PageFoot>
        <PadPlace />
      </PageFoot>
    </>
  );
}

function Counts({ day, isToday }: { day: DayOf; isToday: boolean }) {
  const sessions = roomIds.value.map((id) => roomStore(id)?.session.value ?? null);
  const worst = foremost(openAlerts.value);
  const rooms = new Set(openAlerts.value.map(({ room }) => room)).size;
  const live = sessions.filter((session) => session !== null).length;
  const held = sessions.filter((session) => session?.phase === 'held').length;
  const done = day.sessions.filter(({ ended_at }) => ended_at !== null).length;
  const open = day.sessions.filter(isOpen).length;
  return (
    <p class="day-counts">
      {isToday && <Count n={live} of={words.inSession} />}
      <Count n={done} of={words.done} />
      {isToday && worst !== undefined && (
        <span class="day-count">
          <Glyph priority={worst.priority} /> <b>{rooms}</b> {words.withAlert}
        </span>
      )}
      {isToday && held > 0 && <Count n={held} of={words.onHold} />}
      {open > 0 && <Count n={open} of={words.notSignedCount} />}
    </p>
  );
}

function Count({ n, of }: { n: number; of: string }) {
  return (
    <span class="day-count">
      <b>{n}</b> {of}
    </span>
  );
}

/** One line for all of them: it is the clinic's to do, not a session's. */
function Unapproved({ day }: { day: DayOf }) {
  const count = day.sessions.filter(({ unsigned }) => unsigned.includes(LIMITS)).length;
  if (count === 0) return null;
  return (
    <p class="day-unapproved">
      <a class="button unapproved" href={toRules()}>
        {words.unapproved(count)}
      </a>
    </p>
  );
}
