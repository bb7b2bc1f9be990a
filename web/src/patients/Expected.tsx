import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { hourMinute } from '../format';
import { toPatients } from '../parts/routes';
import { words } from '../strings/day';
import { arrivedToday, type Patient } from './read';

const REFRESH_MS = 30_000;

/** Whom the hospital's system announced: offered, and in no room before staff check them in. */
export function Expected() {
  const patients = useSignal<readonly Patient[] | null>(null);
  useEffect(() => {
    const load = async () => {
      const answer = await arrivedToday();
      if (answer.ok) patients.value = answer.value;
    };
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const found = patients.value;
  if (found === null) return null;
  return (
    <section class="day-open screen-only" data-testid="expected">
      <h2>
        {words.expected} <span>{found.length}</span>
      </h2>
      {found.length === 0 && <p class="quiet">{words.noneExpected}</p>}
      <ul>
        {found.map((patient, index) => (
          <li key={patient.id ?? index}>
            <a href={toPatients()}>
              <span>
                <b>{patient.initials}</b> {patient.name}
              </span>
              <small>
                {patient.arrived_at !== null && words.arrived(hourMinute(patient.arrived_at))}
              </small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
