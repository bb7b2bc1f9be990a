import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command } from '../api';
import { hourMinute } from '../format';
import { toPatients } from '../parts/routes';
import { hasNumbers } from '../room/vitals';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { later } from '../strings/later';
import { words } from '../strings/patients';
import type { RoomStore } from '../ward/store';
import { arrivedToday, expectedIn, whoIs, whoToOpenFor, type Patient } from './read';
import { TreatmentFields, treatmentOf, useTreatment } from './Treatment';

const REFRESH_MS = 30_000;
/** More are on the page of patients, where they can be searched. */
const MOST_EXPECTED = 6;

/** Opens a session in this room: who, which drug, how long. */
export function StartSession({ room }: { room: RoomStore }) {
  const treatment = useTreatment();
  const initials = useSignal('');
  const patient = useSignal<Patient | null>(null);
  const busy = useSignal(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    const who = patient.value;
    busy.value = true;
    const answer = await command('POST', `/rooms/${encodeURIComponent(room.id)}/sessions`, {
      patient: who === null ? { initials: initials.value.trim() } : whoToOpenFor(who),
      ...treatmentOf(treatment),
    });
    report(answer, who === null ? later.openSession : words.checkInTo(whoIs(who)));
    busy.value = false;
  };

  return (
    <form class="start" onSubmit={(event) => void submit(event)} data-testid="start-session">
      <h2>
        {hasNumbers(room.vitals.value) ? strings.runningNoSession : later.noMonitor}
        {' — '}
        {strings.startSession}
      </h2>
      <Expected room={room.id} chosen={patient} />
      {patient.value === null && (
        <label>
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
      )}
      <TreatmentFields treatment={treatment} />
      <button class="go" type="submit" disabled={busy.value || link.value === 'lost'}>
        {later.openSession}
      </button>
    </form>
  );
}

/** Whom the hospital's system announced, for this room first: one tap says who it is. */
function Expected({ room, chosen }: { room: string; chosen: Signal<Patient | null> }) {
  const found = useSignal<readonly Patient[]>([]);
  useEffect(() => {
    const load = async () => {
      const answer = await arrivedToday();
      if (answer.ok) found.value = expectedIn(room, answer.value);
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [room]);
  const { value: who } = chosen;
  const isWho = (one: Patient) => who !== null && keyOf(one) === keyOf(who);
  const listed = found.value.slice(0, MOST_EXPECTED);
  // Who was chosen stays on the list until the form is sent, whatever the hospital says since.
  const shown = who === null || listed.some(isWho) ? listed : [who, ...listed];
  if (shown.length === 0) return null;
  return (
    <div class="start-expected" role="group" aria-label={words.announced}>
      {shown.map((one) => (
        <button
          key={keyOf(one)}
          type="button"
          data-expected
          aria-pressed={isWho(one)}
          onClick={() => (chosen.value = isWho(one) ? null : one)}
        >
          <span>
            <b>{one.initials}</b> {one.name || words.noName}
          </span>
          <small>
            {[
              one.born && words.born(one.born),
              one.arrived_at !== null && words.arrived(hourMinute(one.arrived_at)),
              one.place && words.place(one.place),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </button>
      ))}
      {found.value.length > MOST_EXPECTED && (
        <a class="button" href={toPatients()}>
          {words.moreAnnounced(found.value.length - MOST_EXPECTED)}
        </a>
      )}
    </div>
  );
}

/** Somebody who was never here has no id yet. */
const keyOf = ({ id, identity }: Patient) => id ?? JSON.stringify(identity);
