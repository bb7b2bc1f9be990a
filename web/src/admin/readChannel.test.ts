import { describe, expect, it } from 'vitest';
import { readChannel } from './readChannel';

describe('a channel as the server tells of it', () => {
  it('is read with why it fails and what to do', () => {
    expect(
      readChannel({
        id: 'pager',
        kind: 'webhook',
        to: 'pager.example',
        priorities: ['high'],
        last_delivered: 5,
        waiting: 2,
        given_up: 1,
        failing_since: 7,
        why: 'It has failed (500).',
        remedy: 'Look into its own log.',
      }),
    ).toEqual({
      id: 'pager',
      kind: 'webhook',
      to: 'pager.example',
      priorities: ['high'],
      last: 5,
      waiting: 2,
      givenUp: 1,
      failingSince: 7,
      why: 'It has failed (500).',
      remedy: 'Look into its own log.',
    });
  });

  it('is none without a name, and believes nothing else', () => {
    expect(readChannel({ kind: 'webhook' })).toBeNull();
    expect(readChannel(null)).toBeNull();
    expect(readChannel({ id: 'x', waiting: 'many', why: 3 })).toMatchObject({
      waiting: 0,
      last: null,
      failingSince: null,
    });
  });
});
