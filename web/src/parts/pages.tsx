// What is fetched when it is opened: the day, patients, and what an administrator looks after.

import { signal } from '@preact/signals';
import type { PageRoute } from '../route';
import { Central } from '../ward/Central';
import { AlertLog, AlertWeek } from './alertlog';
import { adminPageOf, dateOf } from './routes';
import { strings } from '../strings';

type Pages = typeof import('../pages');

const pages = signal<Pages | null>(null);
const failed = signal(false);
let isAsked = false;

async function load(): Promise<void> {
  isAsked = true;
  failed.value = false;
  try {
    pages.value = await import('../pages');
  } catch {
    failed.value = true;
  }
}

export function OtherPage({ at }: { at: PageRoute }) {
  if (at.screen === 'alerts-log') return <AlertLog query={at.id.replace(/^\?/, '')} />;
  if (at.screen === 'alerts-week') return <AlertWeek key={at.id} monday={dateOf(at.id)} />;
  if (pages.value !== null) return <Found pages={pages.value} at={at} />;
  if (!isAsked) void load();
  if (!failed.value) return <p class="quiet">{strings.loading}</p>;
  return (
    <p class="notice notice-bad" role="alert">
      {strings.notLoaded}{' '}
      <button type="button" onClick={() => void load()}>
        {strings.tryAgain}
      </button>
    </p>
  );
}

function Found({
  pages: { Admin, Assignments, Away, Day, PastSessions, Patients, Rules, ScreensPage },
  at,
}: {
  pages: Pages;
  at: PageRoute;
}) {
  switch (at.screen) {
    case 'day':
      return <Day key={at.id} date={dateOf(at.id)} />;
    case 'session':
      return <PastSessions id={at.id} />;
    case 'patients':
      return <Patients id={at.id || null} />;
    case 'away':
      return <Away />;
    case 'assignments':
      return <Assignments />;
    case 'admin':
      return <Admin page={adminPageOf(at.id)} />;
    case 'rules':
      return <Rules key={at.id} profile={at.id || null} />;
    case 'screens':
      return <ScreensPage />;
    default:
      // An address that nothing has.
      return <Central />;
  }
}
