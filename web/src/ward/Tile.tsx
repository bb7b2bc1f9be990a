import type { ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { alertOn, foremost, short, standingSince } from '../alerts/alerts';
import { second } from '../clock';
import { isCuffGate } from '../room/cuff';
import { minutesAgo, span } from '../format';
import { hasOtherLimits } from '../room/annotations';
import { onWall, toRoom } from '../route';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { brief, pressing, timeOf } from '../room/tasks';
import {
  byHand,
  hasNumbers,
  heartRate,
  lastKnown,
  pressure,
  shown,
  whyMissing,
  type Pressure,
  type Shown as ShownValue,
} from '../room/vitals';
import type { RoomStore } from './store';
import { fields, list } from '../stream/fields';
import type { Alert, Session } from '../stream/shapes';
import { look } from '../alerts/AlertCard';
import { Glyph } from '../parts/Glyph';
import { Guard } from '../parts/Guard';
import { Annotations } from '../room/Annotations';
import { Numeral } from '../room/Numeral';
import { Elapsed, Phase, ProgressBar } from '../room/Progress';
import { TaskIcon } from '../room/TaskIcon';

/** `Room 3` is shown as `3` where every tile is a room. */
export function shortName(name: string): string {
  return name.replace(/^Room /i, '');
}

interface Props {
  room: RoomStore;
  /** Moves its ages on. */
  tick?: ReadonlySignal<number>;
}

export function Tile({ room, tick = second }: Props) {
  return (
    <Guard instead={() => <Unshown room={room} />}>
      <Shown room={room} tick={tick} />
    </Guard>
  );
}

/** What it lacks is said; that it alarms is seen all the same. */
function Unshown({ room }: { room: RoomStore }) {
  const alert = foremost(room.alerts.value);
  return (
    <article
      class="tile"
      data-room={room.id}
      data-state={alert === undefined ? 'calm' : look(alert)}
      data-look={alert && look(alert)}
      data-priority={alert?.priority}
    >
      <p class="tile-head">
        <RoomNumber room={room} />
      </p>
      <p class="not-shown">{strings.notShown}</p>
    </article>
  );
}

function Shown({ room, tick }: Required<Props>) {
  const now = tick.value;
  const alert = foremost(room.alerts.value);
  const session = room.session.value;
  const empty = session === null && !hasNumbers(room.vitals.value) && alert === undefined;
  const state = alert === undefined ? (empty ? 'empty' : 'calm') : look(alert);
  return (
    <article
      class="tile"
      data-room={room.id}
      data-state={state}
      data-look={alert && look(alert)}
      data-priority={alert?.priority}
    >
      <header class="tile-head">
        <Open room={room}>
          <RoomNumber room={room} />
          {session === null ? (
            <span class="no-session">{empty ? strings.noSession : strings.runningNoSession}</span>
          ) : (
            <>
              <span class="initials">{session.initials}</span> <Phase session={session} />
            </>
          )}
        </Open>
        <Source room={room} />
        {session !== null && isWaived(session) && <span class="chip waived">{strings.waived}</span>}
        {session !== null && <Elapsed session={session} now={now} />}
      </header>
      {session !== null && <ProgressBar session={session} now={now} />}
      <Unread room={room} />
      {!empty && <Numbers room={room} now={now} />}
      {!empty && <Foot room={room} alert={alert} session={session} now={now} />}
    </article>
  );
}

/** Staff went on with something missing: the tile says so until the end. */
const isWaived = ({ raw }: Session) => list(fields(raw)['waived']).length > 0;

/** As many letters as fit beside the rest in any tile. */
const SHORT = 4;

function RoomNumber({ room }: { room: RoomStore }) {
  const name = shortName(room.name.value);
  return <b class={name.length > SHORT ? 'number long' : 'number'}>{name}</b>;
}

function Open({ room, children }: { room: RoomStore; children: ComponentChildren }) {
  if (onWall.value) return <span class="tile-open">{children}</span>;
  return (
    <a class="tile-open" href={toRoom(room.id)}>
      {children}
    </a>
  );
}

export function Source({ room }: { room: RoomStore }) {
  const found = room.devices.value.find(({ source }) => strings.sources[source] !== undefined);
  return found === undefined ? null : (
    <span class="chip source" data-source={found.source}>
      {strings.sources[found.source]}
    </span>
  );
}

/** After a restart the state of the room may not be what it was. */
export function Unread({ room }: { room: RoomStore }) {
  return room.unread_since.value === null ? null : (
    <p class="unread">
      {strings.unread}
      <span>{strings.unreadNext}</span>
    </p>
  );
}

interface AtTime {
  room: RoomStore;
  now: number;
}

function Numbers({ room, now }: AtTime) {
  const vitals = room.vitals.value;
  const alerts = room.alerts.value;
  const monitor = alerts.find(({ condition }) => condition === 'monitor_lost');
  const hrAlert = alertOn(alerts, 'hr');
  const spo2Alert = alertOn(alerts, 'spo2');
  const session = room.session.value;
  const gate = isCuffGate(room.cuff.value, now);
  const hr = shown(heartRate(vitals, now), now, gate);
  const spo2 = shown(vitals['spo2'], now, gate);
  const bp = pressure(vitals['nibp'], session, now);
  return (
    <div class="numbers">
      <Numeral
        name="hr"
        label={strings.hr}
        shown={hr}
        alert={hrAlert}
        session={session}
        aside={asideOf(hr, hrAlert ?? monitor)}
      />
      <Numeral
        name="spo2"
        label={strings.spo2}
        shown={spo2}
        alert={spo2Alert}
        session={session}
        aside={asideOf(spo2, spo2Alert ?? monitor)}
      />
      <Numeral
        name="bp"
        label={bpLabel(bp, alerts, session, now)}
        shown={bp}
        alert={alertOn(alerts, 'bp')}
        session={session}
        by={byHand(bp.manual, session, { systolic: vitals['nibp']?.systolic })}
        aside={ageOf(bp, now)}
      />
    </div>
  );
}

/** What is due is in the foot of the tile, or here while that shows an alert. */
function bpLabel(
  bp: Pressure,
  alerts: readonly Alert[],
  session: Session | null,
  now: number,
): string {
  if (link.value === 'lost') return strings.bp;
  if (bp.failed) return strings.bpFailed;
  const isDue = session !== null && alerts.length > 0 && isOverdue(session, now);
  return (isDue ? strings.tasksBrief['bp_due'] : undefined) ?? strings.bp;
}

/** The age of the last pressure; where there is none, why. The label shows a failure. */
function ageOf(bp: Pressure, now: number): string {
  if (bp.taken_at !== null) return minutesAgo(now - bp.taken_at);
  return bp.failed ? '' : bp.note;
}

/** Nothing that the foot of the tile says already: an alert, or how old everything is. */
function asideOf(shown: ShownValue, alert: Alert | undefined): string {
  if (link.value === 'lost' || (alert !== undefined && shown.freshness === 'absent')) return '';
  return shown.questionable ? strings.questionable : shown.brief;
}

interface FootProps extends AtTime {
  alert: Alert | undefined;
  session: Session | null;
}

function Foot({ room, alert, session, now }: FootProps) {
  if (link.value === 'lost') return <p class="foot quiet">{lastKnown(room.vitals.value)}</p>;
  if (alert !== undefined) {
    return <AlertFoot alert={alert} more={room.alerts.value.length - 1} now={now} />;
  }
  if (session === null) {
    if (onWall.value) return null;
    return (
      <p class="foot quiet">
        <a class="foot-link" href={toRoom(room.id)}>
          {strings.startSession}
        </a>
      </p>
    );
  }
  return (
    <p class="foot quiet">
      <Due room={room} session={session} now={now} />
      {hasOtherLimits(session) && <Annotations marks={['own']} />}
    </p>
  );
}

const OF_THE_CUFF: ReadonlySet<string> = new Set(['bp_due', 'repeat_cuff']);

/** The first task that is due, else whose room it is or who was here last; and when the next
 * pressure is due. */
function Due({ room, session, now }: AtTime & { session: Session }) {
  const why = whyMissing(room.vitals.value, now, isCuffGate(room.cuff.value, now));
  const task = pressing(session.tasks, now);
  if (task === null) {
    return (
      <>
        {/* Beside the numbers, where a tile has the room. */}
        {why !== '' && <span class="foot-why">{why}</span>}
        <span class="foot-by">{room.nurse.value || session.events.at(-1)?.by}</span>
        <span class="foot-time" data-late={isOverdue(session, now) || undefined}>
          {nextPressure(session, now)}
        </span>
      </>
    );
  }
  const time = OF_THE_CUFF.has(task.kind) ? timeOf(task, now) : nextPressure(session, now);
  // Words of the server’s own may need the whole foot.
  const isShort = task.kind in strings.tasksBrief;
  return (
    <>
      <span class="foot-task" data-task={task.kind}>
        <TaskIcon kind={task.kind} />
        <span>{brief(task)}</span>
      </span>
      {isShort && <span class="foot-time">{time}</span>}
    </>
  );
}

function isOverdue({ next_nibp_due: due }: Session, now: number): boolean {
  return due !== null && due <= now;
}

export function nextPressure(session: Session, now: number): string {
  const due = session.next_nibp_due;
  if (due === null) return '';
  return due > now ? strings.bpIn(span(due - now)) : strings.bpOverdue(span(now - due));
}

function AlertFoot({ alert, more, now }: { alert: Alert; more: number; now: number }) {
  const over = alert.state === 'latched';
  return (
    <p class="foot foot-alert">
      <Glyph priority={alert.priority} />
      <span class="foot-text">{over ? strings.was(short(alert)) : short(alert)}</span>
      {more > 0 && <span class="chip">+{more}</span>}
      <span class="foot-time">
        {alert.acknowledged !== null
          ? `✓ ${alert.acknowledged.by}`
          : over
            ? strings.ended
            : span(now - standingSince(alert))}
      </span>
    </p>
  );
}
