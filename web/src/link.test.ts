import { describe, expect, it } from 'vitest';
import { backOff_ms, behind_ms, judge, withGap } from './link';

describe('a screen monitors', () => {
  it('while it hears something every second or so', () => {
    expect([0, 2_200, 2_201, 4_000, 4_001].map((silence_ms) => judge(silence_ms, true))).toEqual([
      'live',
      'live',
      'slow',
      'slow',
      'lost',
    ]);
    expect([judge(4_000, false), judge(4_001, false)]).toEqual(['connecting', 'lost']);
  });

  it('only as late as its pings are answered, however steady the stream', () => {
    // Asked at 10,000, answered at 10,030 and asked again at 12,000: 30 ms at most until 12,030.
    expect(behind_ms(12_030, 10_000)).toBe(30);
    // Nothing of what was asked since 10,000 is answered at 16,500: the stream is 4.5 s late.
    expect(judge(behind_ms(16_500, 10_000), true)).toBe('lost');
    expect(judge(behind_ms(14_500, 10_000), true)).toBe('slow');
  });
});

it('times without monitoring add up until somebody has seen them', () => {
  const first = withGap(null, 1_000, 6_000);
  expect(first).toEqual({ from: 1_000, to: 6_000, times: 1, lost_ms: 5_000 });
  expect(withGap(first, 60_000, 67_000)).toEqual({
    from: 1_000,
    to: 67_000,
    times: 2,
    lost_ms: 12_000,
  });
});

it('tries to connect again ever more slowly, and never all screens at once', () => {
  expect([0, 1, 2, 3, 4, 20].map((attempt) => backOff_ms(attempt, 0.5))).toEqual([
    250, 500, 1_000, 2_000, 3_000, 3_000,
  ]);
  expect([backOff_ms(0, 0), backOff_ms(0, 1)].map(Math.round)).toEqual([175, 325]);
});
