import { useRef } from 'preact/hooks';
import { second, span_ms } from '../clock';
import { hourMinute, pretty, span } from '../format';
import { strings } from '../strings';
import type { OpenSymptom, Session } from '../stream/shapes';
import { lastScore, type Choice, type Choices, type Score } from './choices';
import type { Save } from './Record';
import { ScoreForm } from './ScoreForm';
import { words } from '../strings/record';

interface Props {
  session: Session;
  choices: Choices | null;
  /** Asks again for choices that could not be loaded. */
  load: (() => Promise<void>) | null;
  off: boolean;
  save: Save;
}

/** What happened to the patient, in one tap. */
export function Happened({ session, choices, load, off, save }: Props) {
  const open = session.symptoms;
  const listed: readonly Choice[] = choices?.symptoms ?? [];
  // A symptom that is open can be ended, also when it is no longer offered.
  const others = open.filter(({ symptom }) => !listed.some(({ name }) => name === symptom));
  const symptoms = [...others.map(({ symptom, text }) => ({ name: symptom, text })), ...listed];
  const scores = choices?.scores ?? [];
  return (
    <div class="happened">
      {load !== null && (
        <p class="notice notice-bad">
          {words.choicesFailed}{' '}
          <button type="button" onClick={() => void load()}>
            {strings.tryAgain}
          </button>
        </p>
      )}
      {choices === null && load === null && <p class="quiet">{strings.loading}</p>}
      {choices !== null && symptoms.length + scores.length === 0 && <p>{words.nothingToChoose}</p>}
      {symptoms.length > 0 && (
        <section aria-labelledby="record-symptoms">
          <h3 id="record-symptoms">{words.symptoms}</h3>
          <div class="symptoms">
            {symptoms.map((one) => (
              <Symptom
                key={one.name}
                choice={one}
                open={open.find(({ symptom }) => symptom === one.name)}
                off={off}
                save={save}
              />
            ))}
          </div>
        </section>
      )}
      {scores.length > 0 && (
        <section aria-labelledby="record-scores">
          <h3 id="record-scores">{words.scores}</h3>
          {scores.map((score) => (
            <Scale key={score.name} score={score} session={session} off={off} save={save} />
          ))}
        </section>
      )}
    </div>
  );
}

/** A second tap within this time is a finger that bounced, not a symptom that is gone. */
const SETTLE_MS = 1_500;

interface SymptomProps {
  choice: Choice;
  open: OpenSymptom | undefined;
  off: boolean;
  save: Save;
}

/** Stays where it is when it is ticked, so that no other comes under the finger. */
function Symptom({ choice, open, off, save }: SymptomProps) {
  const changed_ms = useRef(-Infinity);
  const label = pretty(choice.text);
  const tap = async () => {
    if (span_ms() - changed_ms.current < SETTLE_MS) return;
    changed_ms.current = span_ms();
    const over = open !== undefined;
    const event = { type: 'symptom', symptom: choice.name, over };
    const done = await save(event, over ? words.gone(label) : label);
    changed_ms.current = done ? span_ms() : -Infinity;
  };
  return (
    <button
      type="button"
      class="symptom"
      data-symptom={choice.name}
      data-open={open !== undefined || undefined}
      disabled={off}
      onClick={() => void tap()}
    >
      <span>
        {open !== undefined && '✓ '}
        {label}
      </span>
      {open !== undefined && <small>{words.tapWhenGone(span(second.value - open.since))}</small>}
    </button>
  );
}

/** The most values that are buttons of their own. */
const BUTTONS_MAX = 12;

interface ScaleProps {
  score: Score;
  session: Session;
  off: boolean;
  save: Save;
}

function Scale({ score, session, off, save }: ScaleProps) {
  const label = pretty(score.text);
  const last = lastScore(session.events, score);
  const send = (value: number) =>
    save(
      { type: 'score', score: score.name, value } as { type: string },
      words.scored(label, value),
    );
  const count = score.highest - score.lowest + 1;
  return (
    <div class="scale" role="group" aria-label={label}>
      {count > BUTTONS_MAX ? (
        <ScoreForm score={score} label={label} off={off} send={send} />
      ) : (
        <>
          <span>{label}</span>
          <div class="scale-values">
            {Array.from({ length: count }, (_, index) => (
              <button
                key={index}
                type="button"
                data-score={`${score.name} ${score.lowest + index}`}
                disabled={off}
                onClick={() => void send(score.lowest + index)}
              >
                {score.lowest + index}
                {score.meanings.length > 0 && <small>{score.meanings[index]}</small>}
              </button>
            ))}
          </div>
        </>
      )}
      {last !== null && <small>{words.lastScored(last.value, hourMinute(last.at))}</small>}
    </div>
  );
}
