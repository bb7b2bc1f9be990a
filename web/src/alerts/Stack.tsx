import {
  cameBack,
  goingThere,
  hadBefore,
  message,
  needsPerson,
  sorted,
  standingSince,
} from './alerts';
import { second } from '../clock';
import { clockTime, hourMinute } from '../format';
import { quietRoom } from './sound';
import { lastHeard, link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { openAlerts, type RoomStore } from '../ward/store';
import type { Alert } from '../stream/shapes';
import { facts, look } from './AlertCard';
import { useMoves } from './AlertLists';
import { Called } from './Called';
import { ClaimButton } from './ClaimButton';
import { Glyph } from '../parts/Glyph';

const ROWS_MAX = 3;

/** The alerts of one room; never more rows than leave room for its numbers. */
export function Stack({ room }: { room: RoomStore }) {
  const alerts = sorted(room.alerts.value);
  const movedAt = useMoves(alerts);
  const first = alerts.find(needsPerson);
  return (
    <div class="stack" aria-live="assertive" aria-relevant="additions">
      {alerts.slice(0, ROWS_MAX).map((alert) => (
        <StackRow
          key={alert.id}
          alert={alert}
          // Going to one is going to all.
          isFirst={alert === first}
          movedAt={movedAt.get(alert.id) ?? -Infinity}
        />
      ))}
      {alerts.length > ROWS_MAX && <p class="quiet">+{alerts.length - ROWS_MAX}</p>}
    </div>
  );
}

/** One alert. */
export function StackRow({
  alert,
  movedAt,
  isFirst,
}: {
  alert: Alert;
  movedAt: number;
  isFirst: boolean;
}) {
  const { what } = message(alert);
  const over = alert.state === 'latched';
  return (
    <div
      class="stack-row"
      data-alert={alert.id}
      data-priority={alert.priority}
      data-look={quietRoom.value !== null && look(alert) === 'open' ? 'quiet' : look(alert)}
    >
      <Glyph priority={alert.priority} />
      <strong>{over ? strings.was(what) : what}</strong>
      <span class="since">
        {[
          ...facts(alert),
          link.value === 'lost'
            ? strings.asOf(clockTime(lastHeard.value ?? 0))
            : over
              ? strings.endedAt(hourMinute(alert.ended_at ?? alert.raised_at), hadBefore(alert))
              : (cameBack(alert) ? later.backSince : later.since)(clockTime(standingSince(alert))),
          goingThere(alert, openAlerts.value, second.value),
        ]
          .filter(Boolean)
          .join(' · ')}
        <Called alert={alert} />
      </span>
      {isFirst ? (
        <ClaimButton alert={alert} label={later.imHere} movedAt={movedAt} />
      ) : (
        alert.acknowledged !== null && <span class="claimed-by">✓ {alert.acknowledged.by}</span>
      )}
    </div>
  );
}
