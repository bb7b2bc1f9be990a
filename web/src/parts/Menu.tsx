import { helpOpen } from '../keys';
import { toCentral, toDevices, toInbox, toRules, toWall } from '../route';
import * as sound from '../sound';
import { me, signOut } from '../staff';
import { strings } from '../strings';
import { keyHelp } from './keyWords';
import { choice, CHOICES, choose } from '../theme';

/** Everything that is not needed while something is happening. */
export function Menu() {
  return (
    <details class="menu">
      <summary>
        {strings.more} · {me.value?.initials}
      </summary>
      <nav class="menu-items" aria-label={strings.more}>
        <a href={toCentral}>{strings.rooms}</a>
        <a href={toInbox}>{strings.alerts}</a>
        <a href={toDevices}>{strings.devices}</a>
        <a href={toRules()}>{strings.rules}</a>
        <a href={toWall}>{strings.wallDisplay}</a>
        <button type="button" onClick={sound.test}>
          {strings.testSound}
        </button>
        <ThemeChoice />
        <button type="button" onClick={() => (helpOpen.value = !helpOpen.value)}>
          {strings.keys}
        </button>
        <button type="button" onClick={() => void signOut()}>
          {strings.signOut}
        </button>
      </nav>
      <p class="quiet">{strings.posture}</p>
    </details>
  );
}

export function ThemeChoice() {
  return (
    <label class="theme-choice">
      {strings.theme}
      <select
        value={choice.value}
        onChange={({ currentTarget: { value } }) =>
          choose(CHOICES.find((one) => one === value) ?? 'dim')
        }
      >
        {CHOICES.map((one) => (
          <option key={one} value={one}>
            {strings.themes[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

export function KeyHelp() {
  if (!helpOpen.value) return null;
  return (
    <section
      class="keyhelp"
      aria-label={strings.keys}
      ref={(list) => list?.scrollIntoView({ block: 'nearest' })}
    >
      <h2>{strings.keys}</h2>
      <dl>
        {keyHelp.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => (helpOpen.value = false)}>
        {strings.close}
      </button>
    </section>
  );
}
