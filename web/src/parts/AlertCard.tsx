import { hadBefore, message, standingSince } from '../alerts';
import { second } from '../clock';
import { clockTime, hourMinute, span } from '../format';
import { onWall, toRoom } from '../route';
import { lastHeard, link } from '../stream';
import { strings } from '../strings';
import { roomName, roomStore } from '../ward';
import { openRoomLabel } from './names';
import type { Alert } from '../wire';
import { ClaimButton } from './ClaimButton';
import { Glyph } from './Glyph';
import { Guard } from './Guard';
import { MiniVitals } from './MiniVitals';
import { Phase } from './Progress';

interface Props {
  alert: Alert;
  movedAt: number;
  /** A row of the rail, or a card of the phone with live numbers and large buttons. */
  large: boolean;
}

/** `data-look` is what the frame is drawn from: the priority, or why it is calm. */
export function look(alert: Alert): string {
  if (alert.acknowledged !== null) return 'claimed';
  return alert.state === 'latched' ? 'latched' : 'open';
}

export function AlertCard({ alert, movedAt, large }: Props) {
  return (
    <li
      class={large ? 'card card-large' : 'card'}
      data-alert={alert.id}
      data-room={alert.room}
      data-priority={alert.priority}
      data-look={look(alert)}
    >
      <Glyph priority={alert.priority} />
      <Guard instead={() => <Unshown alert={alert} movedAt={movedAt} />}>
        {large ? (
          <Large alert={alert} movedAt={movedAt} />
        ) : (
          <Row alert={alert} movedAt={movedAt} />
        )}
      </Guard>
    </li>
  );
}

/** An alert whose words cannot be drawn stands all the same, and can be taken. */
function Unshown({ alert, movedAt }: { alert: Alert; movedAt: number }) {
  return (
    <>
      <div class="card-text">
        <Where alert={alert} />
        <span class="what">{strings.notShown}</span>
      </div>
      {alert.acknowledged === null && <ClaimButton alert={alert} movedAt={movedAt} />}
    </>
  );
}

function Row({ alert, movedAt }: { alert: Alert; movedAt: number }) {
  const { what } = message(alert);
  return (
    <>
      <div class="card-text">
        <Where alert={alert} />
        <span class="what">{alert.state === 'latched' ? strings.was(what) : what}</span>
        <Small alert={alert} />
      </div>
      {alert.acknowledged === null && <ClaimButton alert={alert} movedAt={movedAt} />}
    </>
  );
}

function Large({ alert, movedAt }: { alert: Alert; movedAt: number }) {
  const { what } = message(alert);
  const room = alert.room === null ? undefined : roomStore(alert.room);
  const session = room?.session.value;
  return (
    <>
      <div class="card-text">
        <div class="card-head">
          <Where alert={alert} />
          {session != null && (
            <>
              <span>{session.initials}</span> <Phase session={session} />
            </>
          )}
          {alert.state === 'active' && alert.acknowledged === null && link.value !== 'lost' && (
            <span class="waiting">{span(second.value - standingSince(alert))}</span>
          )}
        </div>
        <span class="what">{alert.state === 'latched' ? strings.was(what) : what}</span>
        {alert.acknowledged !== null && <strong>✓ {strings.isGoing(alert.acknowledged.by)}</strong>}
        <Small alert={alert} />
      </div>
      {alert.acknowledged === null && (
        <>
          {room !== undefined && <MiniVitals room={room} />}
          <div class="card-actions">
            <ClaimButton alert={alert} movedAt={movedAt} />
            {alert.room !== null && (
              <a class="button" href={toRoom(alert.room)}>
                {strings.openRoom}
              </a>
            )}
          </div>
        </>
      )}
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

/** limit 90 · for 0:15 · Escalated; or who has it since when. */
function Small({ alert }: { alert: Alert }) {
  const { limit } = message(alert);
  const parts: string[] = limit === '' ? [] : [strings.limit(limit)];
  if (alert.acknowledged !== null) {
    const { by, at } = alert.acknowledged;
    parts.push(`✓ ${by} ${hourMinute(at)}`);
  } else if (link.value === 'lost') {
    parts.push(strings.asOf(clockTime(lastHeard.value ?? alert.raised_at)));
  } else if (alert.state === 'latched') {
    const at = hourMinute(alert.ended_at ?? alert.raised_at);
    parts.push(strings.endedAt(at, hadBefore(alert)));
  } else {
    const words = alert.reopened_at === null ? strings.for : strings.backFor;
    parts.push(words(span(second.value - standingSince(alert))));
    if (alert.acknowledged_before !== null) parts.push(hadBefore(alert));
  }
  if (alert.escalated > 0 && alert.acknowledged === null) parts.push(strings.escalated);
  return <span class="small">{parts.join(' · ')}</span>;
}
