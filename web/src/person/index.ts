// Everything that concerns the person in front of the screen, fetched as one after the first
// screen: it is small, and the menu must still open when the server cannot be reached.

export { KeyList, MenuItems } from '../parts/Menu';
export { Altered } from './Altered';
export { Find } from './Find';
export { Outcomes } from '../parts/OutcomeChips';
export { Pad } from './Pad';
export { begin } from './shift';
