import { useSignal, type Signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { toRules } from '../parts/routes';
import { later } from '../strings/later';
import { profiles, type Profile } from '../ward/queries';

/** As the server bounds the planned length of an infusion: a day. */
const PLANNED_MINUTES_MAX = 1_440;

/** Which drug, and for how long: what both forms ask for that open a session. */
export interface Treatment {
  /** Null until the server has said. */
  readonly known: Signal<readonly Profile[] | null>;
  readonly profile: Signal<string>;
  readonly minutes: Signal<string>;
}

export function useTreatment(): Treatment {
  const known = useSignal<readonly Profile[] | null>(null);
  const profile = useSignal('');
  const minutes = useSignal('');
  useEffect(() => {
    void profiles().then((found) => (known.value = found));
  }, []);
  return { known, profile, minutes };
}

/** As it is sent. */
export const treatmentOf = ({ profile, minutes }: Treatment) => ({
  profile: profile.value,
  planned_s: Math.round(Number(minutes.value) * 60),
});

export function TreatmentFields({
  treatment: { known, profile, minutes },
}: {
  treatment: Treatment;
}) {
  const chosen = known.value?.find(({ name }) => name === profile.value);
  const choose = (name: string) => {
    profile.value = name;
    const planned = known.value?.find((one) => one.name === name)?.planned_s;
    if (planned !== undefined) minutes.value = String(Math.round(planned / 60));
  };
  return (
    <>
      <label>
        {later.drugAndProfile}
        <select
          name="profile"
          required
          value={profile.value}
          onChange={(event) => choose(event.currentTarget.value)}
        >
          {/* A drug that nobody chose must not be watched for. */}
          <option value="" disabled>
            {later.choose}
          </option>
          {known.value?.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        {later.plannedMinutes}
        <input
          name="minutes"
          type="number"
          inputMode="numeric"
          min={1}
          max={PLANNED_MINUTES_MAX}
          required
          value={minutes.value}
          onInput={(event) => (minutes.value = event.currentTarget.value)}
        />
      </label>
      {known.value === null && <p class="quiet">{later.loadingProfiles}</p>}
      {known.value?.length === 0 && <p class="wrong">{later.noProfiles}</p>}
      {chosen?.approved === false && (
        <a class="button unapproved" href={toRules(chosen.name)}>
          {later.notApproved}
        </a>
      )}
    </>
  );
}
