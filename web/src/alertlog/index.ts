// What alerts were: the question, the log, and what each rule did in a week. Fetched when the first of
// them is needed.

import { addStyles } from './styles';

export { Outcomes } from '../alerts/OutcomeChips';
export { remind } from '../alerts/remind';
export { LogPage } from './LogPage';
export { WeekPage } from './WeekPage';

addStyles();
