import { useEffect, useRef } from 'preact/hooks';
import { clockTime, pretty, span } from '../format';
import { Glyph } from '../parts/Glyph';
import { later } from '../strings/later';
import { words } from '../strings/review';
import type { PastAlert } from './read';
import { goToAlert, jump, type Looking } from './state';

/** The alerts of the session in their order; each is a way to its time. */
export function Alerts({ looking }: { looking: Looking }) {
  const { alerts } = looking.course;
  const list = useRef<HTMLOListElement>(null);
  const { value: chosen } = looking.alert;
  useEffect(() => {
    const box = list.current;
    const one = box?.querySelector<HTMLElement>('[aria-current=true]');
    // Inside its own list: the page stays where it is.
    if (box && one) box.scrollTop = one.offsetTop - box.offsetTop - 40;
  }, [chosen]);
  return (
    <section class="review-alerts" aria-label={words.alerts} data-testid="past-alerts">
      <h2>
        <span>{words.alerts}</span>
        {alerts.length > 0 && (
          <span class="review-jumps">
            <button type="button" data-jump="back" onClick={() => jump(looking, -1)}>
              <kbd>[</kbd> {words.back}
            </button>
            <button type="button" data-jump="next" onClick={() => jump(looking, 1)}>
              <kbd>]</kbd> {words.next}
            </button>
          </span>
        )}
      </h2>
      {alerts.length === 0 && <p class="quiet">{words.noAlerts}</p>}
      <ol ref={list}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <button
              type="button"
              class="review-alert"
              data-alert={alert.id}
              aria-current={alert.id === chosen}
              onClick={() => goToAlert(looking, alert)}
            >
              <Glyph priority={alert.priority} />
              <b>{pretty(alert.text)}</b>
              <small>
                <time>{clockTime(alert.raised_at)}</time> {whatCame(alert)}
              </small>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** `KM after 0:17, ended 09:23:30, expected effect` */
function whatCame({ taken, ended_at, outcome }: PastAlert): string {
  const first = taken[0];
  const came = later.outcomes[outcome as keyof typeof later.outcomes]?.toLowerCase();
  return [
    first === undefined ? words.nobody : words.took(first.by, span(first.after_ms)),
    ended_at === null ? words.wentOn : words.ended(clockTime(ended_at)),
    came ?? words.noOutcome,
  ].join(', ');
}
