import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { second } from '../clock';
import { span, zone } from '../format';
import { toAlertLog, toAlertWeek, toRules } from '../parts/routes';
import { strings } from '../strings';
import { words } from '../strings/alertlog';
import { Frame } from './Frame';
import { nameOf } from './names';
import {
  askForWeek,
  dateAt,
  mondayOf,
  sundayOf,
  weeksLater,
  type Deserving,
  type Figures,
  type Rule,
} from './week';

const S_MS = 1_000;

/** What each rule did in a week, and the three that most deserve another limit. */
export function WeekPage({ monday: asked }: { monday: string | null }) {
  const thisWeek = mondayOf(dateAt(second.value, zone));
  const monday = mondayOf(asked ?? thisWeek);
  const figures = useSignal<Figures | null>(null);
  const wrong = useSignal<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void askForWeek(monday, zone).then((answer) => {
      if (!isHere) return;
      if (answer.ok) figures.value = answer.value;
      wrong.value = answer.ok ? null : answer.status === 403 ? words.notForNurses : answer.message;
    });
    return () => {
      isHere = false;
    };
  }, [monday]);
  const shown = figures.value;
  return (
    <Frame
      title={words.week}
      testid="alert-week"
      beside={
        <a class="button" href={toAlertLog()}>
          {words.log}
        </a>
      }
    >
      <Weeks monday={monday} thisWeek={thisWeek} />
      {wrong.value !== null && (
        <p class="notice notice-bad" role="alert">
          {wrong.value}
        </p>
      )}
      {shown === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {shown !== null && <Shown figures={shown} monday={monday} />}
    </Frame>
  );
}

function Weeks({ monday, thisWeek }: { monday: string; thisWeek: string }) {
  return (
    <nav class="alertlog-weeks" aria-label={words.weekField}>
      <a class="button" data-week="before" href={toAlertWeek(weeksLater(monday, -1))}>
        <span aria-hidden="true">‹</span>
        <span class="hidden">{words.weekBefore}</span>
      </a>
      <label>
        {words.weekField}
        <input
          type="date"
          name="week"
          value={monday}
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (value !== '') location.hash = toAlertWeek(mondayOf(value));
          }}
        />
      </label>
      {monday < thisWeek && (
        <>
          <a class="button" data-week="after" href={toAlertWeek(weeksLater(monday, 1))}>
            <span aria-hidden="true">›</span>
            <span class="hidden">{words.weekAfter}</span>
          </a>
          <a class="button" data-week="this" href={toAlertWeek()}>
            {words.thisWeek}
          </a>
        </>
      )}
      <h2>{words.weekOf(dateText(monday), dateText(sundayOf(monday)))}</h2>
    </nav>
  );
}

function Shown({ figures, monday }: { figures: Figures; monday: string }) {
  const { rules, deserving, sessions } = figures;
  const alerts = rules.reduce((sum, rule) => sum + rule.count, 0);
  return (
    <>
      <p data-testid="counts">
        {words.alertsIn(alerts)}, {words.sessions(sessions)}
      </p>
      {rules.length === 0 ? (
        <p class="quiet">{words.none}</p>
      ) : (
        <>
          <section class="alertlog-deserving" aria-label={words.deserving}>
            <h2>{words.deserving}</h2>
            {deserving.length === 0 && <p class="quiet">{words.noneDeserves}</p>}
            <ol>
              {deserving.map((rule) => (
                <li key={rule.condition} data-deserving={rule.condition}>
                  <Named rule={rule} monday={monday} />
                </li>
              ))}
            </ol>
          </section>
          <Table rules={rules} monday={monday} />
          <p class="quiet">{words.explained}</p>
        </>
      )}
    </>
  );
}

function Named({ rule, monday }: { rule: Deserving; monday: string }) {
  const { condition, profile, score, count, notActionable, withOutcome } = rule;
  return (
    <>
      <h3>{nameOf(condition)}</h3>
      <p>{words.deservingWhy(rounded(score), count, notActionable, withOutcome)}</p>
      <p class="chips">
        <a class="button" data-limits href={toRules(profile)}>
          {words.itsLimits}
        </a>
        <a class="button" data-alerts href={alertsOf(condition, monday)}>
          {words.itsAlerts}
        </a>
      </p>
    </>
  );
}

const alertsOf = (condition: string, monday: string): string =>
  toAlertLog({ condition, from: monday, to: sundayOf(monday) });

function Table({ rules, monday }: { rules: readonly Rule[]; monday: string }) {
  const { figures } = words;
  return (
    <div class="alertlog-list" role="region" aria-label={words.rules} tabIndex={0}>
      <table>
        <caption class="hidden">{words.rules}</caption>
        <thead>
          <tr>
            {Object.entries(figures).map(([key, name]) => (
              <th key={key} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rules.map((rule) => (
            <tr key={rule.condition} data-rule={rule.condition}>
              <th scope="row">
                <a class="button" href={alertsOf(rule.condition, monday)}>
                  {nameOf(rule.condition)}
                </a>
              </th>
              <td data-of={figures.count}>{rule.count}</td>
              <td data-of={figures.per_session}>{orDash(rule.perSession, rounded)}</td>
              <td data-of={figures.actionable}>
                {orDash(rule.actionable, (rate) => words.of(words.percent(rate), rule.withOutcome))}
              </td>
              <td data-of={figures.missing}>{rule.missing}</td>
              <td data-of={figures.median}>{orDash(rule.median_s, seconds)}</td>
              <td data-of={figures.centile}>{orDash(rule.centile_s, seconds)}</td>
              <td data-of={figures.never}>{rule.never}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const seconds = (s: number): string => span(s * S_MS);

/** To one digit, and none where it is a whole number. */
const rounded = (value: number): string => String(Math.round(value * 10) / 10);

const orDash = (value: number | null, text: (value: number) => string): string =>
  value === null ? strings.missing : text(value);

/** `23 November` */
function dateText(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'long',
  });
}
