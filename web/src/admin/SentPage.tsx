import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { hourMinute } from '../format';
import { toSession } from '../parts/routes';
import { longDate } from '../rules/date';
import { fields, readAll } from '../stream/fields';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { readDestination, type Destination, type SetAside } from './read';

const REFRESH_MS = 3_000;

const moment = (at: number) => `${longDate(at)}, ${hourMinute(at)}`;

/** The hospital's systems to which finished sessions are sent, and what they refused. */
export function SentPage() {
  const known = useSignal<readonly Destination[] | null>(null);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await get('/outbound');
    if (answer.ok) known.value = readAll(fields(answer.value)['outbound'], readDestination);
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const refused = known.value?.filter((one) => one.refused > 0) ?? [];
  return (
    <section data-testid="admin-sent">
      <p class="quiet">{words.sentHint}</p>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {known.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {known.value?.length === 0 && <p class="quiet">{words.sentNowhere}</p>}
      <ul class="admin-list">
        {known.value?.map((one) => (
          <li key={one.name} data-destination={one.name} data-wrong={one.isLost || undefined}>
            <p class="admin-what">
              <b>{one.name}</b>
              <small>
                {words.systems[one.kind] ?? one.kind} · {one.address}
              </small>
            </p>
            <p class="admin-what">
              {one.waiting === 0 ? words.allSent : words.waiting(one.waiting)}
              <small>
                {one.lastArrived === null
                  ? words.neverArrived
                  : words.lastArrived(moment(one.lastArrived))}
              </small>
            </p>
            {one.notReached !== null && (
              <p class={one.isLost ? 'notice notice-bad wrong' : 'wrong'}>
                {words.notReached(moment(one.notReached), one.why)}
              </p>
            )}
            {one.notReached === null && one.why !== '' && (
              <p class="wrong">{words.triedInVain(one.why)}</p>
            )}
          </li>
        ))}
      </ul>
      {refused.map((one) => (
        <section key={one.name}>
          <h2>{words.refusedBy(one.name, one.refused)}</h2>
          <p class="quiet">{words.refusedHint}</p>
          <ul class="admin-list">
            {one.setAside.map((message) => (
              <Refused key={message.id} message={message} changed={load} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}

function Refused({ message, changed }: { message: SetAside; changed: () => Promise<void> }) {
  const busy = useSignal(false);
  const send = async () => {
    busy.value = true;
    report(await command('POST', `/outbound/${message.id}/again`, {}), words.sentAgain);
    await changed();
    busy.value = false;
  };
  return (
    <li data-message={message.id}>
      <p class="admin-what">
        <b>{message.why}</b>
        <small>
          {moment(message.at)} · {words.tried(message.tries)}
          {message.isCorrection && ` · ${words.isCorrection}`}
        </small>
      </p>
      <span class="admin-acts">
        <a class="button" href={toSession(message.session)}>
          {words.openSession}
        </a>
        <button
          type="button"
          disabled={busy.value || link.value === 'lost'}
          onClick={() => void send()}
        >
          {words.sendAgain}
        </button>
      </span>
    </li>
  );
}
