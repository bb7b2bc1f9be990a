// The keyboard, for stations without a mouse. No key mutes anything.

import { signal } from '@preact/signals';
import { claim, pauseAudio } from './actions';
import { needsPerson } from './alerts';
import { onWall, route, toCentral } from './route';
import { openAlerts, roomStore } from './ward';

export const helpOpen = signal(false);
/** The sheet on which staff record what happens in the open room. */
export const recordOpen = signal(false);

const ARROWS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

export function listen(): void {
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (act(event)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, select, textarea') !== null;
}

function act(event: KeyboardEvent): boolean {
  if (onWall.value) return false;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) return route.value.screen === 'central' && moveFocus(arrow);
  switch (event.key) {
    case 'A':
      return claimFirst(null);
    case 'a':
      return claimFirst(focusedRoom());
    case 'e':
    case 'E':
      return openRecord();
    case 'p':
      void pauseAudio();
      return true;
    case '?':
      helpOpen.value = !helpOpen.value;
      return true;
    case 'Escape':
      if (recordOpen.value) recordOpen.value = false;
      else if (helpOpen.value) helpOpen.value = false;
      else if (route.value.screen === 'room') location.hash = toCentral;
      else return false;
      return true;
    default:
      return false;
  }
}

function openRecord(): boolean {
  const { value } = route;
  if (value.screen !== 'room' || roomStore(value.id)?.session.value == null) return false;
  recordOpen.value = true;
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
