import { signal } from '@preact/signals';
import type { RoomStore } from '../ward/store';

type Part = typeof import('./Buttons');

const RETRY_MS = 5_000;
const part = signal<Part | null>(null);

/** Asked for as soon as the rest is there, so that the buttons are at hand when they are needed. */
const load = (): Promise<unknown> =>
  import('./Buttons').then(
    (found) => (part.value = found),
    () => setTimeout(() => void load(), RETRY_MS),
  );
void load();

export function HelpButtons({ room }: { room: RoomStore }) {
  const Buttons = part.value?.Buttons;
  return Buttons === undefined ? null : <Buttons room={room} />;
}
