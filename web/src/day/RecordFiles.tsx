import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../api';
import { words } from '../strings/day';
import { fields, text } from '../stream/fields';
import { recordFiles } from './files';

/** The record of a session, to open and to save. */
export function RecordFiles({
  id,
  profile,
  ordered,
}: {
  id: string;
  profile: string;
  /** The drug that was ordered; empty where the profile's is meant. */
  ordered: string;
}) {
  const usual = useSignal('');
  useEffect(() => {
    let isHere = true;
    if (ordered === '')
      void get(`/profiles/${encodeURIComponent(profile)}`).then((answer) => {
        if (isHere && answer.ok) usual.value = text(fields(answer.value)['drug']);
      });
    return () => {
      isHere = false;
    };
  }, [profile, ordered]);
  return (
    <section class="past-part" aria-label={words.recordOf} data-testid="record-files">
      <h2>{words.recordOf}</h2>
      <p class="chips">
        {recordFiles(id, ordered || usual.value).map(({ key, href, save }) =>
          save === null ? (
            <a key={key} class="button" href={href} target="_blank" rel="noopener">
              {words.files[key]}
            </a>
          ) : (
            <a key={key} class="button" href={href} download={save}>
              {words.files[key]}
            </a>
          ),
        )}
      </p>
    </section>
  );
}
