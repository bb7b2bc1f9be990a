import { useSignal } from '@preact/signals';
import { report } from '../alerts/actions';
import { command } from '../api';
import { link } from '../stream/socket';
import { words } from '../strings/help';
import type { RoomStore } from '../ward/store';

/** Larger than other buttons: they are hit in a hurry. */
const LARGE = { minHeight: '64px', minWidth: '64px' } as const;

/** One tap calls everybody. While the call is open it can be made an emergency, which is confirmed
 * first, or ended: an emergency takes the place of the button that was hit. */
export function Buttons({ room }: { room: RoomStore }) {
  const asking = useSignal(false);
  const busy = useSignal(false);
  const off = busy.value || link.value === 'lost';
  const open = room.alerts.value.find(
    ({ condition, state }) => condition === 'help' && state === 'active',
  );

  const send = async (path: string, body: object, what: string) => {
    if (off) return;
    busy.value = true;
    const answer = await command('POST', path, body);
    busy.value = false;
    if (report(answer, what)) asking.value = false;
  };
  const call = (priority: 'medium' | 'high') =>
    void send(`/rooms/${encodeURIComponent(room.id)}/help`, { priority }, words.helpCalled);

  if (asking.value) {
    return (
      <div
        role="group"
        class="chips"
        aria-label={words.emergencySure}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          asking.value = false;
        }}
      >
        <p role="alert">{words.emergencySure}</p>
        <button
          type="button"
          class="danger"
          style={LARGE}
          data-help="sure"
          autofocus
          disabled={off}
          onClick={() => call('high')}
        >
          {words.emergencyYes}
        </button>
        <button type="button" style={LARGE} onClick={() => (asking.value = false)}>
          {words.cancel}
        </button>
      </div>
    );
  }
  return (
    <>
      {(open === undefined || open.acknowledged !== null) && (
        <button
          type="button"
          style={LARGE}
          data-help="medium"
          disabled={off}
          onClick={() => call('medium')}
        >
          {words.callForHelp}
        </button>
      )}
      {open !== undefined && open.priority !== 'high' && (
        <button
          type="button"
          style={LARGE}
          data-help="high"
          disabled={off}
          onClick={() => (asking.value = true)}
        >
          {words.emergencyHere}
        </button>
      )}
      {open !== undefined && (
        <button
          type="button"
          style={LARGE}
          data-help="over"
          disabled={off}
          onClick={() =>
            void send(
              `/alerts/${encodeURIComponent(open.id)}/outcome`,
              { outcome: 'other' },
              words.helpEnded,
            )
          }
        >
          {words.helpOver}
          {open.acknowledged !== null && ` (${words.helpBy(open.acknowledged.by)})`}
        </button>
      )}
    </>
  );
}
