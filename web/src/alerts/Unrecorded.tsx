import { message } from './alerts';
import { onWall } from '../route';
import { strings } from '../strings';
import { later } from '../strings/later';
import { forgetUnrecorded, roomName, unrecorded } from '../ward/store';
import { Glyph } from '../parts/Glyph';

/** Alerts that were on this screen when the server stopped and that it no longer knows. */
export function Unrecorded() {
  return (
    <ul>
      {unrecorded.value.map((alert) => (
        <li class="card" key={alert.id} data-look="latched" data-priority={alert.priority}>
          <Glyph priority={alert.priority} />
          <div class="card-text">
            <strong class="where">{roomName(alert.room) ?? alert.room ?? strings.ward}</strong>
            <span class="what">{strings.was(message(alert).what)}</span>
            <span class="small">{later.unrecorded}</span>
          </div>
          {!onWall.value && (
            <button type="button" class="claim" onClick={() => forgetUnrecorded(alert.id)}>
              {strings.seen}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
