import { useSignal } from '@preact/signals';
import { pretty } from '../format';
import { toRoom } from '../route';
import { later } from '../strings/later';
import { words } from '../strings/care';
import { roomIds, roomName, roomStore, type RoomStore } from '../ward/store';
import type { Session } from '../stream/shapes';
import { useSend, type Sender } from './send';

interface Props {
  room: RoomStore;
  session: Session;
  close: () => void;
}

const WAYS = ['move', 'transfer', 'abort'] as const;
type Way = (typeof WAYS)[number];

/** What ends the stay in this room before its time: to another room, to others, or altogether. */
export function Ways({ room, session, close }: Props) {
  const way = useSignal<Way | null>(null);
  const sender = useSend(session);
  const back = () => {
    sender.wrong.value = null;
    if (way.value === null) close();
    else way.value = null;
  };
  return (
    <div
      class="ask care-ways"
      data-testid="ways"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        back();
      }}
    >
      {way.value === null ? (
        WAYS.map((one, index) => (
          <button
            key={one}
            type="button"
            data-event={one}
            autofocus={index === 0}
            onClick={() => (way.value = one)}
          >
            {words.ways[one]}
          </button>
        ))
      ) : way.value === 'move' ? (
        <Move room={room} sender={sender} />
      ) : (
        <Reason key={way.value} way={way.value} sender={sender} />
      )}
      <button type="button" data-back onClick={back}>
        {words.back}
      </button>
      <p class="wrong" role="alert">
        {sender.wrong.value !== null && pretty(sender.wrong.value)}
      </p>
    </div>
  );
}

/** Rooms in which nobody has a session. */
function freeRooms(here: string): readonly string[] {
  return roomIds.value.filter((id) => id !== here && roomStore(id)?.session.value === null);
}

/** The patient goes to another room, with everything: the record, the limits, what runs. */
function Move({ room, sender }: { room: RoomStore; sender: Sender }) {
  const to = useSignal('');
  /** Null until somebody has chosen: then it follows from what the room has. */
  const chosen = useSignal<boolean | null>(null);
  const free = freeRooms(room.id);
  const target = to.value === '' ? undefined : roomStore(to.value);
  const hasOwn = (target?.devices.value.length ?? 0) > 0;
  const hasMonitor = room.devices.value.length > 0;
  const withMonitor = hasMonitor && (chosen.value ?? !hasOwn);
  const submit = async () => {
    if (to.value === '') return;
    const event = { type: 'move', room: to.value, with_monitor: withMonitor };
    const done = await sender.send(event, words.moved(roomName(to.value) ?? to.value));
    if (done) location.hash = toRoom(to.value);
  };
  if (free.length === 0) return <p>{words.noFreeRoom}</p>;
  return (
    <form
      class="ask"
      data-testid="move"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <label>
        {words.moveTo}
        <select
          name="room"
          required
          autofocus
          value={to.value}
          onChange={(event) => (to.value = event.currentTarget.value)}
        >
          <option value="">{later.choose}</option>
          {free.map((id) => (
            <option key={id} value={id}>
              {roomName(id)}
            </option>
          ))}
        </select>
      </label>
      {hasMonitor && (
        <label class="tick">
          <input
            type="checkbox"
            name="with_monitor"
            checked={withMonitor}
            onChange={() => (chosen.value = !withMonitor)}
          />{' '}
          {words.withMonitor}
        </label>
      )}
      <p class="quiet">
        {target === undefined || withMonitor
          ? words.movesAll
          : hasOwn
            ? words.monitorThere(target.devices.value.map(({ id }) => id).join(', '))
            : words.noMonitorThere}
      </p>
      <button type="submit" class="go" disabled={sender.off}>
        {words.move}
      </button>
    </form>
  );
}

function Reason({ way, sender }: { way: 'transfer' | 'abort'; sender: Sender }) {
  const reason = useSignal('');
  const submit = () => {
    const said = reason.value.trim();
    if (said !== '')
      void sender.send({ type: way, reason: said } as { type: string }, words.ways[way]);
  };
  return (
    <form
      class="ask"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <label>
        {words.whyWay[way]}
        <input
          name="reason"
          autofocus
          required
          maxlength={500}
          autocomplete="off"
          value={reason.value}
          onInput={(event) => (reason.value = event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="go" disabled={sender.off}>
        {words.doWay[way]}
      </button>
    </form>
  );
}
