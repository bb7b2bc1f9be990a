// Parts that several screens share and that come after the first screen.

import { lazily } from './lazily';

export const LinkNotes = lazily((rest) => rest.LinkNotes, '');
export const Called = lazily((rest) => rest.Called, '');
export const Altered = lazily((rest) => rest.Altered, '');
export const DemoStrip = lazily((rest) => rest.DemoStrip, '');
export const Find = lazily((rest) => rest.Find);
export const KeyList = lazily((rest) => rest.KeyList);
export const MenuItems = lazily((rest) => rest.MenuItems);
export const Outcomes = lazily((rest) => rest.Outcomes);
export const Pad = lazily((rest) => rest.Pad);
export const Notice = lazily((rest) => rest.Notice, '');
export const NoMonitors = lazily((rest) => rest.NoMonitors, '');
export const NoRooms = lazily((rest) => rest.NoRooms);
export const Unrecorded = lazily((rest) => rest.Unrecorded, '');
