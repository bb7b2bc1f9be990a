// Parts of the page that are files of their own.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { strings } from '../strings';

/** A file of the page, fetched when the first of its parts is shown, or before by `load`. */
export function fetched<All>(ask: () => Promise<All>) {
  const all = signal<All | null>(null);
  const failed = signal(false);
  let isAsked = false;

  async function load(): Promise<void> {
    isAsked = true;
    failed.value = false;
    try {
      all.value = await ask();
    } catch {
      failed.value = true;
    }
  }

  /** One of its parts. Until it is there the page says so, and offers to try again. */
  function part<P extends object>(of: (all: All) => ComponentType<P>): ComponentType<P> {
    return function Fetched(props: P) {
      if (all.value !== null) {
        const Part = of(all.value);
        return <Part {...props} />;
      }
      if (!isAsked) void load();
      if (!failed.value) return <p class="quiet">{strings.loading}</p>;
      return (
        <p class="notice notice-bad" role="alert">
          {strings.notLoaded}{' '}
          <button type="button" onClick={() => void load()}>
            {strings.tryAgain}
          </button>
        </p>
      );
    };
  }

  return { load, part };
}
