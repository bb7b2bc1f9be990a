import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { beQuiet, forcedEnd, soundAgain, watchOthers } from './quietScreen';
import { quietRoom } from '../alerts/sound';
import { link } from '../stream/socket';
import { later } from '../strings/later';

/** Says that it is quiet here for as long as it is, and looks that somebody else is not. */
export function QuietBar({ room }: { room: string }) {
  const quiet = quietRoom.value === room;
  const lost = link.value === 'lost';
  useEffect(() => (quiet ? watchOthers(room) : undefined), [quiet, room]);
  useEffect(() => {
    if (lost) forcedEnd();
  }, [lost]);
  // Whoever leaves the room takes nobody's sound along.
  useEffect(() => soundAgain, [room]);
  if (!quiet) return null;
  return (
    <p class="back" role="status" data-testid="quiet-room">
      {later.isQuietRoom}
      <button type="button" onClick={soundAgain}>
        {later.endQuiet}
      </button>
    </p>
  );
}

export function QuietButton({ room }: { room: string }) {
  const asking = useSignal(false);
  if (quietRoom.value === room) return null;
  return (
    <button
      type="button"
      data-quiet="off"
      disabled={asking.value || link.value === 'lost'}
      onClick={() => {
        asking.value = true;
        void beQuiet(room).then(() => (asking.value = false));
      }}
    >
      {later.quietRoom}
    </button>
  );
}
