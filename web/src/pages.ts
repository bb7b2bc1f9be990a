// The pages on which nothing happens by the second: the day, patients, and the clinic's own things.
// Fetched as one, when the first of them is opened.

import './day/styles';

export { Admin } from './admin/Admin';
export { Away } from './away/Away';
export { Assignments } from './day/Assignments';
export { Day } from './day/Day';
export { PastSessions } from './day/PastSessions';
export { Patients } from './patients/Patients';
export { Rules } from './rules/Rules';
export { ScreensPage } from './screens/ScreensPage';
