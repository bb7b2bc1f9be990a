import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { hourMinute } from '../format';
import { Live } from '../parts/Live';
import { PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { toPatients } from '../parts/routes';
import { longDate } from '../rules/date';
import { PageFoot } from '../day/PageFoot';
import { strings } from '../strings';
import { words } from '../strings/patients';
import { fields, text } from '../stream/fields';
import { roomIds, roomName, roomStore } from '../ward/store';
import { CheckIn } from './CheckIn';
import { OnePatient } from './OnePatient';
import { arrivedToday, findPatients, type Patient } from './read';

/** How long after the last key it is searched: one call a word, not one a letter. */
const PAUSE_MS = 200;
const REFRESH_MS = 30_000;

export function Patients({ id }: { id: string | null }) {
  return (
    <>
      <main class="patients" data-testid="patients">
        <header class="inbox-head">
          {id === null ? (
            <h1>{words.title}</h1>
          ) : (
            <a class="button" href={toPatients()}>
              ‹ {words.allPatients}
            </a>
          )}
          <a class="button" href={toCentral}>
            {strings.allRooms} <kbd>C</kbd>
          </a>
          <Live />
        </header>
        {id === null ? <Search /> : <OnePatient key={id} id={id} />}
      </main>
      <PageFoot>
        <PadPlace />
      </PageFoot>
    </>
  );
}

function Search() {
  const query = useSignal('');
  const found = useSignal<readonly Patient[] | null>(null);
  const announced = useSignal<readonly Patient[]>([]);
  const wrong = useSignal<string | null>(null);
  const latest = useRef(0);

  useEffect(() => {
    latest.current += 1;
    const mine = latest.current;
    const ask = async () => {
      const answer = await findPatients(query.value);
      // What was asked before is answered after, now and then.
      if (mine !== latest.current) return;
      if (answer.ok) found.value = answer.value;
      wrong.value = answer.ok ? null : answer.message;
    };
    const timer = setTimeout(() => void ask(), found.peek() === null ? 0 : PAUSE_MS);
    return () => clearTimeout(timer);
  }, [query.value]);
  useEffect(() => {
    const load = async () => {
      const answer = await arrivedToday();
      if (answer.ok) announced.value = answer.value;
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);

  const isSearching = query.value.trim() !== '';
  return (
    <>
      <label class="patient-find">
        {words.find}
        <input
          type="search"
          name="query"
          autocomplete="off"
          maxlength={200}
          placeholder={words.findHint}
          value={query.value}
          onInput={(event) => (query.value = event.currentTarget.value)}
        />
      </label>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {!isSearching && (
        <section data-testid="announced" aria-label={words.announced}>
          <h2>{words.announced}</h2>
          {announced.value.length === 0 && <p class="quiet">{words.noneAnnounced}</p>}
          <People patients={announced.value} />
        </section>
      )}
      <section data-testid="found" aria-label={words.lastHere}>
        <h2>
          <span role="status">
            {isSearching && found.value !== null ? words.found(found.value.length) : words.lastHere}
          </span>
        </h2>
        {found.value?.length === 0 && (
          <p class="quiet">{isSearching ? words.noneFound : words.nobodyYet}</p>
        )}
        <People patients={found.value ?? []} />
      </section>
    </>
  );
}

/** The room in which somebody is now, if their session runs. */
export function roomOf(patient: string | null): string | null {
  if (patient === null) return null;
  const here = roomIds.value.find((id) => {
    const raw = roomStore(id)?.session.value?.raw;
    return text(fields(fields(raw)['patient'])['id']) === patient;
  });
  return here ?? null;
}

function People({ patients }: { patients: readonly Patient[] }) {
  const opened = useSignal<number | null>(null);
  return (
    <ul class="people">
      {patients.map((patient, index) => {
        const room = roomOf(patient.id);
        return (
          <li key={patient.id ?? index} data-patient={patient.id}>
            <Line patient={patient} />
            <span class="chips">
              {room === null ? (
                <button
                  type="button"
                  data-check-in
                  aria-expanded={opened.value === index}
                  onClick={() => (opened.value = opened.value === index ? null : index)}
                >
                  {words.checkIn}
                </button>
              ) : (
                <a class="button" href={`#/room/${encodeURIComponent(room)}`}>
                  {words.here(roomName(room) ?? room)}
                </a>
              )}
            </span>
            {opened.value === index && (
              <CheckIn patient={patient} done={() => (opened.value = null)} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Line({ patient }: { patient: Patient }) {
  const { id, arrived_at, seen_at } = patient;
  const who = (
    <>
      <b class="initials">{patient.initials}</b> {patient.name || words.noName}
    </>
  );
  return (
    <p class="person">
      {id === null ? <span>{who}</span> : <a href={toPatients(id)}>{who}</a>}
      <small>
        {[
          patient.born && words.born(patient.born),
          ...patient.numbers,
          arrived_at !== null && words.arrived(hourMinute(arrived_at)),
          patient.place && words.place(patient.place),
          patient.offered_room !== null &&
            words.saysRoom(roomName(patient.offered_room) ?? patient.offered_room),
          arrived_at === null && seen_at !== null && words.seen(longDate(seen_at)),
        ]
          .filter((part) => typeof part === 'string' && part !== '')
          .join(' · ')}
      </small>
    </p>
  );
}
