import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { strings } from '../strings';

type Rest = typeof import('../later');

const rest = signal<Rest | null>(null);
const failed = signal(false);

/** Fetches every part that the first screen did without. */
export async function loadLater(): Promise<Rest> {
  failed.value = false;
  try {
    return (rest.value = await import('../later'));
  } catch (error) {
    failed.value = true;
    throw error;
  }
}

/** A part of the page that is fetched after the first screen, so that the first is soon there. */
export function lazily<P extends object>(
  of: (rest: Rest) => ComponentType<P>,
  meanwhile: string = strings.loading,
): ComponentType<P> {
  return function Lazily(props: P) {
    if (rest.value !== null) {
      const Part = of(rest.value);
      return <Part {...props} />;
    }
    if (!failed.value) return <p class="quiet">{meanwhile}</p>;
    return (
      <p class="notice notice-bad" role="alert">
        {strings.notLoaded}{' '}
        <button type="button" onClick={() => void loadLater().catch(() => {})}>
          {strings.tryAgain}
        </button>
      </p>
    );
  };
}
