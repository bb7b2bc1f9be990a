// The look of this device, kept on this device.

import { signal } from '@preact/signals';

export type Theme = 'dim' | 'light';

const KEY = 'dripwatch.theme';

function stored(): Theme {
  try {
    return localStorage.getItem(KEY) === 'light' ? 'light' : 'dim';
  } catch {
    return 'dim';
  }
}

export const theme = signal<Theme>(stored());

export function applyTheme(next: Theme = theme.value): void {
  theme.value = next;
  document.documentElement.dataset['theme'] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Private windows keep nothing: the choice then lasts as long as the page.
  }
}

export function otherTheme(): Theme {
  return theme.value === 'dim' ? 'light' : 'dim';
}
