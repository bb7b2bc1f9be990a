import { signal } from '@preact/signals';

/**
 * One sentence for the person who just did something, until the next one. What went well ends by
 * itself, what did not when somebody has read it.
 */
export const notice = signal<{
  readonly text: string;
  readonly bad: boolean;
  /** What can be done about it while it is shown. */
  readonly act?: Act | undefined;
} | null>(null);

export interface Act {
  readonly label: string;
  readonly go: () => void;
}

/** Long enough to read it, and to take back what it says was done. */
const NOTICE_MS = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showNotice(text: string, bad = false, act?: Act): void {
  clearTimeout(timer);
  notice.value = { text, bad, act };
  if (!bad) timer = setTimeout(() => (notice.value = null), NOTICE_MS);
}
