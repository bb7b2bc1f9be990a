// A session's course and the sheet on which staff record: fetched as one, after the rest.

import { startOutbox } from '../record/outbox';
import { addStyles } from './styles';

export { Given } from './Given';
export { Leave, LeaveActions } from './Leave';
export { Record } from '../record/Record';
export { Start } from './Start';
export { StartSession } from '../patients/StartSession';
export { Ways } from './Ways';

addStyles();
startOutbox();
