import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { hourMinute } from '../format';
import { longDate } from '../rules/date';
import { link } from '../stream/socket';
import { fields, readAll, text } from '../stream/fields';
import { strings } from '../strings';
import { words } from '../strings/away';
import { readChannel, type Channel } from './readChannel';

/** What waits and what fails changes by itself. */
const LOOK_EVERY_MS = 5_000;

/** Whether alerts reach people away from the screens. */
export function ChannelsPage() {
  const channels = useSignal<readonly Channel[] | null>(null);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await get('/channels');
    if (answer.ok) channels.value = readAll(fields(answer.value)['channels'], readChannel);
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => {
    void load();
    const again = setInterval(() => void load(), LOOK_EVERY_MS);
    return () => clearInterval(again);
  }, []);
  return (
    <section data-testid="admin-channels">
      <p class="quiet">{words.channelsHint}</p>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {channels.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {channels.value?.length === 0 && <p class="notice">{words.noChannels}</p>}
      <ul class="admin-list">
        {channels.value?.map((channel) => (
          <li
            key={channel.id}
            data-channel={channel.id}
            data-wrong={channel.failingSince !== null || undefined}
          >
            <OneChannel channel={channel} changed={load} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const when = (at: number) => `${longDate(at)}, ${hourMinute(at)}`;

function OneChannel({ channel, changed }: { channel: Channel; changed: () => Promise<void> }) {
  const busy = useSignal(false);
  const test = async () => {
    busy.value = true;
    const answer = await command('POST', `/channels/${encodeURIComponent(channel.id)}/test`, {});
    const of = answer.ok ? fields(answer.value) : {};
    // What went wrong is shown at the channel itself.
    if (!answer.ok || of['delivered'] === true) report(answer, words.tested(channel.id));
    await changed();
    busy.value = false;
  };
  const priorities = channel.priorities.map((one) => words.priorities[one] ?? text(one));
  return (
    <>
      <p class="admin-what">
        <b>{channel.id}</b>
        <small>
          {[
            words.kinds[channel.kind] ?? channel.kind,
            words.leadsTo(channel.to),
            ...(priorities.length === 0 ? [] : [words.of(priorities.join(', '))]),
          ].join(' · ')}
        </small>
        <small>
          {[
            state(channel),
            ...(channel.last === null ? [] : [words.lastAt(when(channel.last))]),
            ...(channel.waiting === 0 ? [] : [words.waiting(channel.waiting)]),
            ...(channel.givenUp === 0 ? [] : [words.givenUp(channel.givenUp)]),
          ].join(' · ')}
        </small>
      </p>
      <span class="admin-acts">
        <button
          type="button"
          data-test
          disabled={busy.value || link.value === 'lost'}
          onClick={() => void test()}
        >
          {busy.value ? words.testing : words.test}
        </button>
      </span>
      {channel.why !== null && (
        <p class="wrong">
          {channel.why} {channel.remedy}
        </p>
      )}
    </>
  );
}

function state(channel: Channel): string {
  if (channel.failingSince !== null) return words.failingSince(when(channel.failingSince));
  return channel.last === null ? words.untried : words.works;
}
