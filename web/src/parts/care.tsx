// What is fetched after everything else: a session's course, and the sheet to record on. It is asked
// for as soon as the rest is there, so that it opens also when the server cannot be reached.

import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { strings } from '../strings';

type All = typeof import('../care');

const all = signal<All | null>(null);
const failed = signal(false);

export async function loadCare(): Promise<void> {
  failed.value = false;
  try {
    all.value = await import('../care');
  } catch {
    failed.value = true;
  }
}
void loadCare();

function lazily<P extends object>(of: (all: All) => ComponentType<P>): ComponentType<P> {
  return function Lazily(props: P) {
    if (all.value !== null) {
      const Part = of(all.value);
      return <Part {...props} />;
    }
    if (!failed.value) return <p class="quiet">{strings.loading}</p>;
    return (
      <p class="notice notice-bad" role="alert">
        {strings.notLoaded}{' '}
        <button type="button" onClick={() => void loadCare()}>
          {strings.tryAgain}
        </button>
      </p>
    );
  };
}

export const Given = lazily((care) => care.Given);
export const Leave = lazily((care) => care.Leave);
export const LeaveActions = lazily((care) => care.LeaveActions);
export const Record = lazily((care) => care.Record);
export const Start = lazily((care) => care.Start);
export const StartSession = lazily((care) => care.StartSession);
export const Ways = lazily((care) => care.Ways);
