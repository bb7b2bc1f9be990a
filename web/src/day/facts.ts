// What is said of an earlier session in one line each. Pure.

import { strings } from '../strings';
import { fields, number } from '../stream/fields';
import type { Wire } from '../stream/shapes';

const rounded = (value: number) => String(Math.round(value * 100) / 100);

/** `126/80, HR 75, SpO₂ 97`; empty where nothing is known. */
function vitals(systolic: unknown, diastolic: unknown, hr: unknown, spo2: unknown): string {
  const [sys, dia, rate, sat] = [systolic, diastolic, hr, spo2].map(number);
  const parts: string[] = [];
  if (sys != null || dia != null)
    parts.push(
      `${sys == null ? strings.missing : rounded(sys)}/${dia == null ? strings.missing : rounded(dia)}`,
    );
  if (rate != null) parts.push(`${strings.hr} ${rounded(rate)}`);
  if (sat != null) parts.push(`${strings.spo2} ${rounded(sat)}`);
  return parts.join(', ');
}

export function baselineText(raw: unknown): string {
  const from = fields<Wire['Baseline']>(raw);
  return vitals(from['systolic'], from['diastolic'], from['heart_rate'], from['spo2']);
}

export function peakText(raw: unknown): string {
  const from = fields<Wire['Peak']>(raw);
  return vitals(from['systolic'], from['diastolic'], from['heart_rate'], from['spo2']);
}

/** `35.5 mg, 14.2 mL` */
export function givenText(raw: unknown): string {
  const from = fields<Wire['GivenDose']>(raw);
  const [mg, ml] = [number(from['mg']), number(from['ml'])];
  const parts: string[] = [];
  if (mg !== null) parts.push(`${rounded(mg)} mg`);
  if (ml !== null) parts.push(`${rounded(ml)} mL`);
  return parts.join(', ');
}
