// A kind of treatment of the clinic's own, with the gates of a shipped one and times that a test can
// wait for: the shortest that an edit of a profile allows.

/** How a shipped kind of item is timed here, seconds. */
const SHORT = {
  stay: { for_s: 60 },
  pressures: { apart_s: 60 },
  pressure_at: { at_s: 120, near_s: 120 },
  vital: { for_s: 10 },
  signal: { for_s: 10 },
  free_of: { for_s: 60 },
};
export const SPRAYS_APART_S = 3;

/** The shipped profile under another name; every item stays, and every alarm. */
export function short(shipped, name) {
  const profile = structuredClone(shipped);
  for (const key of ['approved', 'changed', 'shipped']) delete profile[key];
  Object.assign(profile, { name, version: 1, title: `${shipped.title}, short` });
  for (const { items } of profile.gates)
    for (const { met_by } of items)
      for (const [kind, how] of Object.entries(met_by ?? {})) Object.assign(how, SHORT[kind]);
  if (profile.dose?.sprays) profile.dose.sprays.apart_s = SPRAYS_APART_S;
  for (const fixed of profile.cadence.fixed ?? [])
    Object.assign(fixed, { at_s: SHORT.pressure_at.at_s, early_s: SHORT.pressure_at.near_s });
  return profile;
}

/** Puts it beside the shipped ones, by whoever `prescriber` is the token of. */
export async function putShort(clinic, prescriber, shipped, name) {
  const profile = await clinic.call(prescriber, 'GET', `profiles/${shipped}`);
  await clinic.call(prescriber, 'PUT', `profiles/${name}`, short(profile, name));
}
