import { signal, useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { message } from '../alerts/alerts';
import { clockError_ms } from '../clock';
import { clockTime, hourMinute, span } from '../format';
import { raisedBetween } from '../ward/queries';
import { onWall, toRoom } from '../route';
import { gaps, link } from './socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { older } from '../page/version';
import { openAlerts, roomName } from '../ward/store';
import type { Alert } from './shapes';
import { Glyph } from '../parts/Glyph';
import { openRoomLabel } from '../room/openRoomLabel';

/** What this page says of itself while it monitors: what it missed, its version, its clock. */
export function LinkNotes() {
  return (
    <>
      {link.value !== 'lost' && gaps.value.length > 0 && <Back />}
      {link.value !== 'lost' && older.value && <Older />}
      {clockError_ms.value !== 0 && (
        <p class="slow">{later.clockWrong(span(Math.abs(clockError_ms.value)))}</p>
      )}
    </>
  );
}

/** Never reloaded by itself: somebody may be in the middle of something. A wall knows when. */
function Older() {
  return (
    <p class="back" role="status">
      {later.older}
      {!onWall.value && (
        <button type="button" onClick={() => location.reload()}>
          {later.reload}
        </button>
      )}
    </p>
  );
}

/** For how long nothing was monitored here, and what alarmed meanwhile: each of it. */
function Back() {
  const alerts = useRaised();
  const isOpen = useSignal(false);
  const times = gaps.value.length;
  const lost = span(gaps.value.reduce((sum, { from, to }) => sum + to - from, 0));
  const count = alerts !== null && later.duringGap(alerts.length);
  const canOpen = alerts !== null && alerts.length > 0 && !onWall.value;
  return (
    <div class="back" role="status">
      <p>
        {times === 1 ? later.back(lost) : later.backOften(times, lost)}
        {count && !canOpen && ` — ${count}`}
      </p>
      {canOpen && (
        <button
          type="button"
          data-testid="gap-alerts"
          aria-expanded={isOpen.value}
          onClick={() => (isOpen.value = !isOpen.value)}
        >
          {count}
        </button>
      )}
      {!onWall.value && (
        <button type="button" onClick={() => (gaps.value = [])}>
          {strings.dismiss}
        </button>
      )}
      {canOpen && isOpen.value && (
        <ul class="gap-list" tabIndex={0} aria-label={later.duringGap(alerts.length)}>
          {alerts.map((alert) => (
            <Missed key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** When, where, what, and who has it; one tap away is the room. */
function Missed({ alert: then }: { alert: Alert }) {
  // What the stream says now is newer than what was asked for.
  const alert = openAlerts.value.find(({ id }) => id === then.id) ?? then;
  const { what, limit } = message(alert);
  const name = roomName(alert.room) ?? alert.room ?? strings.ward;
  const over = alert.ended_at === null ? '' : `${later.over} ${hourMinute(alert.ended_at)}`;
  const who =
    alert.acknowledged === null
      ? later.nobodyYet
      : `✓ ${alert.acknowledged.by} ${hourMinute(alert.acknowledged.at)}`;
  return (
    <li data-missed={alert.id}>
      <Glyph priority={alert.priority} />
      <time>{clockTime(alert.raised_at)}</time>
      <span class="event-text">
        {alert.room === null ? (
          <strong class="where">{name}</strong>
        ) : (
          <a class="where" href={toRoom(alert.room)} aria-label={openRoomLabel(name)}>
            {name}
          </a>
        )}{' '}
        {[what, limit && strings.limit(limit), over, who].filter(Boolean).join(' · ')}
      </span>
    </li>
  );
}

const AGAIN_MS = 5_000;

/** The alerts that were raised meanwhile, also those that are over; null until the server says. */
function useRaised(): readonly Alert[] | null {
  const raised = useMemo(() => signal<readonly Alert[] | null>(null), []);
  const wanted = gaps.value;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    raised.value = null;
    const ask = async () => {
      const found = await Promise.all(wanted.map(({ from, to }) => raisedBetween(from, to)));
      if (over) return;
      const known = found.filter((one) => one !== null);
      if (known.length === found.length)
        raised.value = known.flat().sort((a, b) => b.raised_at - a.raised_at);
      else timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return raised.value;
}
