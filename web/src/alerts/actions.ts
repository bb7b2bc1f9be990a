// What staff can do about alerts from any screen: claim, pause audio, say what it was.

import { effect, signal } from '@preact/signals';
import { actsNow } from '../people/acting';
import { command, type Answer } from '../api';
import { calling, needsPerson } from './alerts';
import { second } from '../clock';
import { notice, showNotice } from '../notice';
import { route } from '../route';
import { me } from '../people/account';
import { link } from '../stream/socket';
import { strings } from '../strings';
import { openAlerts } from '../ward/store';
import { fields } from '../stream/fields';
import type { Alert } from '../stream/shapes';
import { readAlert } from '../stream/wire';

export { notice, showNotice };

/** Claims that the stream has not confirmed yet. */
export const pending = signal<ReadonlySet<string>>(new Set());
/** What is known of an alert about which somebody is asked. */
export type Owed = Pick<
  Alert,
  'id' | 'room' | 'condition' | 'text' | 'state' | 'ended_at' | 'outcome'
>;

/** Alerts that this person took and has not said the cause of. */
export const outcomesOwed = signal<readonly Owed[]>([]);

/** The alert whose outcome somebody asked for from the list of tasks. */
export const outcomeAsked = signal<string | null>(null);

const OWED_MAX = 6;
const PAUSE_S = 120;
/** How long a claim that was answered may wait for its frame before it can be tried again. */
const CONFIRM_MS = 5_000;

// What was done in one room says nothing beside another patient.
effect(() => {
  void route.value;
  notice.value = null;
});

// The next person begins with nothing of this one's.
effect(() => {
  void me.value?.name;
  pending.value = new Set();
  outcomesOwed.value = [];
  outcomeAsked.value = null;
  notice.value = null;
});

/** Says how a command went; gives back whether it was accepted. */
export function report(answer: Answer<unknown>, what: string): boolean {
  if (!answer.ok) showNotice(answer.message, true);
  else
    showNotice(answer.recorded ? strings.saved(what) : strings.notRecorded(what), !answer.recorded);
  return answer.ok;
}

/** Takes an alert, and with it every other one of its room that nobody has. */
export async function claim(alert: Alert): Promise<void> {
  if (link.value === 'lost' || pending.value.has(alert.id)) return;
  notice.value = null;
  const { room } = alert;
  const taken = openAlerts.value.filter(
    (one) => one.id === alert.id || (room !== null && one.room === room && needsPerson(one)),
  );
  const release = () => {
    pending.value = new Set([...pending.value].filter((id) => taken.every((one) => one.id !== id)));
  };
  pending.value = new Set([...pending.value, ...taken.map(({ id }) => id)]);
  const of =
    room === null ? `alerts/${encodeURIComponent(alert.id)}` : `rooms/${encodeURIComponent(room)}`;
  const answer = await command('POST', `/${of}/acknowledge`, {});
  if (answer.ok) {
    if (!answer.recorded) showNotice(strings.notRecorded(strings.imGoing), true);
    const others = outcomesOwed.value.filter((one) => taken.every(({ id }) => one.id !== id));
    outcomesOwed.value = [...others, ...taken].slice(-OWED_MAX);
    setTimeout(release, CONFIRM_MS);
    return;
  }
  release();
  const other = readAlert(fields(answer.problem)['alert'])?.acknowledged?.by;
  const gone = answer.status === 409 && other !== undefined;
  showNotice(gone ? strings.already(other) : `${strings.notSent} ${answer.message}`, !gone);
}

/** Records what was done in a session; the server says why when it refuses. */
export function recordEvent(
  session: string,
  event: { type: string },
  key?: string,
): Promise<Answer<unknown>> {
  return command('POST', `/sessions/${encodeURIComponent(session)}/events`, event, key);
}

export function isMine(alert: Alert): boolean {
  const by = alert.acknowledged?.by;
  const who = actsNow.value ?? me.value;
  return by !== undefined && (by === who?.initials || by === who?.name);
}

/** Silences, for two minutes, what sounds now. Anything new or worse sounds at once. */
export async function pauseAudio(): Promise<void> {
  if (link.value === 'lost') {
    // Not again while it is paused: after two minutes at most it is heard once more.
    if (pausedLocally.value <= second.value) pausedLocally.value = second.value + PAUSE_S * 1_000;
    return;
  }
  notice.value = null;
  const active = openAlerts.value.filter((alert) => alert.state === 'active');
  if (calling(active).length === 0) {
    showNotice(strings.nothingSounds);
    return;
  }
  const answers = await Promise.all(
    active.map((alert) =>
      command('POST', `/alerts/${encodeURIComponent(alert.id)}/silence`, { seconds: PAUSE_S }),
    ),
  );
  const failed = answers.find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok) showNotice(failed.message, true);
}

/** The link-lost sound cannot ask the server; its pause ends here, after two minutes at most. */
export const pausedLocally = signal(0);

// A pause is for the loss in which it was asked for.
effect(() => {
  if (link.value === 'live') pausedLocally.value = 0;
});
