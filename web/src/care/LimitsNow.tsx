import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { pretty } from '../format';
import { recordOpen, recordPage } from '../page/dialogs';
import { toRules } from '../parts/routes';
import { rulesOf, type Section } from '../rules/rules';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';
import { urgentOf } from './urgent';

/** What alerts now, vital by vital: before the baseline the absolute limits alone. */
export function LimitsNow({ session }: { session: Session }) {
  const { limits, baseline, profile } = session;
  const sections = useSections(profile);
  const rows = Object.entries(limits).filter(([vital]) => words.limits[vital] !== undefined);
  return (
    <section class="care-block care-limits" aria-labelledby="care-limits">
      <header>
        <h2 id="care-limits">{baseline === null ? words.limitsNow : words.limitsFromBaseline}</h2>
        <small>{words.alertsAt}</small>
      </header>
      <dl>
        {rows.map(([vital, { low, high }]) => (
          <div key={vital} class="care-line" data-limit={vital}>
            <dt>{words.limits[vital]}</dt>
            <dd>
              {low !== undefined && <b>{words.atMost(low)}</b>}{' '}
              {high !== undefined && <b>{words.atLeast(high)}</b>}
            </dd>
            {urgentOf(vital, sections, session.personal_limits).map((text) => (
              <dd key={text} class="care-urgent">
                <b aria-label={words.urgent}>!!!</b> <span>{pretty(text)}</span>
              </dd>
            ))}
          </div>
        ))}
      </dl>
      <div class="care-buttons">
        <button
          type="button"
          data-limits
          onClick={() => {
            recordPage.value = 'limits';
            recordOpen.value = true;
          }}
        >
          {words.changeLimit}
        </button>
        <a class="button" href={toRules(profile)}>
          {words.allRules}
        </a>
      </div>
    </section>
  );
}

const known = new Map<string, readonly Section[]>();
const PROFILES_KEPT = 20;

/** The rules of the profile as the server says them; none until it has. */
function useSections(profile: string): readonly Section[] {
  const sections = useSignal<readonly Section[]>(known.get(profile) ?? []);
  useEffect(() => {
    void rulesOf(profile).then((answer) => {
      if (!answer.ok || answer.value === null) return;
      if (known.size >= PROFILES_KEPT) known.clear();
      known.set(profile, answer.value.sections);
      sections.value = answer.value.sections;
    });
  }, [profile]);
  return sections.value;
}
