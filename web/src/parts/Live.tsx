import { clockTime, span } from '../format';
import { second } from '../clock';
import { lastHeard, link } from '../stream/socket';
import { strings } from '../strings';
import { alarmPath } from '../ward/store';

export function Clock() {
  return (
    <time class="clock" data-testid="clock">
      {clockTime(second.value)}
    </time>
  );
}

/** Whether this screen monitors, in a word; the seconds of the clock beside it show it moving. */
export function Live() {
  const heard = lastHeard.value;
  return (
    <span class="live" data-live={link.value}>
      <i aria-hidden="true" />
      {link.value === 'lost'
        ? strings.lostSince(heard === null ? '' : clockTime(heard))
        : link.value === 'connecting'
          ? strings.connecting
          : strings.live}
    </span>
  );
}

const PROOF_MAX_MS = 5_000;

/** The proof of the alarm path: how long a probe through every room's own loop took. */
export function AlarmPath() {
  const { proved_at, round_trip_ms, audible_screens } = alarmPath.value;
  // What was proved before the loss says nothing of now.
  if (link.value === 'lost') return null;
  const unproved = proved_at === null ? 0 : second.value - proved_at;
  const late = unproved > PROOF_MAX_MS;
  return (
    <p class="path" data-late={late || undefined}>
      {late && strings.notProved(span(unproved))}
      {!late && round_trip_ms !== null && strings.roundTrip(Math.round(round_trip_ms))}
      {audible_screens !== null && ` · ${strings.hearing(audible_screens)}`}
    </p>
  );
}
