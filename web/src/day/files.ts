// The record of a session in each form that the server writes it in.

import { words } from '../strings/day';

export interface RecordFile {
  readonly key: keyof typeof words.files;
  readonly href: string;
  /** The name under which it is saved; null for what a browser shows, in a window of its own. */
  readonly save: string | null;
}

type Row = readonly [key: RecordFile['key'], path: string, ending: string | null];

const ALL: readonly Row[] = [
  ['page', 'record.html', null],
  ['pdf', 'record.pdf', null],
  ['rems', 'rems.html', null],
  ['chart', 'record.svg', null],
  ['picture', 'record.png', '.png'],
  ['csv', 'record.csv', '.csv'],
  ['alerts', 'record.csv?table=alerts', '-alerts.csv'],
  ['json', 'record.json', '.json'],
  ['fhir', 'fhir', '.fhir.json'],
  ['recording', 'recording.ndjson', '.ndjson'],
];

/** The REMS form is one of esketamine alone. A file is named by its session, never by a patient. */
export function recordFiles(id: string, drug: string): readonly RecordFile[] {
  const base = `/api/v1/sessions/${encodeURIComponent(id)}/`;
  const isEsketamine = drug.trim().toLowerCase() === 'esketamine';
  return ALL.filter(([key]) => key !== 'rems' || isEsketamine).map(([key, path, ending]) => ({
    key,
    href: base + path,
    save: ending === null ? null : id + ending,
  }));
}
