import { pauseAudio, pausedLocally } from '../alerts/actions';
import { pausedUntil } from '../alerts/alerts';
import { second } from '../clock';
import { span } from '../format';
import * as sound from '../alerts/sound';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { openAlerts } from '../ward/store';

/** Sound is either on, paused for two minutes at most, or off because the browser says so. */
export function AudioButton() {
  if (!sound.running.value) {
    return (
      <button type="button" class="audio audio-off" onClick={() => void sound.turnOn()}>
        <Bell crossed /> {strings.soundOff}
      </button>
    );
  }
  const until =
    link.value === 'lost' ? pausedLocally.value : pausedUntil(openAlerts.value, second.value);
  const left = (until ?? 0) - second.value;
  const note =
    sound.quietRoom.value !== null
      ? strings.quietHere
      : sound.elsewhere.value
        ? strings.soundElsewhere
        : null;
  return (
    <button
      type="button"
      class={left > 0 ? 'audio audio-paused' : 'audio'}
      onClick={() => void pauseAudio()}
    >
      <Bell crossed={left > 0 || note !== null} />
      <span>
        {left > 0 ? strings.audioPaused(span(left)) : strings.pauseAudio}
        {note !== null && <small>{note}</small>}
      </span>
    </button>
  );
}

function Bell({ crossed }: { crossed: boolean }) {
  return (
    <svg class="bell" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4" />
      {crossed && <path d="M3 3l18 18" />}
    </svg>
  );
}
