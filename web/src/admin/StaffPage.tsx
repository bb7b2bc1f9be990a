import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { report } from '../alerts/actions';
import { command, get } from '../api';
import { hourMinute } from '../format';
import { longDate } from '../rules/date';
import { link } from '../stream/socket';
import { fields, readAll } from '../stream/fields';
import { strings } from '../strings';
import { words } from '../strings/admin';
import { readPerson, readProgram, type Person, type Program } from './read';
import { Sure } from './Sure';

const NAME_MAX = 100;
const INITIALS_MAX = 4;
const PASSWORD_MAX = 1_024;
const PIN = '[0-9]{4,6}';

const pathOf = (id: string) => `/staff/${encodeURIComponent(id)}`;

/** Who may sign in, and which programs may. */
export function StaffPage() {
  const staff = useSignal<readonly Person[] | null>(null);
  const programs = useSignal<readonly Program[]>([]);
  const wrong = useSignal<string | null>(null);
  const load = async () => {
    const answer = await get('/staff');
    if (answer.ok) staff.value = readAll(fields(answer.value)['staff'], readPerson);
    wrong.value = answer.ok ? null : answer.message;
    const tokens = await get('/tokens');
    if (tokens.ok) programs.value = readAll(fields(tokens.value)['tokens'], readProgram);
  };
  useEffect(() => void load(), []);
  return (
    <section data-testid="admin-staff">
      <p class="quiet">{words.staffHint}</p>
      {wrong.value !== null && <p class="notice notice-bad">{wrong.value}</p>}
      {staff.value === null && wrong.value === null && <p class="quiet">{strings.loading}</p>}
      <ul class="admin-list">
        {staff.value?.map((person) => (
          <li key={person.id} data-person={person.id} data-active={person.active}>
            <OnePerson person={person} changed={load} />
          </li>
        ))}
      </ul>
      <AddPerson added={load} />
      <h2>{words.programs}</h2>
      <p class="quiet">{words.programsHint}</p>
      {programs.value.length === 0 && <p class="quiet">{words.noPrograms}</p>}
      <ul class="admin-list">
        {programs.value.map((program) => (
          <li key={program.id} data-program={program.id}>
            <p class="admin-what">
              <b>{program.name}</b>
              <small>
                {words.roles[program.role] ?? program.role} ·{' '}
                {program.last_used === null
                  ? words.neverUsed
                  : words.usedAt(
                      `${longDate(program.last_used)}, ${hourMinute(program.last_used)}`,
                    )}
              </small>
            </p>
            <span class="admin-acts">
              <Sure
                label={words.revoke}
                sure={words.reallyRevoke(program.name)}
                hint={words.disableHint}
                act={async () => {
                  const path = `/tokens/${encodeURIComponent(program.id)}`;
                  report(await command('DELETE', path, {}), words.revoked(program.name));
                  await load();
                }}
              />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function OnePerson({ person, changed }: { person: Person; changed: () => Promise<void> }) {
  const open = useSignal(false);
  const set = async (change: object, what: string) => {
    const answer = await command('PATCH', pathOf(person.id), change);
    const isDone = report(answer, what);
    await changed();
    return isDone;
  };
  return (
    <>
      <p class="admin-what">
        <b>
          <span class="admin-initials">{person.initials}</span> {person.name}
        </b>
        <small>
          {[
            words.roles[person.role] ?? person.role,
            person.pin ? words.hasPin : words.noPin,
            ...(person.active ? [] : [words.isDisabled]),
          ].join(' · ')}
        </small>
      </p>
      <span class="admin-acts">
        {person.active && (
          <button
            type="button"
            data-change
            aria-expanded={open.value}
            onClick={() => (open.value = !open.value)}
          >
            {words.change}
          </button>
        )}
        {person.active ? (
          <Sure
            label={words.disable}
            sure={words.reallyDisable(person.name)}
            hint={words.disableHint}
            act={async () => {
              report(await command('DELETE', pathOf(person.id), {}), words.disabled(person.name));
              await changed();
            }}
          />
        ) : (
          <button
            type="button"
            data-enable
            disabled={link.value === 'lost'}
            onClick={() => void set({ active: true }, words.enabled(person.name))}
          >
            {words.enable}
          </button>
        )}
      </span>
      {open.value && person.active && (
        <ChangePerson
          person={person}
          set={async (change) => {
            if (await set(change, words.changed(person.name))) open.value = false;
          }}
          cancel={() => (open.value = false)}
        />
      )}
    </>
  );
}

interface ChangeProps {
  person: Person;
  set: (change: object) => Promise<void>;
  cancel: () => void;
}

function ChangePerson({ person, set, cancel }: ChangeProps) {
  const initials = useSignal(person.initials);
  const role = useSignal(person.role);
  const password = useSignal('');
  const pin = useSignal('');
  const change = {
    ...(initials.value.trim() === person.initials ? {} : { initials: initials.value.trim() }),
    ...(role.value === person.role ? {} : { role: role.value }),
    ...(password.value === '' ? {} : { password: password.value }),
    ...(pin.value === '' ? {} : { pin: pin.value }),
  };
  const isSame = Object.keys(change).length === 0;
  return (
    <form
      class="admin-form"
      data-testid="change-person"
      onSubmit={(event) => {
        event.preventDefault();
        void set(change);
      }}
    >
      <Field name="initials" label={words.initials} value={initials} max={INITIALS_MAX} required />
      <Role value={role} />
      <Field name="password" label={words.newPassword} value={password} max={PASSWORD_MAX} secret />
      <Field name="pin" label={words.newPin} value={pin} max={6} pattern={PIN} secret />
      <p class="quiet">
        {words.keepEmpty} {password.value !== '' && words.signsOut}
      </p>
      <div class="chips">
        <button class="go" disabled={isSame || link.value === 'lost'}>
          {words.save}
        </button>
        <button type="button" onClick={cancel}>
          {words.cancel}
        </button>
      </div>
    </form>
  );
}

function AddPerson({ added }: { added: () => Promise<void> }) {
  const name = useSignal('');
  const initials = useSignal('');
  const role = useSignal('nurse');
  const password = useSignal('');
  const pin = useSignal('');
  const add = async (event: Event) => {
    event.preventDefault();
    const answer = await command('POST', '/staff', {
      name: name.value.trim(),
      role: role.value,
      password: password.value,
      ...(initials.value.trim() === '' ? {} : { initials: initials.value.trim() }),
      ...(pin.value === '' ? {} : { pin: pin.value }),
    });
    if (!report(answer, words.added(name.value.trim()))) return;
    for (const field of [name, initials, password, pin]) field.value = '';
    await added();
  };
  return (
    <form class="admin-form" data-testid="add-person" onSubmit={(event) => void add(event)}>
      <h2>{words.addPerson}</h2>
      <Field name="name" label={words.name} value={name} max={NAME_MAX} required />
      <Field name="initials" label={words.initials} value={initials} max={INITIALS_MAX} />
      <Role value={role} />
      <Field
        name="password"
        label={words.password}
        hint={words.passwordHint}
        value={password}
        max={PASSWORD_MAX}
        secret
        required
      />
      <Field
        name="pin"
        label={words.pin}
        hint={words.pinHint}
        value={pin}
        max={6}
        pattern={PIN}
        secret
      />
      <button class="go" disabled={link.value === 'lost'}>
        {words.addPerson}
      </button>
    </form>
  );
}

interface FieldProps {
  name: string;
  label: string;
  value: Signal<string>;
  max: number;
  hint?: string;
  pattern?: string;
  secret?: boolean;
  required?: boolean;
}

function Field({ name, label, value, max, hint, pattern, secret, required }: FieldProps) {
  const of = {
    name,
    maxlength: max,
    required: required === true,
    value: value.value,
    onInput: (event: { currentTarget: HTMLInputElement }) =>
      void (value.value = event.currentTarget.value),
    ...(pattern === undefined ? {} : { pattern, inputmode: 'numeric' as const }),
  };
  return (
    <label>
      {label}
      {secret === true ? (
        <input {...of} type="password" autocomplete="new-password" />
      ) : (
        <input {...of} type="text" autocomplete="off" />
      )}
      {hint !== undefined && <small>{hint}</small>}
    </label>
  );
}

function Role({ value }: { value: Signal<string> }) {
  return (
    <label>
      {words.role}
      <select
        name="role"
        value={value.value}
        onChange={(event) => (value.value = event.currentTarget.value)}
      >
        {Object.entries(words.roles).map(([role, title]) => (
          <option key={role} value={role}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
