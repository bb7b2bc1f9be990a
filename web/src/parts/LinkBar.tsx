import { clockTime, span } from '../format';
import { clockError_ms, second } from '../clock';
import { gaps, lastHeard, link } from '../stream/socket';
import { strings } from '../strings';
import { older } from '../page/version';
import { findOpen } from '../page/dialogs';
import { Find, LinkNotes } from './later';

/** What the whole screen must say about itself when it does not monitor. */
export function LinkBar() {
  return link.value === 'lost' ? <Lost /> : null;
}

/** What this page says of itself while it monitors, and where a room is looked for: in a place of
 * their own, so that no room moves when they come or go. */
export function Notes() {
  return (
    <>
      {link.value === 'slow' && (
        <p class="slow" role="status">
          {strings.slow}
        </p>
      )}
      {(gaps.value.length > 0 || older.value || clockError_ms.value !== 0) && <LinkNotes />}
      {findOpen.value && <Find />}
    </>
  );
}

function Lost() {
  const at = lastHeard.value;
  const what =
    at === null ? strings.neverConnected : strings.lost(span(second.value - at), clockTime(at));
  return <Hazard what={what} now={strings.reconnecting} />;
}

/** Losing the server is an alarm of its own, seen across the room. */
export function Hazard({ what, now = '' }: { what: string; now?: string }) {
  return (
    <>
      <div class="hazard" aria-hidden="true" />
      <section class="lost" role="alert" aria-label={strings.notMonitoring} data-testid="lost">
        <strong>{strings.notMonitoring}</strong>
        <span class="lost-what">{what}</span>
        <span class="lost-now">{now}</span>
      </section>
    </>
  );
}
