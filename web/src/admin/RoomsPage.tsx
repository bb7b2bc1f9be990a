import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { roomIds, roomName, roomStore } from '../ward/store';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { fields, number, readAll, text } from '../stream/fields';
import { moved, placesToChange, type Placed } from './order';
import { Sure } from './Sure';

const ID = '[A-Za-z0-9._:\\-]+';
const ID_MAX = 64;
const NAME_MAX = 60;

const pathOf = (id: string) => `/rooms/${encodeURIComponent(id)}`;

async function places(): Promise<Placed[] | null> {
  const answer = await get('/rooms');
  if (!answer.ok) return null;
  return readAll(fields(answer.value)['rooms'], (raw) => {
    const from = fields(raw);
    const id = text(from['id']);
    return id === '' ? null : { id, order: number(from['order']) ?? 0 };
  });
}

/** The rooms: their names, and the order in which screens show them. */
export function RoomsPage() {
  const busy = useSignal(false);
  const dragged = useSignal<string | null>(null);
  const over = useSignal<string | null>(null);
  const ids = roomIds.value;

  const move = async (id: string, to: number) => {
    const from = ids.indexOf(id);
    if (busy.peek() || from === -1 || to < 0 || to >= ids.length || from === to) return;
    busy.value = true;
    const known = await places();
    if (known !== null) {
      const name = roomName(id) ?? id;
      for (const place of placesToChange(known, moved(ids, from, to))) {
        const answer = await command('PUT', pathOf(place.id), { order: place.order });
        if (!report(answer, words.roomMoved(name))) break;
      }
    }
    busy.value = false;
  };
  const drop = (target: string) => {
    if (dragged.value !== null) void move(dragged.value, ids.indexOf(target));
    dragged.value = null;
    over.value = null;
  };
  return (
    <section data-testid="admin-rooms">
      <p class="quiet">{words.roomsHint}</p>
      {ids.length === 0 && <p class="quiet">{strings.loading}</p>}
      <ol class="admin-list">
        {ids.map((id, index) => (
          <li
            key={id}
            data-room={id}
            data-dragged={dragged.value === id || undefined}
            data-over={over.value === id || undefined}
            draggable
            onDragStart={(event) => {
              dragged.value = id;
              event.dataTransfer?.setData('text/plain', id);
            }}
            onDragEnd={() => {
              dragged.value = null;
              over.value = null;
            }}
            onDragOver={(event) => {
              event.preventDefault();
              over.value = id;
            }}
            onDrop={(event) => {
              event.preventDefault();
              drop(id);
            }}
          >
            <OneRoom
              id={id}
              first={index === 0}
              last={index === ids.length - 1}
              move={(by) => void move(id, index + by)}
            />
          </li>
        ))}
      </ol>
      <AddRoom />
    </section>
  );
}

interface RoomProps {
  id: string;
  first: boolean;
  last: boolean;
  move: (by: number) => void;
}

function OneRoom({ id, first, last, move }: RoomProps) {
  const room = roomStore(id);
  const name = roomName(id) ?? id;
  const draft = useSignal<string | null>(null);
  const off = link.value === 'lost';
  const session = room?.session.value ?? null;
  const monitors = room?.devices.value.length ?? 0;
  const isEmpty = session === null && monitors === 0;
  const rename = async (event: Event) => {
    event.preventDefault();
    const to = draft.value?.trim() ?? '';
    const answer = await command('PUT', pathOf(id), { name: to });
    if (report(answer, words.roomRenamed(to))) draft.value = null;
  };
  return (
    <>
      <span class="grip" aria-hidden="true">
        ⠿
      </span>
      <span class="arrows">
        <button
          type="button"
          data-move="up"
          disabled={first || off}
          aria-label={words.up(name)}
          onClick={() => move(-1)}
        >
          ↑
        </button>
        <button
          type="button"
          data-move="down"
          disabled={last || off}
          aria-label={words.down(name)}
          onClick={() => move(1)}
        >
          ↓
        </button>
      </span>
      {draft.value === null ? (
        <p class="admin-what">
          <b>{name}</b>
          <small>
            {id} ·{' '}
            {session !== null
              ? words.inSession(session.initials)
              : isEmpty
                ? words.empty
                : words.monitors(monitors)}
          </small>
        </p>
      ) : (
        <form class="admin-what" onSubmit={(event) => void rename(event)}>
          <input
            name="name"
            required
            maxlength={NAME_MAX}
            aria-label={words.roomName}
            value={draft.value}
            ref={(input) => {
              if (document.activeElement === document.body) input?.focus();
            }}
            onInput={(event) => (draft.value = event.currentTarget.value)}
          />
          <button class="go" disabled={off}>
            {words.save}
          </button>
          <button type="button" onClick={() => (draft.value = null)}>
            {words.cancel}
          </button>
        </form>
      )}
      <span class="admin-acts">
        {draft.value === null && (
          <button type="button" data-rename onClick={() => (draft.value = name)}>
            {words.rename}
          </button>
        )}
        <Sure
          label={words.remove}
          sure={words.sure(name)}
          disabled={!isEmpty}
          act={async () =>
            void report(await command('DELETE', pathOf(id), {}), words.roomRemoved(name))
          }
        />
      </span>
    </>
  );
}

function AddRoom() {
  const id = useSignal('');
  const name = useSignal('');
  const wrong = useSignal<string | null>(null);
  useEffect(() => void (wrong.value = null), [id.value]);
  const add = async (event: Event) => {
    event.preventDefault();
    const what = name.value.trim() || `Room ${id.value.trim()}`;
    // What is there already would be renamed.
    if (roomIds.value.includes(id.value.trim())) {
      wrong.value = `${id.value.trim()}: ${roomName(id.value.trim()) ?? ''}`;
      return;
    }
    const given = name.value.trim();
    const answer = await command(
      'PUT',
      pathOf(id.value.trim()),
      given === '' ? {} : { name: given },
    );
    if (!report(answer, words.roomAdded(what))) return;
    id.value = '';
    name.value = '';
  };
  return (
    <form class="admin-add" data-testid="add-room" onSubmit={(event) => void add(event)}>
      <h2>{words.addRoom}</h2>
      <label>
        {words.roomId}
        <input
          name="id"
          required
          pattern={ID}
          maxlength={ID_MAX}
          autocomplete="off"
          value={id.value}
          onInput={(event) => (id.value = event.currentTarget.value)}
        />
        <small>{words.roomIdHint}</small>
      </label>
      <label>
        {words.roomName}
        <input
          name="name"
          maxlength={NAME_MAX}
          autocomplete="off"
          value={name.value}
          onInput={(event) => (name.value = event.currentTarget.value)}
        />
      </label>
      <button class="go" disabled={link.value === 'lost'}>
        {words.addRoom}
      </button>
      {wrong.value !== null && <p class="wrong">{words.isThere(wrong.value)}</p>}
    </form>
  );
}
