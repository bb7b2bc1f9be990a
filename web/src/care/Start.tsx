import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { EventList } from '../room/EventList';
import { hourMinute } from '../format';
import { me } from '../people/account';
import { actsNow } from '../people/acting';
import { saysWho } from '../people/asked';
import { NotApproved } from '../room/NotApproved';
import { Outcomes } from '../parts/alertlog';
import { OwnLimits } from '../room/OwnLimits';
import { KnownLow } from '../room/KnownLow';
import { later } from '../strings/later';
import { words } from '../strings/care';
import type { RoomStore } from '../ward/store';
import type { Session } from '../stream/shapes';
import { BaselineBlock } from './BaselineBlock';
import { ChecklistBlock } from './ChecklistBlock';
import { CheckInForm, OrderForm, ScreeningForm } from './forms';
import { BLOCKS, gateOf, placed, type Block, type Placed } from './gates';
import { Go } from './Go';
import { LimitsNow } from './LimitsNow';
import { Monitor } from './Monitor';
import { amount } from './dose';
import { draft, forgetDrafts } from './draft';
import { Earlier } from './Earlier';
import { usePlan, type DosePlan } from './plan';
import { careOf, type Care, type Item, type Order } from './read';
import { Body, ItemRow, Mark, whoAndWhen } from './Row';
import { useSend, type Sender } from './send';
import { tick } from './tick';

type Form = 'patient' | 'order' | 'screening';

/** The room's page before the start: five blocks, the limits, and one big answer. */
export function Start({ room, session }: { room: RoomStore; session: Session }) {
  const care = careOf(session);
  const plan = usePlan(session.profile);
  // Whoever went back to another page finds the form as they left it.
  const form = useMemo(() => draft<Form | null>(`${session.id} form`, () => null), [session.id]);
  /** Why the server did not accept a low baseline: nobody said that it is known. */
  const low = useSignal<string | null>(null);
  const sender = useSend(session);
  const items = placed(care);
  const close = () => {
    form.value = null;
    forgetDrafts(session.id);
    sender.wrong.value = null;
  };
  const shell = { sender, close, session: session.id };
  if (form.value === 'patient') return <CheckInForm care={care} {...shell} />;
  if (form.value === 'order') return <OrderForm care={care} dose={plan?.dose ?? null} {...shell} />;
  if (form.value === 'screening')
    return <ScreeningForm questions={gateOf(care, 'screening')?.items ?? []} {...shell} />;
  const open = (which: Form) => () => (form.value = which);
  return (
    <div class="care-before" data-testid="before">
      <div class="care-blocks">
        <PatientBlock
          session={session}
          care={care}
          items={items.patient}
          sender={sender}
          open={open('patient')}
        />
        <OrderBlock
          care={care}
          items={items.order}
          sender={sender}
          dose={plan?.dose ?? null}
          open={open('order')}
        />
        <BlockOf name="monitor" items={items.monitor}>
          <Monitor room={room} />
          <Rows items={items.monitor} />
        </BlockOf>
        <BlockOf name="baseline" items={items.baseline}>
          {low.value === null ? (
            <BaselineBlock
              session={session}
              items={items.baseline}
              plan={plan}
              sender={sender}
              low={(why) => (low.value = why)}
            />
          ) : (
            <KnownLow
              why={low.value}
              disabled={sender.off}
              cancel={() => (low.value = null)}
              done={(more) =>
                void sender
                  .send({ type: 'accept_baseline', ...more }, later.acceptBaseline)
                  .then((done) => done && (low.value = null))
              }
            />
          )}
        </BlockOf>
        <BlockOf name="checklist" items={items.checklist}>
          <ChecklistBlock
            items={items.checklist}
            plan={plan}
            sender={sender}
            openScreening={open('screening')}
            openCheckIn={open('patient')}
          />
        </BlockOf>
      </div>
      <Go room={room} session={session} care={care} plan={plan} sender={sender}>
        <Outcomes room={room.id} />
        <NotApproved session={session} />
        <OwnLimits session={session} />
        <LimitsNow session={session} />
        {session.events.length > 0 && (
          <details>
            <summary>
              {later.thisSession} · {session.events.length}
            </summary>
            <EventList session={session} />
          </details>
        )}
      </Go>
    </div>
  );
}

interface BlockProps {
  name: Block;
  items: readonly Placed[];
  children: ComponentChildren;
}

/** Its number is filled while something in it is open. */
export function BlockOf({ name, items, children }: BlockProps) {
  const met = items.filter(({ item }) => item.met).length;
  const done = met === items.length;
  return (
    <section
      class="care-block"
      data-block={name}
      data-done={done}
      aria-labelledby={`block-${name}`}
      tabIndex={0}
    >
      <header>
        <b class="care-number">{BLOCKS.indexOf(name) + 1}</b>
        <h2 id={`block-${name}`}>{words.blocks[name]}</h2>
        <small>
          {items.length > 0 && (
            <>
              {done && <Mark met />} {words.countOf(met, items.length)}
              {done && signedBy(items)}
            </>
          )}
        </small>
      </header>
      {children}
    </section>
  );
}

/** ` · KM 11:28`: who did the last of it. */
function signedBy(items: readonly Placed[]): string {
  const signed = items.filter(({ item }) => item.by !== '' && item.at !== null);
  const last = signed.reduce<Placed | null>(
    (newest, next) => ((newest?.item.at ?? 0) > (next.item.at ?? 0) ? newest : next),
    null,
  );
  return last === null ? '' : ` · ${whoAndWhen(last.item)}`;
}

export function Rows({ items }: { items: readonly Placed[] }) {
  if (items.length === 0) return null;
  return (
    <ul>
      {items.map(({ step, item }) => (
        <ItemRow key={`${step} ${item.name}`} item={item} brief />
      ))}
    </ul>
  );
}

interface PatientProps {
  session: Session;
  care: Care;
  items: readonly Placed[];
  sender: Sender;
  open: () => void;
}

function PatientBlock({ session, care: { stated }, items, sender, open }: PatientProps) {
  const { series, escort, allergies } = stated ?? {};
  const waits = session.phase === 'checked_in';
  return (
    <BlockOf name="patient" items={items}>
      <Body>
        <p class="care-top">
          <b class="care-big">{session.initials}</b>
          {series != null && (
            <span>
              {words.series}{' '}
              <b>{series.of === null ? series.number : words.countOf(series.number, series.of)}</b>
            </span>
          )}
        </p>
        {items.length === 0 && <p class="quiet">{words.nothingAsked}</p>}
        {allergies ? <p class="care-warn">{words.allergy(allergies)}</p> : null}
        <Rows items={items.filter(({ item }) => !item.met)} />
        <Earlier session={session} />
        <Rows items={items.filter(({ item }) => item.met)} />
        {escort != null && (
          <p class="quiet">
            {words.escortName} {escort.name} · {escort.phone}
          </p>
        )}
      </Body>
      <div class="care-buttons">
        <button type="button" class={waits ? 'go' : ''} data-form="patient" onClick={open}>
          {waits ? words.checkIn : words.change}
        </button>
        {waits && stated === null && (
          <button
            type="button"
            data-elsewhere
            disabled={sender.off}
            onClick={() => void sender.send({ type: 'check_in' }, words.elsewhere)}
          >
            {words.elsewhere}
          </button>
        )}
      </div>
    </BlockOf>
  );
}

/** Whoever entered the order checks nothing by it: somebody else says first who they are. */
async function secondCheck({ by }: Order, { name, text }: Item, sender: Sender): Promise<void> {
  const isSame = () => (actsNow.peek() ?? me.peek())?.initials === by;
  const why = words.byAnother(by);
  const isAsked = isSame();
  if (isAsked && !(await saysWho({ why, password: false }))) return;
  if (isSame()) sender.wrong.value = why;
  else await sender.send(tick(name), text, isAsked);
}

interface OrderProps {
  care: Care;
  items: readonly Placed[];
  sender: Sender;
  dose: DosePlan | null;
  open: () => void;
}

function OrderBlock({ care: { order }, items, sender, dose, open }: OrderProps) {
  const device_mg = dose?.sprays?.device_mg ?? null;
  const check = items.find(({ item }) => item.name === 'second_check')?.item;
  return (
    <BlockOf name="order" items={items}>
      <Body>
        {order === null ? (
          <p class="quiet">{items.length === 0 ? words.nothingAsked : words.noOrder}</p>
        ) : (
          <>
            <p class="care-sum">
              {order.mg_per_kg !== null && order.weight_kg !== null && (
                <>
                  <b>{order.mg_per_kg} mg/kg</b> × <b>{order.weight_kg} kg</b> ={' '}
                </>
              )}
              {order.mg !== null && <b>{amount(order.mg)} mg</b>}
              {order.mg !== null && device_mg !== null && (
                <> in {words.deviceCount(Math.round(order.mg / device_mg))}</>
              )}
            </p>
            {order.rate_ml_h !== null && (
              <p class="care-top">
                <span>
                  <b class="care-big">{amount(order.rate_ml_h)}</b> mL/h
                </span>
                <small>{words.setAtPump}</small>
              </p>
            )}
            <p class="care-line">
              <span>{order.drug}</span>
              {order.ml !== null && order.minutes !== null && (
                <b>{words.inOver(amount(order.ml), amount(order.minutes))}</b>
              )}
            </p>
            <p class="care-line">
              <span>{order.ordered_by === '' ? words.enteredBy : words.orderedBy}</span>
              <b>
                {order.ordered_by || order.by} · {hourMinute(order.at)}
              </b>
            </p>
          </>
        )}
        <Rows items={order === null ? items : items.filter(({ item }) => item.name !== 'order')} />
      </Body>
      <div class="care-buttons">
        {dose !== null && (
          <button type="button" class={order === null ? 'go' : ''} data-form="order" onClick={open}>
            {order === null ? words.enterOrder : words.change}
          </button>
        )}
        {check !== undefined && order !== null && !check.met && (
          <button
            type="button"
            data-check={check.name}
            disabled={sender.off}
            onClick={() => void secondCheck(order, check, sender)}
          >
            {check.text}
          </button>
        )}
      </div>
    </BlockOf>
  );
}
