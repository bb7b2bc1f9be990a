import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { needsPerson } from './alerts';
import { span_ms } from '../clock';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { openAlerts, ready, unrecorded } from '../ward/store';
import type { Alert } from '../stream/shapes';
import { AlertCard } from './AlertCard';
import { Unrecorded } from '../parts/later';
import { byRoom } from './groups';

/** *Needs a person*, then *Someone has it*: the only sorted thing on a screen. */
export function AlertLists({
  large = false,
  between,
}: {
  large?: boolean;
  /** After what waits, before what somebody has. */
  between?: ComponentChildren;
}) {
  const waiting = openAlerts.value.filter(needsPerson);
  const taken = openAlerts.value.filter((alert) => !needsPerson(alert));
  return (
    <>
      <section class="alerts" data-testid="needs-a-person">
        <h2>
          {strings.needsAPerson}
          {large && waiting.length > 0 && ` · ${waiting.length}`}
        </h2>
        <List alerts={waiting} large={large} live />
        {waiting.length === 0 && ready.value && link.value !== 'lost' && (
          <p class="quiet">{strings.nothingNeedsAPerson}</p>
        )}
        {unrecorded.value.length > 0 && <Unrecorded />}
      </section>
      {between}
      {taken.length > 0 && (
        <section class="alerts" data-testid="someone-has-it">
          <h2>{strings.someoneHasIt}</h2>
          <List alerts={taken} large={large} />
        </section>
      )}
    </>
  );
}

function List({
  alerts,
  large,
  live,
}: {
  alerts: readonly Alert[];
  large: boolean;
  live?: boolean;
}) {
  const groups = byRoom(alerts);
  const movedAt = useMoves(groups.map(([first]) => first));
  return (
    <ul
      {...(live === true
        ? { 'aria-live': 'polite' as const, 'aria-relevant': 'additions' as const }
        : {})}
    >
      {groups.map((group) => (
        <AlertCard
          key={group[0].id}
          alerts={group}
          large={large}
          movedAt={movedAt.get(group[0].id) ?? -Infinity}
        />
      ))}
    </ul>
  );
}

/** When each row last moved, or came between others that a finger may be on. */
export function useMoves(alerts: readonly Alert[]): ReadonlyMap<string, number> {
  const places = useRef<Map<string, number> | null>(null);
  const moves = useRef(new Map<string, number>());
  // Where nothing was, no finger was on its way to something else.
  const hadRows = (places.current?.size ?? 0) > 0;
  alerts.forEach((alert, place) => {
    if (hadRows && places.current?.get(alert.id) !== place) moves.current.set(alert.id, span_ms());
  });
  const now = new Map(alerts.map((alert, place) => [alert.id, place]));
  places.current = now;
  for (const id of moves.current.keys()) if (!now.has(id)) moves.current.delete(id);
  return moves.current;
}
