import { awake, canStayAwake, setStayAwake, stayAwake } from './wakeLock';
import { words } from '../strings/people';
import { helpOpen } from './dialogs';
import { route, toCentral, toInbox, toWall } from '../route';
import {
  toAdmin,
  toAlertLog,
  toAlertWeek,
  toAssignments,
  toAway,
  toDay,
  toPatients,
  toDevices,
  toRules,
  toScreens,
  toSessions,
} from '../parts/routes';
import * as sound from '../alerts/sound';
import { me } from '../people/account';
import { signOut } from '../people/signing';
import { store } from '../storage';
import { strings } from '../strings';
import { later } from '../strings/later';
import type { Tone, Volume } from '../alerts/tones';
import { ThemeChoice } from './ThemeChoice';
import { askWho } from '../people/Who';

/** Who may read what each rule did. */
const FOR_FIGURES: ReadonlySet<string> = new Set(['lead', 'prescriber', 'admin']);

/** Everything that is not needed while something is happening. */
export function MenuItems() {
  return (
    <>
      <nav class="menu-items" aria-label={strings.more}>
        <a href={toCentral}>{strings.rooms}</a>
        <a href={toInbox}>{strings.alerts}</a>
        {me.value?.role !== 'display' && <a href={toAlertLog()}>{later.alertLog}</a>}
        {FOR_FIGURES.has(me.value?.role ?? '') && <a href={toAlertWeek()}>{later.alertWeek}</a>}
        <a href={toDay()}>{later.day}</a>
        <a href={toPatients()}>{later.patients}</a>
        <a href={toSessions()}>{later.sessions}</a>
        <a href={toAssignments}>{later.assignments}</a>
        <a href={toDevices}>{later.devices}</a>
        <a href={toScreens}>{later.screens}</a>
        <a href={toRules()}>{later.rules}</a>
        {me.value?.role === 'admin' && <a href={toAdmin()}>{later.admin}</a>}
        <button type="button" data-menu="who" onClick={askWho}>
          {words.whoAreYou}
        </button>
        <a href={toAway}>{later.away}</a>
        <a href={toWall}>{later.wallDisplay}</a>
        <ThemeChoice />
        <button type="button" onClick={() => (helpOpen.value = !helpOpen.value)}>
          {later.keys}
        </button>
        <button type="button" onClick={() => void signOut()}>
          {later.signOut}
        </button>
      </nav>
      <Volumes />
      <TestSounds />
      {canStayAwake && <Awake />}
      <p class="quiet">{later.posture}</p>
    </>
  );
}

function Volumes() {
  const choose = (step: Volume) => {
    sound.volume.value = step;
    store(sound.VOLUME_KEY, String(step));
    sound.test('medium');
  };
  return (
    <div class="chips" role="group" aria-label={words.volume}>
      <h3>{words.volume}</h3>
      {words.volumes.map((label, step) => (
        <button
          key={label}
          type="button"
          data-volume={step}
          aria-pressed={sound.volume.value === step}
          onClick={() => choose(step as Volume)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}

function TestSounds() {
  return (
    <div class="chips" role="group" aria-label={words.testSounds}>
      <h3>{words.testSounds}</h3>
      {Object.entries(words.tones).map(([tone, label]) => (
        <button key={tone} type="button" data-test={tone} onClick={() => sound.test(tone as Tone)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function Awake() {
  return (
    <div class="ask" data-awake={awake.value}>
      <label class="tick">
        <input
          type="checkbox"
          name="awake"
          checked={stayAwake.value}
          onChange={(event) => setStayAwake(event.currentTarget.checked)}
        />
        {words.awake}
      </label>
      <p class="quiet" role="status">
        {words.awakeIs[awake.value]}
      </p>
    </div>
  );
}

/** The keys of the screen that is open. */
export function KeyList() {
  const { screen } = route.value;
  return (
    <section
      class="keyhelp"
      aria-label={later.keys}
      ref={(list) => list?.scrollIntoView({ block: 'nearest' })}
    >
      <header class="menu-row">
        <h2>{later.keys}</h2>
        <button type="button" onClick={() => (helpOpen.value = false)}>
          {later.close}
        </button>
      </header>
      <dl>
        {words.keys
          .filter(([, , screens]) => screens.length === 0 || screens.includes(screen))
          .map(([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
