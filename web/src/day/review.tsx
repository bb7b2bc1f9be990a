// What is fetched when the first past session is opened, or the search for them.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { strings } from '../strings';

type All = typeof import('../review');

const all = signal<All | null>(null);
const failed = signal(false);
let isAsked = false;

async function load(): Promise<void> {
  isAsked = true;
  failed.value = false;
  try {
    all.value = await import('../review');
  } catch {
    failed.value = true;
  }
}

function lazily<P extends object>(of: (all: All) => ComponentType<P>): ComponentType<P> {
  return function Lazily(props: P) {
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

export const Review = lazily((review) => review.Review);
export const SessionsFound = lazily((review) => review.Sessions);
