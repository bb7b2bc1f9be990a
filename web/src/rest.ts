// Everything that comes after the first screen, fetched as one: it is small, and what concerns the
// person in front of the screen must still open when the server cannot be reached.

export { Devices } from './screens/Devices';
export { Room } from './screens/Room';
export { SignIn } from './screens/SignIn';
export { Wall } from './wall/Wall';
export { Rules } from './rules/Rules';
export { NoMonitors, NoRooms } from './parts/FirstRun';
export { LinkNotes } from './parts/LinkNotes';
export { KeyList, MenuItems } from './parts/Menu';
export { Outcomes } from './parts/OutcomeChips';
export { Altered } from './person/Altered';
export { Find } from './person/Find';
export { Pad } from './person/Pad';
export { begin } from './person/shift';
