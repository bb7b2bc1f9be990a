// The look of this device, kept on this device.

import { computed, effect, signal } from '@preact/signals';
import { now_ms, second } from '../clock';
import { themeAt, type Theme } from './daylight';
import { clockTime } from '../format';
import { store, stored } from '../storage';

/** A theme, or whichever the hour asks for. */
export type Choice = Theme | 'auto';

export const CHOICES: readonly Choice[] = ['dim', 'light', 'night', 'auto'];
const KEY = 'dripwatch.theme';

export const choice = signal<Choice>(CHOICES.find((one) => one === stored(KEY)) ?? 'dim');
/** What the choice means now. */
export const theme = computed<Theme>(() =>
  choice.value === 'auto'
    ? themeAt(Number(clockTime(second.value || now_ms()).slice(0, 2)))
    : choice.value,
);

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

export function choose(next: Choice): void {
  choice.value = next;
  store(KEY, next);
}
