// What is fetched after everything else: a session's course, and the sheet to record on. It is asked
// for as soon as the rest is there, so that it opens also when the server cannot be reached.

import { fetched } from './fetched';

const { load, part } = fetched(() => import('../care'));

void load();

export const Given = part((care) => care.Given);
export const Leave = part((care) => care.Leave);
export const LeaveActions = part((care) => care.LeaveActions);
export const Record = part((care) => care.Record);
export const Start = part((care) => care.Start);
export const StartSession = part((care) => care.StartSession);
export const Ways = part((care) => care.Ways);
