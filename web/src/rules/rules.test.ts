import { describe, expect, it } from 'vitest';
import { grouped, mayApprove, readListed, readRules } from './rules';

const section = (condition: string, kind: string) => ({
  condition,
  title: condition,
  kind,
  when: 'while infusing',
  stages: [{ priority: 'medium', name: 'caution', text: 'SpO2 at or below 92 %' }],
  clears: 'at 93 %',
  note: null,
});
const rules = (...sections: object[]) => readRules({ name: 'ketamine', version: 3, sections });

describe('the rules of a profile', () => {
  it('list the patient before the measuring, and leave none out', () => {
    const found = rules(
      section('monitor_lost', 'technical'),
      section('of_tomorrow', 'a new kind'),
      section('spo2_low', 'physiological'),
    );
    const groups = grouped(found?.sections ?? []);
    expect(groups.map(({ kind }) => kind)).toEqual(['physiological', 'technical', '']);
    expect(groups.flatMap(({ sections }) => sections)).toHaveLength(3);
  });

  it('are approved only by somebody with a name', () => {
    expect(rules()?.approved).toBeNull();
    expect(readListed({ name: 'k', approved: {} })?.approved).toBeNull();
    const at = 1_763_726_400_000;
    expect(readListed({ name: 'k', approved: { by: 'N. Weber', at } })?.approved).toEqual({
      by: 'N. Weber',
      at,
    });
  });

  it('show a stage of an unknown priority as the most urgent', () => {
    const odd = { ...section('a', 'technical'), stages: [{ priority: 'worst', text: 'x' }, {}] };
    expect(rules(odd)?.sections[0]?.stages).toEqual([{ priority: 'high', name: '', text: 'x' }]);
  });

  it('that cannot be read are none', () => {
    expect(readRules(null)).toBeNull();
    expect(readRules({ name: 'k' })).toMatchObject({ title: 'k', sections: [], cadence: [] });
  });
});

it('a prescriber or an administrator may approve', () => {
  const roles = ['nurse', 'lead', 'prescriber', 'admin', 'display', ''];
  expect(roles.filter(mayApprove)).toEqual(['prescriber', 'admin']);
});
