import { recordOpen, recordPage } from '../page/dialogs';
import { toRules } from '../route';
import { words } from '../strings/care';
import type { Session } from '../stream/shapes';

/** What alerts now, vital by vital: before the baseline the absolute limits alone. */
export function LimitsNow({ session: { limits, baseline, profile } }: { session: Session }) {
  const rows = Object.entries(limits).filter(([vital]) => words.limits[vital] !== undefined);
  return (
    <section class="care-block care-limits" aria-labelledby="care-limits">
      <header>
        <h2 id="care-limits">{baseline === null ? words.limitsNow : words.limitsFromBaseline}</h2>
        <small>{words.alertsAt}</small>
      </header>
      <dl>
        {rows.map(([vital, { low, high }]) => (
          <div key={vital} class="care-line">
            <dt>{words.limits[vital]}</dt>
            <dd>
              {low !== undefined && <b>{words.atMost(low)}</b>}{' '}
              {high !== undefined && <b>{words.atLeast(high)}</b>}
            </dd>
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
