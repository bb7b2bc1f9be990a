import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { profiles } from '../ward/queries';
import { toRules } from '../parts/routes';
import { later } from '../strings/later';
import type { Session } from '../stream/shapes';

/** Nobody has put their name to these limits yet: the screen says so while that is true. */
export function NotApproved({ session: { profile } }: { session: Session }) {
  const approved = useSignal(true);
  useEffect(() => {
    void profiles().then((known) => {
      approved.value = known.find((one) => one.name === profile)?.approved ?? true;
    });
  }, [profile]);
  if (approved.value) return null;
  return (
    <a class="button unapproved" href={toRules(profile)}>
      {later.notApproved}
    </a>
  );
}
