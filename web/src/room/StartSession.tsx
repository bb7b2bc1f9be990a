import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command } from '../api';
import { profiles, type Profile } from '../ward/queries';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { hasNumbers } from './vitals';
import type { RoomStore } from '../ward/store';

/** Opens a session: who, which drug, how long. */
export function StartSession({ room }: { room: RoomStore }) {
  const known = useSignal<readonly Profile[] | null>(null);
  const initials = useSignal('');
  const profile = useSignal('');
  const minutes = useSignal('');
  const busy = useSignal(false);

  const choose = (name: string) => {
    profile.value = name;
    const planned = known.value?.find((one) => one.name === name)?.planned_s;
    if (planned !== undefined) minutes.value = String(Math.round(planned / 60));
  };
  useEffect(() => {
    void profiles().then((found) => {
      known.value = found;
    });
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    busy.value = true;
    const answer = await command('POST', `/rooms/${encodeURIComponent(room.id)}/sessions`, {
      patient: { initials: initials.value.trim() },
      profile: profile.value,
      planned_s: Math.round(Number(minutes.value) * 60),
    });
    report(answer, later.openSession);
    busy.value = false;
  };

  const chosen = known.value?.find((one) => one.name === profile.value);
  return (
    <form class="start" onSubmit={(event) => void submit(event)} data-testid="start-session">
      <h2>
        {hasNumbers(room.vitals.value) ? strings.runningNoSession : later.noMonitor}
        {' — '}
        {strings.startSession}
      </h2>
      <label class="half">
        {later.patientInitials}
        <input
          name="initials"
          required
          maxlength={12}
          autocomplete="off"
          value={initials.value}
          onInput={(event) => (initials.value = event.currentTarget.value)}
        />
      </label>
      <label class="half">
        {later.plannedMinutes}
        <input
          name="minutes"
          type="number"
          inputMode="numeric"
          min={1}
          max={720}
          required
          value={minutes.value}
          onInput={(event) => (minutes.value = event.currentTarget.value)}
        />
      </label>
      <label>
        {later.drugAndProfile}
        <select
          name="profile"
          required
          value={profile.value}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {/* A drug that nobody chose must not be watched for. */}
          <option value="" disabled>
            {later.choose}
          </option>
          {known.value?.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title}
            </option>
          ))}
        </select>
      </label>
      {known.value === null && <p class="quiet">{later.loadingProfiles}</p>}
      {known.value?.length === 0 && <p class="wrong">{later.noProfiles}</p>}
      {chosen?.approved === false && <p class="unapproved">{later.notApproved}</p>}
      <button class="go" type="submit" disabled={busy.value || link.value === 'lost'}>
        {later.openSession}
      </button>
    </form>
  );
}
