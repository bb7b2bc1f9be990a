import { toDevices, toRules } from '../parts/routes';
import { fields } from '../stream/fields';
import { later } from '../strings/later';
import { roomIds, roomStore } from './store';
import { shortName } from './Tile';

/** What a clinic has not done yet: nothing speaks to its rooms, or nobody approved their limits. */
export function NoMonitors() {
  return (
    <>
      <NoneBound />
      <NotApproved />
    </>
  );
}

/** Sessions that run by limits to which no medical director has put their name: which, and where. */
function NotApproved() {
  const rooms = roomIds.value.flatMap((id) => {
    const room = roomStore(id);
    const session = room?.session.value;
    // A display is not told, and says nothing.
    const isMissing = session != null && fields(session.raw)['approved'] === null;
    return isMissing && room !== undefined ? [{ room, profile: session.profile }] : [];
  });
  if (rooms.length === 0) return null;
  const profiles = new Set(rooms.map(({ profile }) => profile));
  const only = profiles.size === 1 ? rooms[0]?.profile : undefined;
  return (
    <a class="button unapproved" data-testid="not-approved" href={toRules(only)}>
      {later.notApprovedIn(rooms.map(({ room }) => shortName(room.name.value)).join(', '))}
    </a>
  );
}

function NoneBound() {
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
