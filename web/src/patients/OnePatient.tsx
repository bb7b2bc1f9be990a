import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { hourMinute } from '../format';
import { toRoom } from '../route';
import { toSession } from '../parts/routes';
import { longDate } from '../rules/date';
import { strings } from '../strings';
import { words } from '../strings/patients';
import { profiles, type Profile } from '../ward/queries';
import { roomName } from '../ward/store';
import { CheckIn } from './CheckIn';
import { roomOf } from './Patients';
import { askForPatient, type Course, type EarlierSession, type KnownPatient } from './read';

/** A patient, their courses, and what their earlier sessions were like. */
export function OnePatient({ id }: { id: string }) {
  const known = useSignal<KnownPatient | null>(null);
  const titles = useSignal<readonly Profile[]>([]);
  const wrong = useSignal<string | null>(null);
  const opened = useSignal(false);
  useEffect(() => {
    let isHere = true;
    void askForPatient(id).then((answer) => {
      if (!isHere) return;
      if (answer.ok && answer.value !== null) known.value = answer.value;
      else wrong.value = answer.ok || answer.status === 404 ? words.notThere : answer.message;
    });
    void profiles().then((found) => isHere && (titles.value = found));
    return () => {
      isHere = false;
    };
  }, [id]);
  const shown = known.value;
  const titleOf = (profile: string) =>
    titles.value.find(({ name }) => name === profile)?.title ?? profile;
  if (wrong.value !== null) return <p class="notice notice-bad">{wrong.value}</p>;
  if (shown === null) return <p class="quiet">{strings.loading}</p>;
  const { patient, courses, suggested, sessions } = shown;
  const room = roomOf(patient.id);
  return (
    <>
      <section class="patient-head">
        <h1>{patient.name || patient.initials || words.noName}</h1>
        <p class="quiet">
          {[patient.born && words.born(patient.born), ...patient.numbers]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
        {room !== null ? (
          <a class="button" href={toRoom(room)}>
            {words.alreadyHere(roomName(room) ?? room)}
          </a>
        ) : (
          !opened.value && (
            <button type="button" data-check-in onClick={() => (opened.value = true)}>
              {words.checkIn}
            </button>
          )
        )}
      </section>
      {opened.value && room === null && (
        <CheckIn patient={patient} done={() => (opened.value = false)} />
      )}
      <div class="patient-parts">
        <Courses courses={courses} sessions={sessions} titleOf={titleOf} />
        {suggested !== null && suggested.text !== '' && (
          <section>
            <h2>{words.suggested}</h2>
            <p>
              <b>{suggested.text}</b> <small>{longDate(suggested.at)}</small>
            </p>
            <p class="quiet">{words.suggestedHint}</p>
          </section>
        )}
      </div>
      <section>
        <h2>{words.sessions}</h2>
        {sessions.length === 0 ? (
          <p class="quiet">{words.noSessions}</p>
        ) : (
          <Sessions sessions={sessions} titleOf={titleOf} />
        )}
      </section>
    </>
  );
}

interface CoursesProps {
  courses: readonly Course[];
  sessions: readonly EarlierSession[];
  titleOf: (profile: string) => string;
}

function Courses({ courses, sessions, titleOf }: CoursesProps) {
  return (
    <section>
      <h2>{words.courses}</h2>
      {courses.length === 0 && <p class="quiet">{words.noCourses}</p>}
      <ul class="courses">
        {courses.map((course) => {
          const of = sessions.filter((session) => session.course === course.id);
          const begun = Math.max(0, ...of.map(({ number }) => number ?? 0));
          return (
            <li key={course.id}>
              <b>{words.course(titleOf(course.profile), begun, course.planned)}</b>{' '}
              <small>{words.openedBy(longDate(course.opened_at), course.by)}</small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

interface SessionsProps {
  sessions: readonly EarlierSession[];
  titleOf: (profile: string) => string;
}

/** One below the other, so that dose and values can be compared. */
function Sessions({ sessions, titleOf }: SessionsProps) {
  const { columns } = words;
  return (
    <div class="past-table" tabIndex={0} role="region" aria-label={words.sessions}>
      <table>
        <thead>
          <tr>
            {Object.entries(columns).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <th scope="row">
                <a class="button" href={toSession(session.id)}>
                  {longDate(session.opened_at)}, {hourMinute(session.opened_at)}
                </a>
                <small>{titleOf(session.profile)}</small>
              </th>
              <td>{session.number ?? ''}</td>
              <td>{session.baseline || strings.missing}</td>
              <td>{session.peak || strings.missing}</td>
              <td>{session.given || strings.missing}</td>
              <td>
                {session.remarks.map((remark) => (
                  <p key={`${remark.at} ${remark.text}`}>
                    {hourMinute(remark.at)} {remark.by}: <bdi>{remark.text}</bdi>
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
