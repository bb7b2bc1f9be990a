import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command } from '../api';
import { toRules } from '../parts/routes';
import { toRoom } from '../route';
import { link } from '../stream/socket';
import { later } from '../strings/later';
import { words } from '../strings/patients';
import { profiles, type Profile } from '../ward/queries';
import { roomIds, roomName, roomStore } from '../ward/store';
import type { Patient } from './read';

const whoIs = ({ name, initials }: Patient) => name || initials || words.noName;

/** Opens a session for somebody who is known or announced, in a room that is free. */
export function CheckIn({ patient, done }: { patient: Patient; done: () => void }) {
  const known = useSignal<readonly Profile[]>([]);
  const profile = useSignal('');
  const minutes = useSignal('');
  const room = useSignal('');
  const busy = useSignal(false);
  useEffect(() => {
    void profiles().then((found) => (known.value = found));
  }, []);
  const free = roomIds.value.filter((id) => roomStore(id)?.session.value == null);
  const chosen = known.value.find(({ name }) => name === profile.value);
  const choose = (name: string) => {
    profile.value = name;
    const planned = known.value.find((one) => one.name === name)?.planned_s;
    if (planned !== undefined) minutes.value = String(Math.round(planned / 60));
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    const answer = await command('POST', `/rooms/${encodeURIComponent(room.value)}/sessions`, {
      patient: patient.id === null ? { identity: patient.identity } : { id: patient.id },
      profile: profile.value,
      planned_s: Math.round(Number(minutes.value) * 60),
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
      <label>
        {words.profile}
        <select
          name="profile"
          required
          value={profile.value}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          <option value="">{words.choose}</option>
          {known.value.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {words.minutes}
        <input
          name="minutes"
          required
          type="number"
          inputmode="numeric"
          min={1}
          max={1_440}
          value={minutes.value}
          onInput={(event) => (minutes.value = event.currentTarget.value)}
        />
      </label>
      {chosen?.approved === false && (
        <a class="button unapproved" href={toRules(chosen.name)}>
          {later.notApproved}
        </a>
      )}
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
