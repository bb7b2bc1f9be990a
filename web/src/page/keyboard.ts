// The keyboard, for stations without a mouse. No key mutes anything.

import { padOpen } from '../people/acting';
import { claim, pauseAudio } from '../alerts/actions';
import { needsPerson } from '../alerts/alerts';
import { findOpen, helpOpen, recordOpen } from './dialogs';
import { onWall, route, toCentral } from '../route';
import { toDay } from '../parts/routes';
import { openAlerts, roomStore } from '../ward/store';

const ARROWS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

/** From which Escape leads to all rooms. */
const LEFT_BY_ESCAPE: ReadonlySet<string> = new Set([
  'room',
  'day',
  'session',
  'patients',
  'admin',
]);

export function listen(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    // What lies on a key takes nothing, and silences nothing.
    if (event.repeat && ARROWS[event.key] === undefined) return;
    if (act(event)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea') !== null;
}

function act(event: KeyboardEvent): boolean {
  if (onWall.value) return false;
  // Behind the pad nothing acts, wherever the focus went.
  if (padOpen.value) {
    if (event.key === 'Escape') padOpen.value = false;
    return event.key === 'Escape';
  }
  // What is typed to find a room does nothing else, also before its field has the focus.
  if (findOpen.value && event.key !== 'Escape') return false;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) return route.value.screen === 'central' && moveFocus(arrow);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  switch (key) {
    case 'a':
      return claimFirst(event.shiftKey ? null : focusedRoom());
    case 'e':
    case 'b':
    case 'h':
      return press(key);
    case 'c':
      location.hash = toCentral;
      return true;
    case 'd':
      location.hash = toDay();
      return true;
    case '/':
      findOpen.value = true;
      return true;
    case 'p':
      void pauseAudio();
      return true;
    case '?':
      helpOpen.value = !helpOpen.value;
      return true;
    case 'Escape':
      if (findOpen.value) findOpen.value = false;
      else if (recordOpen.value) recordOpen.value = false;
      else if (helpOpen.value) helpOpen.value = false;
      else if (LEFT_BY_ESCAPE.has(route.value.screen)) location.hash = toCentral;
      else return false;
      return true;
    default:
      return false;
  }
}

/** A key is its button, so that it does what the room allows now and nothing else. */
function press(key: string): boolean {
  const button = document.querySelector<HTMLElement>(`.actions [data-key="${key}"]`);
  if (button === null || recordOpen.value) return false;
  button.click();
  return true;
}

function focusedRoom(): string | undefined {
  if (route.value.screen === 'room') return route.value.id;
  const tile = document.activeElement?.closest<HTMLElement>('[data-room]');
  return tile?.dataset['room'];
}

/** Claims the most urgent alert: of one room, or of the whole ward when `room` is null. */
function claimFirst(room: string | undefined | null): boolean {
  const alerts = room === null ? openAlerts.value : (roomStore(room ?? '')?.alerts.value ?? []);
  const open = openAlerts.value.find((alert) => alerts.includes(alert) && needsPerson(alert));
  if (open === undefined) return false;
  void claim(open);
  return true;
}

function moveFocus(step: (columns: number) => number): boolean {
  const tiles = [...document.querySelectorAll<HTMLElement>('.tile-open')];
  const at = tiles.findIndex((tile) => tile === document.activeElement);
  const columns = Number(document.querySelector<HTMLElement>('.grid')?.dataset['columns'] ?? 1);
  const next = at === -1 ? tiles[0] : tiles[at + step(columns)];
  next?.focus();
  return next !== undefined;
}
