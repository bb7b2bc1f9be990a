import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { findOpen } from '../page/dialogs';
import { toRoom } from '../route';
import { later } from '../strings/later';
import { roomIds, roomStore } from './store';
import { found } from './find';
import { words } from '../strings/people';

const SHOWN_MAX = 6;

/** One line at the top, in a row of its own. */
export function Find() {
  const typed = useSignal('');
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const places = roomIds.value.map((id) => ({
    id,
    name: roomStore(id)?.name.value ?? id,
    initials: roomStore(id)?.session.value?.initials ?? '',
  }));
  const rooms = found(typed.value, places);
  const close = () => (findOpen.value = false);
  const first = rooms[0];
  return (
    <form
      class="find chips back"
      role="search"
      data-testid="find"
      onSubmit={(event) => {
        event.preventDefault();
        if (first === undefined) return;
        location.hash = toRoom(first.id);
        close();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      <input
        ref={field}
        name="find"
        aria-label={words.find}
        placeholder={words.findHint}
        autocomplete="off"
        maxlength={40}
        value={typed.value}
        onInput={(event) => (typed.value = event.currentTarget.value)}
      />
      {rooms.slice(0, SHOWN_MAX).map(({ id, name, initials }) => (
        <a key={id} class="button" href={toRoom(id)} onClick={close}>
          {name} {initials}
        </a>
      ))}
      <span role="status">
        {typed.value.trim() !== '' && first === undefined && words.noneFound}
      </span>
      <button type="button" class="plain-button" onClick={close}>
        {later.close}
      </button>
    </form>
  );
}
