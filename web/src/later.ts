// Everything that comes after the first screen, fetched as one: it is small, and what concerns the
// person in front of the screen must still open when the server cannot be reached.

export { Devices } from './devices/Devices';
export { Room } from './room/Room';
export { SignIn } from './people/SignIn';
export { Wall } from './wall/Wall';
export { NoMonitors, NoRooms } from './ward/FirstRun';
export { Notice } from './page/Notice';
export { LinkNotes } from './stream/LinkNotes';
export { KeyList, MenuItems } from './page/Menu';
export { Called } from './alerts/Called';
export { Outcomes } from './parts/alertlog';
export { Unrecorded } from './alerts/Unrecorded';
export { Altered } from './page/Altered';
export { DemoStrip } from './page/DemoStrip';
export { OtherPage } from './parts/pages';
export { Find } from './ward/Find';
export { Pad } from './people/Pad';
export { begin } from './people/shift';
