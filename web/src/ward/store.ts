// The model as signals: one store per room, changed in one batch per message.

import { batch, computed, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { sorted } from '../alerts/alerts';
import { withCuff } from '../room/cuff';
import { apply, EMPTY, type Model } from './model';
import { fields, list, number } from '../stream/fields';
import type { Alert, Device, Inflation, Limits, RoomState, Session } from '../stream/shapes';
import type { Vitals } from '../room/vitals';

export interface RoomStore {
  readonly id: string;
  readonly name: Signal<string>;
  readonly nurse: Signal<string>;
  readonly session: Signal<Session | null>;
  readonly limits: Signal<Limits>;
  readonly vitals: Signal<Vitals>;
  readonly devices: Signal<readonly Device[]>;
  readonly alerts: Signal<readonly Alert[]>;
  readonly cuff: Signal<Inflation | null>;
  readonly unread_since: Signal<number | null>;
}

export interface AlarmPath {
  readonly proved_at: number | null;
  readonly round_trip_ms: number | null;
  readonly audible_screens: number | null;
}

let model: Model = EMPTY;
const stores = new Map<string, RoomStore>();

/** Ids in floor order. */
export const roomIds = signal<readonly string[]>([]);
export const ready = signal(false);
/** The run of the server that the ward is known from. */
export const run = signal<string | null>(null);
/** The room in which a monitor has just corrected or taken back a value: what is stored says which. */
export const revised = signal<readonly unknown[]>([]);
export const wardAlerts = signal<readonly Alert[]>([]);
export const unrecorded = signal<readonly Alert[]>([]);
export const alarmPath = signal<AlarmPath>({
  proved_at: null,
  round_trip_ms: null,
  audible_screens: null,
});

/** Every open alert of the ward, most urgent first. */
export const openAlerts: ReadonlySignal<readonly Alert[]> = computed(() =>
  sorted([
    ...wardAlerts.value,
    ...roomIds.value.flatMap((id) => stores.get(id)?.alerts.value ?? []),
  ]),
);

/** Those that may sound: what is only played again makes none, however it looks. */
export const soundingAlerts: ReadonlySignal<readonly Alert[]> = computed(() =>
  openAlerts.value.filter(({ room }) => room === null || !isReplayed(stores.get(room))),
);

function isReplayed(room: RoomStore | undefined): boolean {
  const devices = room?.devices.value ?? [];
  return devices.length > 0 && devices.every(({ source }) => source === 'replay');
}

export const sessionCount: ReadonlySignal<number> = computed(
  () => roomIds.value.filter((id) => stores.get(id)?.session.value != null).length,
);

export function roomStore(id: string): RoomStore | undefined {
  return stores.get(id);
}

export function roomName(id: string | null): string | undefined {
  return id === null ? undefined : stores.get(id)?.name.value;
}

/** What a `hello` sends so that the server can go on from here. */
export function resumePoint(): { epoch: string; revs: Record<string, number> } | null {
  if (model.epoch === null) return null;
  const revs = Object.fromEntries([...model.rooms].map(([id, room]) => [id, room.rev]));
  return { epoch: model.epoch, revs };
}

/** All that is known, for whoever compares it. */
export function known(): Model {
  return model;
}

export function epoch(): string | null {
  return model.epoch;
}

/** Applies the frames of one message; gives back the rooms of which some are missing. */
export function receive(frames: readonly unknown[]): ReadonlySet<string> {
  const missed = new Set<string>();
  batch(() => {
    const touched = new Set<string>();
    for (const frame of frames) {
      // A frame that cannot be applied must not take the others with it.
      try {
        const applied = apply(model, frame);
        model = applied.model;
        for (const id of applied.touched) touched.add(id);
        if (applied.missed !== null) missed.add(applied.missed);
        const { type, room, readings } = fields(frame);
        if (type === 'heartbeat') heartbeat(fields(frame));
        if (type === 'snapshot') ready.value = true;
        if (list(readings).some(isRevision)) revised.value = [room];
      } catch (error) {
        console.error('frame ignored', error);
      }
    }
    publish(touched);
  });
  return missed;
}

function isRevision(raw: unknown): boolean {
  const { corrects, withdrawn } = fields(raw);
  return corrects === true || withdrawn === true;
}

export function forgetUnrecorded(id: string): void {
  model = { ...model, unrecorded: model.unrecorded.filter((alert) => alert.id !== id) };
  unrecorded.value = model.unrecorded;
}

/** Signing out: the next person starts from nothing. */
export function forgetAll(): void {
  batch(() => {
    model = EMPTY;
    ready.value = false;
    publish(new Set(stores.keys()));
  });
}

function heartbeat(frame: Readonly<Record<string, unknown>>): void {
  const path = fields(frame['alarm_path']);
  alarmPath.value = {
    proved_at: number(path['proved_at']),
    round_trip_ms: number(path['round_trip_ms']),
    audible_screens: number(frame['audible_screens']),
  };
}

function publish(touched: ReadonlySet<string>): void {
  run.value = model.epoch;
  wardAlerts.value = model.alerts;
  unrecorded.value = model.unrecorded;
  let added = false;
  for (const id of touched) {
    const room = model.rooms.get(id);
    if (room === undefined) {
      added = stores.delete(id) || added;
      continue;
    }
    const store = stores.get(id);
    if (store === undefined) {
      stores.set(id, newStore(room));
      added = true;
    } else {
      store.name.value = room.name;
      store.nurse.value = room.nurse;
      store.session.value = room.session;
      store.limits.value = room.limits;
      store.vitals.value = shownVitals(room);
      store.devices.value = room.devices;
      store.alerts.value = room.alerts;
      store.cuff.value = room.cuff;
      store.unread_since.value = room.unread_since;
    }
  }
  if (!added && touched.size < 2) return;
  const order = floorOrder([...model.rooms.values()]);
  if (added || order.join('\n') !== roomIds.peek().join('\n')) roomIds.value = order;
}

function shownVitals({ vitals, cuff }: RoomState): Vitals {
  const nibp = withCuff(vitals['nibp'], cuff);
  return nibp === vitals['nibp'] || nibp === undefined ? vitals : { ...vitals, nibp };
}

function newStore(room: RoomState): RoomStore {
  return {
    id: room.id,
    name: signal(room.name),
    nurse: signal(room.nurse),
    session: signal(room.session),
    limits: signal(room.limits),
    vitals: signal(shownVitals(room)),
    devices: signal(room.devices),
    alerts: signal(room.alerts),
    cuff: signal(room.cuff),
    unread_since: signal(room.unread_since),
  };
}

function floorOrder(rooms: readonly RoomState[]): string[] {
  return [...rooms]
    .sort((a, b) => a.order - b.order || a.id.localeCompare(b.id, 'en', { numeric: true }))
    .map((room) => room.id);
}
