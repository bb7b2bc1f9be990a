import { useSignal } from '@preact/signals';
import { report } from '../alerts/actions';
import { command } from '../api';
import { toRoom } from '../route';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { words } from '../strings/patients';
import { roomIds, roomName, roomStore } from '../ward/store';
import { whoIs, whoToOpenFor, type Patient } from './read';
import { TreatmentFields, treatmentOf, useTreatment } from './Treatment';

/** Opens a session for somebody who is known or announced, in a room that is free. */
export function CheckIn({ patient, done }: { patient: Patient; done: () => void }) {
  const treatment = useTreatment();
  const room = useSignal('');
  const busy = useSignal(false);
  const free = roomIds.value.filter((id) => roomStore(id)?.session.value == null);
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    const answer = await command('POST', `/rooms/${encodeURIComponent(room.value)}/sessions`, {
      patient: whoToOpenFor(patient),
      ...treatmentOf(treatment),
    });
    busy.value = false;
    if (!report(answer, words.checkInTo(whoIs(patient)))) return;
    location.hash = toRoom(room.value);
  };
  if (free.length === 0) return <p class="quiet">{words.noFreeRoom}</p>;
  return (
    <form class="check-in" data-testid="check-in" onSubmit={(event) => void submit(event)}>
      <label>
        {words.room}
        <select
          name="room"
          required
          value={room.value}
          onChange={(event) => (room.value = event.currentTarget.value)}
        >
          <option value="">{words.choose}</option>
          {free.map((id) => (
            <option key={id} value={id}>
              {roomName(id) ?? id}
            </option>
          ))}
        </select>
      </label>
      <TreatmentFields treatment={treatment} />
      <div class="chips">
        <button class="go" disabled={busy.value || link.value === 'lost'}>
          {words.open}
        </button>
        <button type="button" onClick={done}>
          {later.cancel}
        </button>
      </div>
      <p class="quiet">{words.opens}</p>
    </form>
  );
}
