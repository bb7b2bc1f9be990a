import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { pausedUntil } from '../alerts/alerts';
import { second } from '../clock';
import { span } from '../format';
import { store, stored } from '../storage';
import { MOST_ON_ONE_SCREEN } from '../ward/arrange';
import { AudioButton } from '../parts/Audio';
import { ThemeChoice } from '../page/ThemeChoice';
import { toWallPart } from '../parts/routes';
import { route, toCentral } from '../route';
import { Station } from '../ward/Central';
import * as sound from '../alerts/sound';
import { me } from '../people/account';
import { signOut } from '../people/signing';
import { strings } from '../strings';
import { later } from '../strings/later';
import { openAlerts, roomIds, roomName, roomStore, type RoomStore } from '../ward/store';
import { lookAfter } from './reload';
import { forWall, partOf, shiftAt } from './wall';
import './wall.css';
import { words } from '../strings/wall';

const KEY = 'dripwatch.wall.initials';
const SETTINGS_MS = 15_000;

const withInitials = signal(stored(KEY) !== 'no');
effect(() => store(KEY, withInitials.value ? 'yes' : 'no'));

const MOST_WALLS = 10;

const share = computed(() => (route.value.screen === 'wall' ? route.value : { part: 1, of: 1 }));
const ids = computed(() => partOf(roomIds.value, share.value.part, share.value.of));

const shift = computed(() => shiftAt(second.value).join('px '));

const seen = new Map<string, RoomStore>();

/** A room as the wall shows it: the same store, with less of its session. */
function onTheWall(id: string): RoomStore | undefined {
  const room = roomStore(id);
  if (room === undefined) return undefined;
  const known = seen.get(id);
  // A store is made anew when its room was away.
  if (known?.vitals === room.vitals) return known;
  const session = computed(() => forWall(room.session.value, withInitials.value));
  const made: RoomStore = { ...room, session };
  seen.set(id, made);
  return made;
}

/** For everybody to look at from afar, and for nobody to touch. */
export function Wall() {
  useEffect(lookAfter, []);
  return (
    <div class="wall" style={{ translate: `${shift.value}px` }}>
      <Station
        name="wall"
        rooms={{ ids: ids.value, of: onTheWall }}
        more={<Shown />}
        foot={<Foot />}
      />
    </div>
  );
}

/** Which rooms this wall leaves to others, and that nobody can scroll to what does not fit. */
function Shown() {
  const [first, last] = [roomName(ids.value[0] ?? null), roomName(ids.value.at(-1) ?? null)];
  const isPart = ids.value.length < roomIds.value.length;
  return (
    <>
      {isPart && <p class="quiet">{words.shows(first ?? '', last ?? '')}</p>}
      {ids.value.length > MOST_ON_ONE_SCREEN && <p class="hint">{words.tooMany}</p>}
    </>
  );
}

function Foot() {
  const asked = useAsked();
  const left = (pausedUntil(openAlerts.value, second.value) ?? 0) - second.value;
  return (
    <>
      {sound.running.value ? (
        <p class="quiet">{left > 0 ? strings.audioPaused(span(left)) : words.soundOn}</p>
      ) : (
        <AudioButton />
      )}
      {asked && <Settings />}
    </>
  );
}

/** Only while somebody moves a pointer or presses a key: a wall at work has nothing to touch. */
const askedAt = signal(-Infinity);

function useAsked(): boolean {
  useEffect(() => {
    const ask = () => (askedAt.value = second.value);
    const events = ['pointermove', 'pointerdown', 'keydown'] as const;
    for (const event of events) addEventListener(event, ask);
    return () => {
      for (const event of events) removeEventListener(event, ask);
    };
  }, []);
  return second.value - askedAt.value < SETTINGS_MS;
}

function Settings() {
  return (
    <nav class="menu-items" aria-label={words.settings}>
      <label class="theme-choice">
        {words.initials}
        <select
          name="initials"
          value={String(withInitials.value)}
          onChange={({ currentTarget: { value } }) => (withInitials.value = value === 'true')}
        >
          <option value="true">{words.withInitials}</option>
          <option value="false">{words.roomOnly}</option>
        </select>
      </label>
      <Share />
      <ThemeChoice />
      <button type="button" onClick={() => sound.test('medium')}>
        {words.testSound}
      </button>
      {me.value?.role !== 'display' && <a href={toCentral}>{words.leave}</a>}
      <button type="button" onClick={() => void signOut()}>
        {later.signOut}
      </button>
    </nav>
  );
}

/** Of how many walls this is which. Kept in the address: each window of a machine has its own. */
function Share() {
  const { part, of } = share.value;
  const counts = (most: number) => Array.from({ length: most }, (_, index) => index + 1);
  return (
    <>
      <Count name="of" label={words.walls} all={counts(MOST_WALLS)} value={of} to={(n) => [1, n]} />
      {of > 1 && (
        <Count name="part" label={words.which} all={counts(of)} value={part} to={(n) => [n, of]} />
      )}
    </>
  );
}

interface CountProps {
  name: string;
  label: string;
  all: readonly number[];
  value: number;
  to: (chosen: number) => readonly [part: number, of: number];
}

function Count({ name, label, all, value, to }: CountProps) {
  return (
    <label class="theme-choice">
      {label}
      <select
        name={name}
        value={value}
        onChange={(event) => {
          location.hash = toWallPart(...to(Number(event.currentTarget.value)));
        }}
      >
        {all.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </label>
  );
}
