import { signal } from '@preact/signals';

/**
 * One sentence for the person who just did something, until the next one. What went well ends by
 * itself, what did not when somebody has read it.
 */
export const notice = signal<{ readonly text: string; readonly bad: boolean } | null>(null);

const NOTICE_MS = 8_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showNotice(text: string, bad = false): void {
  clearTimeout(timer);
  notice.value = { text, bad };
  if (!bad) timer = setTimeout(() => (notice.value = null), NOTICE_MS);
}
