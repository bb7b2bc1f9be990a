import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { devices, type KnownDevice } from '../ward/queries';

const REFRESH_MS = 3_000;

/** Every device ever heard, asked for again and again while the page shows them. */
export function useDevices() {
  const known = useSignal<readonly KnownDevice[] | null>(null);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await devices();
    if (answer.ok) known.value = answer.value;
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => {
    void load();
    const timer = setInterval(() => void load(), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return { known, wrong, load };
}
