import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { second } from '../clock';
import { hourMinute, pretty } from '../format';
import { longDate } from './date';
import { Glyph } from '../parts/Glyph';
import { strings } from '../strings';
import { later } from '../strings/later';
import { Approve, Approved, SignatureLine } from './Approval';
import { grouped, rulesOf, type Rules, type Section } from './rules';
import { words } from '../strings/rules';

/** Everything that will alarm under one profile, to read on screen or on paper. */
export function ProfileRules({ name }: { name: string }) {
  const found = useSignal<Rules | null | undefined>(undefined);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await rulesOf(name);
    if (answer.ok) found.value = answer.value;
    wrong.value = answer.ok ? null : answer.message;
  };
  useEffect(() => void load(), []);

  const { value: rules } = found;
  return (
    <>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {rules === undefined && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      {rules === null && <p>{words.none}</p>}
      {rules != null && <Sheet rules={rules} changed={load} />}
    </>
  );
}

function Sheet({ rules, changed }: { rules: Rules; changed: () => Promise<void> }) {
  return (
    <article class="rules-sheet" data-profile={rules.name}>
      <header class="rules-title">
        <h1>{rules.title}</h1>
        <p class="quiet">
          {words.version(rules.version)} · {rules.name}
          <span class="print-only">
            {' · '}
            {words.printedAt(`${longDate(second.value)}, ${hourMinute(second.value)}`)}
          </span>
        </p>
        <p>
          <Approved approved={rules.approved} />
        </p>
        {rules.approved === null && <p>{words.notApprovedNext}</p>}
        <p class="quiet">{later.posture}</p>
        <button type="button" class="print screen-only" onClick={() => print()}>
          {words.print}
        </button>
      </header>
      {rules.cadence.length > 0 && (
        <section class="cadence">
          <h2>{words.cadence}</h2>
          <ul>
            {rules.cadence.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {grouped(rules.sections).map(({ kind, sections }) => (
        <section key={kind} class="rules-group">
          <h2>{words.kinds[kind] ?? words.other}</h2>
          {sections.map((section) => (
            <Rule key={section.condition} section={section} />
          ))}
        </section>
      ))}
      <Approve rules={rules} changed={changed} />
      {rules.approved === null && <SignatureLine />}
    </article>
  );
}

function Rule({ section }: { section: Section }) {
  return (
    <section class="rule" data-condition={section.condition}>
      <h3>{pretty(section.title)}</h3>
      {section.when !== '' && <p class="rule-when">{pretty(section.when)}</p>}
      {section.stages.length === 0 && <p class="quiet">{words.noStages}</p>}
      <ul class="rule-stages">
        {section.stages.map((stage, index) => (
          <li key={index}>
            <Glyph priority={stage.priority} />
            <span>
              {stage.name !== '' && <b>{stage.name}: </b>}
              {pretty(stage.text)}
            </span>
          </li>
        ))}
      </ul>
      <dl class="rule-rest">
        {section.clears !== '' && (
          <div>
            <dt>{words.clears}</dt>
            <dd>{pretty(section.clears)}</dd>
          </div>
        )}
        {section.note !== '' && (
          <div>
            <dt>{words.note}</dt>
            <dd>{pretty(section.note)}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
