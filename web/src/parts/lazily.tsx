import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { strings } from '../strings';

const fetches: (() => void)[] = [];

/** Fetches every part that the first screen did without, once that screen is at work. */
export function fetchTheRest(): void {
  for (const fetch of fetches) fetch();
}

/** A part of the page that is fetched after the first screen, so that the first is soon there. */
export function lazily<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: string = strings.loading,
): ComponentType<P> {
  const part = signal<ComponentType<P> | null>(null);
  const failed = signal(false);
  const fetch = () => {
    if (part.peek() !== null) return;
    failed.value = false;
    load().then(
      (found) => (part.value = found),
      () => (failed.value = true),
    );
  };
  fetches.push(fetch);
  return function Lazily(props: P) {
    useEffect(fetch, []);
    const Part = part.value;
    if (Part !== null) return <Part {...props} />;
    if (!failed.value) return <p class="quiet">{meanwhile}</p>;
    return (
      <p class="notice notice-bad" role="alert">
        {strings.notLoaded}{' '}
        <button type="button" onClick={fetch}>
          {strings.tryAgain}
        </button>
      </p>
    );
  };
}
