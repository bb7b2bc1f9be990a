import { computed, effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { pausedUntil } from '../alerts';
import { second } from '../clock';
import { span } from '../format';
import { keep, kept } from '../kept';
import { MOST_ON_ONE_SCREEN } from '../parts/arrange';
import { AudioButton } from '../parts/Audio';
import { ThemeChoice } from '../parts/ThemeChoice';
import { toCentral } from '../route';
import { Station } from '../screens/Central';
import * as sound from '../sound';
import { me, signOut } from '../staff';
import { strings } from '../strings';
import { later } from '../strings/later';
import { openAlerts, roomIds, roomName, roomStore, type RoomStore } from '../ward';
import { lookAfter } from './reload';
import { forWall, readShare, shared, shiftAt, writeShare } from './wall';
import './wall.css';
import { words } from '../strings/wall';

const KEY = 'dripwatch.wall.initials';
const SETTINGS_MS = 15_000;

const withInitials = signal(kept(KEY) !== 'no');
effect(() => keep(KEY, withInitials.value ? 'yes' : 'no'));

const SHARE_KEY = 'dripwatch.wall.rooms';

const share = signal(readShare(kept(SHARE_KEY)));
effect(() => keep(SHARE_KEY, writeShare(share.value)));
const ids = computed(() => shared(roomIds.value, share.value));

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
      <End name="from" />
      <End name="to" />
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

/** The first or the last room of this wall. */
function End({ name }: { name: 'from' | 'to' }) {
  return (
    <label class="theme-choice">
      {words.ends[name]}
      <select
        name={name}
        value={share.value[name]}
        onChange={({ currentTarget: { value } }) =>
          (share.value = { ...share.value, [name]: value })
        }
      >
        <option value="">{words.noEnd[name]}</option>
        {roomIds.value.map((id) => (
          <option key={id} value={id}>
            {roomName(id)}
          </option>
        ))}
      </select>
    </label>
  );
}
