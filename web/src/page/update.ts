// Is this page the one that the server has now? A page is never replaced while it is needed: staff
// are told, and reload it when they can.

import { effect } from '@preact/signals';
import { older } from './version';
import { run } from '../ward/store';

/** Whether the server answers with a page, and whether it is this one. */
export async function servedPage(): Promise<'same' | 'other' | 'none'> {
  const own = document.querySelector<HTMLScriptElement>('script[src]')?.getAttribute('src');
  try {
    const answer = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(8_000) });
    const page = await answer.text();
    if (!answer.ok || !page.includes('id="app"')) return 'none';
    return own == null || page.includes(own) ? 'same' : 'other';
  } catch {
    return 'none';
  }
}

const AGAIN_MS = 30_000;
let timer: ReturnType<typeof setTimeout> | undefined;

async function compare(): Promise<void> {
  const page = await servedPage();
  if (page === 'none') timer = setTimeout(() => void compare(), AGAIN_MS);
  else older.value = page === 'other';
}

/** Another run of the server may be another version of it; and this page may be one that was kept. */
export function watchVersion(): void {
  effect(() => {
    clearTimeout(timer);
    if (run.value !== null) void compare();
  });
}
