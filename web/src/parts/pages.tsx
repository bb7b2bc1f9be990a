// What is fetched when it is opened: the day, patients, and what an administrator looks after.

import type { PageRoute } from '../route';
import { Central } from '../ward/Central';
import { AlertLog, AlertWeek } from './alertlog';
import { fetched } from './fetched';
import { adminPageOf, dateOf } from './routes';

const { part } = fetched(() => import('../pages'));

const Admin = part((pages) => pages.Admin);
const Assignments = part((pages) => pages.Assignments);
const Away = part((pages) => pages.Away);
const Day = part((pages) => pages.Day);
const PastSessions = part((pages) => pages.PastSessions);
const Patients = part((pages) => pages.Patients);
const Rules = part((pages) => pages.Rules);
const ScreensPage = part((pages) => pages.ScreensPage);

export function OtherPage({ at }: { at: PageRoute }) {
  switch (at.screen) {
    case 'alerts-log':
      return <AlertLog query={at.id.replace(/^\?/, '')} />;
    case 'alerts-week':
      return <AlertWeek key={at.id} monday={dateOf(at.id)} />;
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
