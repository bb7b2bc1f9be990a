import { command, type Answer } from '../api';

/** Records what was done in a session; the server says why when it refuses. */
export function recordEvent(
  session: string,
  event: { type: string },
  key?: string,
): Promise<Answer<unknown>> {
  return command('POST', `/sessions/${encodeURIComponent(session)}/events`, event, key);
}
