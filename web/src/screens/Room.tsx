import { alertOn, message, needsPerson, sorted, standingSince } from '../alerts';
import { second } from '../clock';
import { clockTime, hourMinute, minutesAgo, signed } from '../format';
import { Actions } from '../parts/Actions';
import { AudioButton } from '../parts/Audio';
import { ClaimButton } from '../parts/ClaimButton';
import { EventList } from '../parts/EventList';
import { usePhase } from '../parts/flash';
import { look } from '../parts/AlertCard';
import { Glyph } from '../parts/Glyph';
import { Clock, Live } from '../parts/Live';
import { KeyHelp } from '../parts/Menu';
import { Notice } from '../parts/Notice';
import { Numeral } from '../parts/Numeral';
import { Outcomes } from '../parts/OutcomeChips';
import { Elapsed, Phase, ProgressBar } from '../parts/Progress';
import { StartSession } from '../parts/StartSession';
import { nextPressure, Source } from '../parts/Tile';
import { Trend } from '../parts/Trend';
import { toCentral, toInbox } from '../route';
import { lastHeard, link } from '../stream';
import { strings } from '../strings';
import { heartRate, lastKnown, limitText, minor, pressure, shown, type Vitals } from '../vitals';
import { openAlerts, ready, roomStore, type RoomStore } from '../ward';
import type { Alert, Session } from '../wire';

export function Room({ id }: { id: string }) {
  // Read so that this draws again when the snapshot brings the room.
  const room = ready.value ? roomStore(id) : undefined;
  if (room === undefined) {
    return (
      <main class="plain">
        <p>{ready.value ? strings.noSuchRoom : `${strings.connecting}…`}</p>
        <a class="button" href={toCentral}>
          {strings.allRooms}
        </a>
      </main>
    );
  }
  const session = room.session.value;
  return (
    <main class="room" data-testid="room" data-room={id} data-phase={session?.phase ?? 'none'}>
      <Head room={room} session={session} />
      <Stack room={room} />
      <Numbers room={room} session={session} />
      <div class="room-middle">
        <Trend room={room} />
        <div class="side" role="region" aria-label={strings.thisSession} tabIndex={0}>
          <Outcomes room={id} />
          {session === null ? <StartSession room={room} /> : <EventList session={session} />}
          <KeyHelp />
        </div>
      </div>
      <Notice />
      <div class="actions">
        {session !== null && <Actions key={session.id} session={session} />}
        <AudioButton />
      </div>
    </main>
  );
}

function Head({ room, session }: { room: RoomStore; session: Session | null }) {
  return (
    <header class="room-head">
      <a class="button back-button" href={toCentral} aria-label={strings.allRooms}>
        ‹ <span class="wide-only">{strings.allRooms}</span>
      </a>
      <h1>{room.name.value}</h1>
      <Source room={room} />
      {session === null ? (
        <span class="who">{strings.noSession}</span>
      ) : (
        <>
          <span class="who">
            {session.initials} · {session.title}
          </span>
          <span class="chip">
            <Phase session={session} />
          </span>
          <Elapsed session={session} long />
          <ProgressBar session={session} />
        </>
      )}
      <span class="room-live">
        <Elsewhere room={room} />
        <Live />
        <Clock />
      </span>
    </header>
  );
}

/** A person in one room must not miss another. */
function Elsewhere({ room }: { room: RoomStore }) {
  const others = openAlerts.value.filter(
    (alert) => alert.room !== room.id && needsPerson(alert) && alert.state === 'active',
  );
  const first = others[0];
  if (first === undefined) return null;
  return (
    <a class="elsewhere" href={toInbox}>
      <Glyph priority={first.priority} />
      {strings.elsewhere}: {others.length}
    </a>
  );
}

const ROWS_MAX = 3;

function Stack({ room }: { room: RoomStore }) {
  const alerts = sorted(room.alerts.value);
  return (
    <div class="stack" aria-live="assertive" aria-relevant="additions">
      {alerts.slice(0, ROWS_MAX).map((alert) => (
        <StackRow key={alert.id} alert={alert} />
      ))}
      {alerts.length > ROWS_MAX && <p class="quiet">+{alerts.length - ROWS_MAX}</p>}
    </div>
  );
}

function StackRow({ alert }: { alert: Alert }) {
  const { what, limit } = message(alert);
  const phase = usePhase(`${look(alert)} ${alert.priority}`);
  const over = alert.state === 'latched';
  return (
    <div
      class="stack-row"
      data-alert={alert.id}
      data-priority={alert.priority}
      data-look={look(alert)}
      style={phase}
    >
      <Glyph priority={alert.priority} />
      <strong>{over ? strings.was(what) : what}</strong>
      {limit !== '' && <span>{strings.limit(limit)}</span>}
      <span class="since">
        {link.value === 'lost'
          ? strings.asOf(clockTime(lastHeard.value ?? 0))
          : over
            ? strings.endedAt(hourMinute(alert.ended_at ?? alert.raised_at))
            : (alert.reopened_at === null ? strings.since : strings.backSince)(
                clockTime(standingSince(alert)),
              )}
      </span>
      {alert.acknowledged === null ? (
        <ClaimButton alert={alert} label={strings.imHere} />
      ) : (
        <span class="claimed-by">✓ {alert.acknowledged.by}</span>
      )}
    </div>
  );
}

function Numbers({ room, session }: { room: RoomStore; session: Session | null }) {
  const now = second.value;
  const vitals = room.vitals.value;
  const alerts = room.alerts.value;
  const limits = session?.limits ?? {};
  const rate = heartRate(vitals, now);
  const hr = shown(rate, now);
  const spo2 = shown(vitals['spo2'], now);
  const bp = pressure(vitals['nibp'], session, now);
  const systolic = limitText(limits['systolic']);
  const diastolic = limitText(limits['diastolic']);
  return (
    <div class="room-numbers">
      <Numeral
        name="hr"
        label={strings.hr}
        unit={
          rate?.vital === 'pulse_rate'
            ? `${strings.perMinute} · ${strings.fromPulse}`
            : strings.perMinute
        }
        shown={hr}
        alert={alertOn(alerts, 'hr')}
        aside={limitText(limits['heart_rate'])}
        foot={footOf(hr.note, hr.text, session?.baseline?.['heart_rate'])}
      />
      <Numeral
        name="spo2"
        label={strings.spo2}
        unit={strings.percent}
        shown={spo2}
        alert={alertOn(alerts, 'spo2')}
        aside={limitText(limits['spo2'])}
        foot={footOf(spo2.note, spo2.text, session?.baseline?.['spo2'])}
      />
      <Numeral
        name="bp"
        label={strings.bp}
        unit={strings.mmHg}
        shown={bp}
        alert={alertOn(alerts, 'bp')}
        aside={[systolic && `SYS ${systolic}`, diastolic && `DIA ${diastolic}`]
          .filter(Boolean)
          .join(' · ')}
        foot={
          <>
            <span>{session === null ? '' : nextPressure(session, now)}</span>
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

/** What else the monitor measures, when it does. */
function Minor({ vitals, now }: { vitals: Vitals; now: number }) {
  const found = Object.entries(strings.minor).flatMap(([vital, [label, unit]]) => {
    const reading = vitals[vital];
    return reading === undefined ? [] : [{ label, unit, text: minor(reading, now) }];
  });
  if (found.length === 0) return null;
  return (
    <p class="mini last-known" data-testid="minor">
      {found.map(({ label, unit, text }) => (
        <span key={label}>
          {label} <b>{link.value === 'lost' ? strings.missing : text}</b> {unit}
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
    : strings.fromBaseline(signed(value - baseline), baseline);
}
