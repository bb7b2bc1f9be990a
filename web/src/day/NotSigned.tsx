import { hourMinute } from '../format';
import { toSession } from '../parts/routes';
import { words } from '../strings/day';
import { roomName } from '../ward/store';
import type { DayOf, DaySession } from './read';

/** Said once for the day, and not of each session. */
export const LIMITS = 'limits_not_approved';

/** What of a session somebody still has to say or sign, without what is the clinic's. */
export const openItems = ({ unsigned }: Pick<DaySession, 'unsigned'>) =>
  unsigned.filter((item) => item !== LIMITS);

export const isOpen = (session: DaySession) =>
  session.ended_at !== null && openItems(session).length > 0;

export const itemsInWords = (items: readonly string[]) =>
  items.map((item) => words.unsigned[item] ?? item.replaceAll('_', ' ')).join(', ');

/** The sessions that are over and not done with. */
export function NotSigned({ day }: { day: DayOf }) {
  const open = day.sessions.filter(isOpen);
  return (
    <section class="day-open screen-only" data-testid="not-signed">
      <h2>
        {words.notSigned} <span>{open.length}</span>
      </h2>
      {open.length === 0 && <p class="quiet">{words.noneNotSigned}</p>}
      <ul>
        {open.map((session) => (
          <li key={session.id}>
            <a href={toSession(session.id)}>
              <span>
                <b>{session.initials}</b>, {roomName(session.room) ?? session.room},{' '}
                {hourMinute(session.ended_at ?? session.opened_at)}
              </span>
              <span>{session.by}</span>
              <small>{itemsInWords(openItems(session))}</small>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
