import { foremost, short } from '../alerts/alerts';
import { look } from '../alerts/AlertCard';
import { second } from '../clock';
import { hourMinute, span } from '../format';
import { Glyph } from '../parts/Glyph';
import { elapsed_ms } from '../room/Progress';
import { toRoom } from '../route';
import { toSession } from '../parts/routes';
import { strings } from '../strings';
import { words } from '../strings/day';
import type { Alert, Session } from '../stream/shapes';
import { roomIds, roomName, roomStore } from '../ward/store';
import { shortName } from '../ward/Tile';
import { isOpen, itemsInWords, openItems } from './NotSigned';
import { keeperOf, type DayOf, type DaySession, type HandOverDone } from './read';
import { axis, block, lanes, NARROWEST, share, type Axis, type Block } from './timetable';

/** The rooms below each other, and the hours beside each other. Only what is live has colour. */
export function Timetable({ day, isToday }: { day: DayOf; isToday: boolean }) {
  // What is drawn moves with the minute; what is live moves by itself.
  const now = Math.floor(second.value / 60_000) * 60_000;
  const blocks = new Map(day.sessions.map((session) => [session.id, block(session, now)]));
  const on = axis([...blocks.values()], day, isToday ? now : null);
  const known = new Set(roomIds.value);
  const gone = [...new Set(day.sessions.map(({ room }) => room))].filter((id) => !known.has(id));
  const rooms = [...roomIds.value, ...gone];
  const at = isToday ? share(on, second.value) : null;
  return (
    <div class="day-grid" style={{ '--hours': on.hours.length - 1 }}>
      <div class="day-hours" aria-hidden="true">
        <span class="day-corner">{words.room}</span>
        <div class="day-scale">
          {/* An hour that lies under the present time is that. */}
          {on.hours
            .filter((hour) => !isUnder(share(on, hour), at))
            .map((hour) => (
              <span key={hour} style={{ left: percent(share(on, hour)) }}>
                {hourMinute(hour)}
              </span>
            ))}
          {at !== null && (
            <b class="day-now" style={{ left: percent(at) }}>
              {hourMinute(second.value)}
            </b>
          )}
        </div>
      </div>
      <ul class="day-rooms">
        {rooms.map((room) => (
          <Row
            key={room}
            room={room}
            sessions={day.sessions.filter((session) => session.room === room)}
            blocks={blocks}
            on={on}
            at={at}
            given={keeperOf(room, day.hand_overs)}
          />
        ))}
      </ul>
    </div>
  );
}

const LABEL = 0.06;
const isUnder = (share: number, now: number | null) =>
  now !== null && Math.abs(share - now) < LABEL;

const percent = (of: number) => `${(of * 100).toFixed(3)}%`;

interface RowProps {
  room: string;
  sessions: readonly DaySession[];
  blocks: ReadonlyMap<string, Block>;
  on: Axis;
  at: number | null;
  /** To whom it was handed over last on this day. */
  given: HandOverDone | null;
}

function Row({ room, sessions, blocks, on, at, given }: RowProps) {
  const live = roomStore(room)?.session.value ?? null;
  const lane = lanes(
    sessions.flatMap(({ id }) => blocks.get(id) ?? []),
    on,
  );
  const lines = Math.max(1, ...[...lane.values()].map((one) => one + 1));
  // What the room itself asks for is by nobody.
  const last = live?.events.findLast(({ by }) => by !== '');
  // Whoever was given the room has it, until somebody else does something there.
  const isGiven = given !== null && (last === undefined || last.at <= given.at);
  const who = isGiven ? given.to : (last?.by ?? '');
  const why = isGiven ? words.hasIt(who, hourMinute(given.at)) : words.lastBy(who);
  return (
    <li class="day-row" data-room={room} style={{ '--lines': lines }}>
      <p class="day-room">
        <b>{shortName(roomName(room) ?? room)}</b>
        <span title={who === '' ? undefined : why}>{who}</span>
      </p>
      <div class="day-line">
        {at !== null && <i class="day-at" style={{ left: percent(at) }} />}
        {sessions.map((session) => (
          <One
            key={session.id}
            session={session}
            block={blocks.get(session.id)}
            lane={lane.get(session.id) ?? 0}
            live={live?.id === session.id ? live : null}
            on={on}
          />
        ))}
      </div>
    </li>
  );
}

interface OneProps {
  session: DaySession;
  block: Block | undefined;
  lane: number;
  /** As it is at this moment, where it runs. */
  live: Session | null;
  on: Axis;
}

function One({ session, block: of, lane, live, on }: OneProps) {
  if (of === undefined) return null;
  const left = Math.min(share(on, of.from), 1 - NARROWEST);
  const width = Math.max(share(on, of.to) - left, NARROWEST);
  const inside = (at: number) => percent(Math.min(1, Math.max(0, (share(on, at) - left) / width)));
  const alert = live === null ? undefined : foremost(roomStore(session.room)?.alerts.value ?? []);
  const state = live !== null ? 'live' : isOpen(session) ? 'open' : 'done';
  const ended = session.ended_at;
  return (
    <a
      class="day-block"
      href={live === null ? toSession(session.id) : toRoom(session.room)}
      data-session={session.id}
      data-state={state}
      data-look={alert && look(alert)}
      data-priority={alert?.priority}
      style={{ '--left': percent(left), '--width': percent(width), '--lane': lane }}
    >
      {of.infusion !== null && (
        <i
          class="day-infusion"
          style={{ left: inside(of.infusion[0]), right: `calc(100% - ${inside(of.infusion[1])})` }}
        />
      )}
      {live !== null && <i class="day-done" style={{ width: inside(second.value) }} />}
      <span class="day-who">
        <b>{session.initials}</b> {session.title}
      </span>
      {alert !== undefined && <Glyph priority={alert.priority} />}
      <span class="day-is">
        {live !== null ? <Now session={live} alert={alert} /> : <Then session={session} />}
        {live === null && session.alerts > 0 && (
          <span class="day-alerts">
            <Glyph priority={session.high > 0 ? 'high' : 'medium'} label={false} />
            <span class="hidden">{words.alerts(session.alerts, session.high)}</span>
          </span>
        )}
      </span>
      <span class="day-time">
        {ended === null
          ? words.since(hourMinute(session.opened_at))
          : words.to(hourMinute(session.opened_at), hourMinute(ended))}
      </span>
    </a>
  );
}

function Now({ session, alert }: { session: Session; alert: Alert | undefined }) {
  const { phase } = session;
  const runs = phase === 'infusing' || phase === 'paused';
  const time = span(elapsed_ms(session, second.value));
  const planned = Math.round(session.planned_s / 60);
  return (
    <>
      {phase === 'held' ? (
        <b class="chip chip-inverted">{words.hold}</b>
      ) : (
        <span class="day-phase">{strings.phases[phase] ?? phase.replaceAll('_', ' ')}</span>
      )}{' '}
      {runs && planned > 0 ? words.of(time, String(planned)) : time}
      {alert !== undefined && <span class="hidden">, {short(alert)}</span>}
    </>
  );
}

function Then({ session }: { session: DaySession }) {
  const items = openItems(session);
  const how = words.ended[session.phase] ?? session.phase.replaceAll('_', ' ');
  if (!isOpen(session)) return <span>{session.phase === 'discharged' ? `✓ ${how}` : how}</span>;
  return (
    <b title={itemsInWords(items)}>
      {words.notSigned}
      <span class="hidden">: {itemsInWords(items)}</span>
    </b>
  );
}
