import { Live } from '../parts/Live';
import { PadPlace } from '../people/Who';
import { toCentral } from '../route';
import { toDay } from '../parts/routes';
import { strings } from '../strings';
import { later } from '../strings/later';
import { PageFoot } from './PageFoot';
import { PastSession } from './PastSession';
import { SessionsFound } from './review';

/** The page of one session, or the search for one: `?` begins what is searched. */
export function PastSessions({ id }: { id: string }) {
  if (id !== '' && !id.startsWith('?')) return <PastSession key={id} id={id} />;
  return (
    <>
      <main class="past" data-testid="search">
        <header class="inbox-head">
          <a class="button" href={toDay()}>
            ‹ {later.day}
          </a>
          <h1>{later.sessions}</h1>
          <a class="button" href={toCentral}>
            {strings.allRooms} <kbd>C</kbd>
          </a>
          <Live />
        </header>
        <SessionsFound query={id.slice(1)} />
      </main>
      <PageFoot>
        <PadPlace />
      </PageFoot>
    </>
  );
}
