import {
  cameBack,
  goingThere,
  hadBefore,
  message,
  needsPerson,
  standingSince,
  worstAt,
} from './alerts';
import { second } from '../clock';
import { clockTime, hourMinute, span } from '../format';
import { onWall, toRoom } from '../route';
import { lastHeard, link } from '../stream/socket';
import { strings } from '../strings';
import { openAlerts, roomName, roomStore } from '../ward/store';
import { openRoomLabel } from '../room/openRoomLabel';
import type { Alert } from '../stream/shapes';
import { ClaimButton } from './ClaimButton';
import { Glyph } from '../parts/Glyph';
import { Guard } from '../parts/Guard';
import { Called } from '../parts/later';
import { liveBeside, MiniVitals } from './MiniVitals';
import { Phase } from '../room/Progress';

interface Props {
  /** Of one room, the most urgent first: they are one thing to go to. */
  alerts: readonly [Alert, ...Alert[]];
  movedAt: number;
  /** A row of the rail, or a card of the phone with live numbers and large buttons. */
  large: boolean;
}

/** `data-look` is what the frame is drawn from: the priority, or why it is calm. */
export function look(alert: Alert): string {
  if (alert.acknowledged !== null) return 'claimed';
  return alert.state === 'latched' ? 'latched' : 'open';
}

export function AlertCard(props: Props) {
  const [alert] = props.alerts;
  return (
    <li
      class={props.large ? 'card card-large' : 'card'}
      data-alert={alert.id}
      data-room={alert.room}
      data-priority={alert.priority}
      data-look={look(alert)}
    >
      <Glyph priority={alert.priority} />
      <Guard instead={() => <Unshown {...props} />}>
        <Shown {...props} />
      </Guard>
    </li>
  );
}

/** An alert whose words cannot be drawn is shown all the same, and can be taken. */
function Unshown({ alerts: [alert], movedAt }: Props) {
  return (
    <>
      <div class="card-text">
        <Where alert={alert} />
        <span class="what">{strings.notShown}</span>
      </div>
      {needsPerson(alert) && <ClaimButton alert={alert} movedAt={movedAt} />}
    </>
  );
}

/** A card is as high as the rooms below leave it; what it leaves out, the room says. */
const LINES_MAX = 3;

function Shown({ alerts, movedAt, large }: Props) {
  const [alert, ...others] = alerts;
  const room = alert.room === null ? undefined : roomStore(alert.room);
  const session = room?.session.value;
  const claim = needsPerson(alert) && (
    <ClaimButton
      alert={alerts.find(({ state }) => state === 'active') ?? alert}
      movedAt={movedAt}
    />
  );
  return (
    <>
      <div class="card-text">
        <div class="card-head">
          <Where alert={alert} />
          {large && session != null && (
            <>
              <span>{session.initials}</span> <Phase session={session} />
            </>
          )}
          {large && claim && alert.state === 'active' && link.value !== 'lost' && (
            <span class="waiting">{span(second.value - standingSince(alert))}</span>
          )}
        </div>
        <What alert={alert} large={large} />
      </div>
      {!large && claim}
      {claim && large && (
        <>
          {room !== undefined && <MiniVitals room={room} />}
          <div class="card-actions">
            {claim}
            {alert.room !== null && (
              <a class="button" href={toRoom(alert.room)}>
                {strings.openRoom}
              </a>
            )}
          </div>
        </>
      )}
      {others.slice(0, LINES_MAX - 1).map((other) => (
        <div
          class="also"
          key={other.id}
          data-alert={other.id}
          data-priority={other.priority}
          data-look={look(other)}
        >
          <Glyph priority={other.priority} />
          <span class="card-text">
            <What alert={other} large={large} />
          </span>
        </div>
      ))}
      {alerts.length > LINES_MAX && <span class="small">+{alerts.length - LINES_MAX}</span>}
    </>
  );
}

/** What alarms, its limit and the number of now; and who has it. */
function What({ alert, large }: { alert: Alert; large: boolean }) {
  const { what } = message(alert);
  return (
    <>
      <span class="what">{alert.state === 'latched' ? strings.was(what) : what}</span>
      {large && alert.acknowledged !== null && (
        <strong>✓ {strings.isGoing(alert.acknowledged.by)}</strong>
      )}
      {alert.escalated > 0 && <Called alert={alert} />}
      <Small alert={alert} />
    </>
  );
}

function Where({ alert }: { alert: Alert }) {
  const name = roomName(alert.room) ?? (alert.room === null ? strings.ward : alert.room);
  if (alert.room === null || onWall.value) return <strong class="where">{name}</strong>;
  return (
    <a class="where" href={toRoom(alert.room)} aria-label={openRoomLabel(name)}>
      {name}
    </a>
  );
}

/** limit 90 · worst at 10:31 · now 96 · less urgent since 10:35. */
export function facts(alert: Alert): (string | number | null)[] {
  const { limit } = message(alert);
  return [
    limit && strings.limit(limit),
    worstAt(alert),
    liveBeside(alert),
    alert.came_down && strings.cameDown(hourMinute(alert.came_down)),
  ];
}

/** The same, with for how long and who is going; or who has it since when. */
function Small({ alert }: { alert: Alert }) {
  const parts = facts(alert);
  if (alert.acknowledged !== null) {
    const { by, at } = alert.acknowledged;
    parts.push(`✓ ${by} ${hourMinute(at)}`);
  } else if (link.value === 'lost') {
    parts.push(strings.asOf(clockTime(lastHeard.value ?? alert.raised_at)));
  } else if (alert.state === 'latched') {
    const at = hourMinute(alert.ended_at ?? alert.raised_at);
    parts.push(strings.endedAt(at, hadBefore(alert)));
  } else {
    const words = cameBack(alert) ? strings.backFor : strings.for;
    const going = goingThere(alert, openAlerts.value, second.value);
    parts.push(words(span(second.value - standingSince(alert))), going || hadBefore(alert));
  }
  return <span class="small">{parts.filter(Boolean).join(' · ')}</span>;
}
