// The addresses that the first screen names nowhere.

export const ADMIN_PAGES = ['rooms', 'devices', 'staff', 'lists', 'sent', 'channels'] as const;
export type AdminPage = (typeof ADMIN_PAGES)[number];

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Null for today, and for what is no date. */
export const dateOf = (id: string): string | null => (DATE.test(id) ? id : null);
export const adminPageOf = (id: string): AdminPage =>
  ADMIN_PAGES.find((page) => page === id) ?? 'rooms';

export const toDay = (date?: string) => (date === undefined ? '#/day' : `#/day/${date}`);
export const toSession = (id: string) => `#/session/${encodeURIComponent(id)}`;
/** The search for sessions; what is searched is escaped once more, as an address is decoded whole. */
export const toSessions = (wanted: Record<string, string> = {}) =>
  `#/session/?${new URLSearchParams(wanted)}`.replaceAll('%', '%25');
export const toPatients = (id?: string) =>
  id === undefined ? '#/patients' : `#/patients/${encodeURIComponent(id)}`;
export const toAdmin = (page?: AdminPage) => (page === undefined ? '#/admin' : `#/admin/${page}`);
/** The log of alerts, searched. */
export const toAlertLog = (wanted: Record<string, string> = {}) => {
  const query = new URLSearchParams(wanted).toString();
  return `#/alerts-log${query === '' ? '' : `/?${query}`.replaceAll('%', '%25')}`;
};
/** What each rule did in the week of this Monday; in the present week without one. */
export const toAlertWeek = (monday?: string) =>
  monday === undefined ? '#/alerts-week' : `#/alerts-week/${monday}`;
export const toAway = '#/away';
export const toDevices = '#/devices';
export const toScreens = '#/screens';
export const toAssignments = '#/assignments';
export const toWallPart = (part: number, of: number) => `#/wall/${part}/${of}`;
export const toRules = (profile?: string) =>
  profile === undefined ? '#/rules' : `#/rules/${encodeURIComponent(profile)}`;
