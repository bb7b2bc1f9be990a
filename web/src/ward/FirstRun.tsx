import { toDevices } from '../route';
import { later } from '../strings/later';
import { roomIds, roomStore } from './store';

/** The first run: rooms are there, and nothing speaks to them yet. */
export function NoMonitors() {
  const bound = roomIds.value.some((id) => (roomStore(id)?.devices.value.length ?? 0) > 0);
  if (bound || roomIds.value.length === 0) return null;
  return (
    <p class="hint">
      {later.noMonitorsNext}{' '}
      <a class="button" href={toDevices}>
        {later.devices}
      </a>
    </p>
  );
}

export function NoRooms() {
  return (
    <div class="empty">
      <h2>{later.noRooms}</h2>
      <p>{later.noRoomsNext}</p>
    </div>
  );
}
