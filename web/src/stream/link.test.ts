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
    // Asked at 10,000, answered at 10,030 and asked again at 12,000: 30 ms all the time.
    expect([10_030, 12_030].map((now) => behind_ms(now, 10_000, 30))).toEqual([30, 30]);
    // Every ping takes 5 s: lost all the time, also when one has just been answered.
    const steady = [15_000, 16_000, 16_999].map((now) =>
      judge(behind_ms(now, 10_000, 5_000), true),
    );
    expect(steady).toEqual(['lost', 'lost', 'lost']);
    // Nothing of what was asked since 10,000 is answered at 16,500: the stream is 4.5 s late.
    expect(judge(behind_ms(16_500, 10_000, 30), true)).toBe('lost');
    expect(judge(behind_ms(14_500, 10_000, 30), true)).toBe('slow');
  });
});

it('times without monitoring are kept each by itself, and no more than anybody counts', () => {
  const gap = (from: number) => ({ from, to: from + 5 });
  expect(withGap([gap(1)], gap(10))).toEqual([gap(1), gap(10)]);
  const many = Array.from({ length: 80 }, (_, index) => gap(index * 10));
  const kept = many.reduce<ReturnType<typeof withGap>>(withGap, []);
  expect(kept.length).toBe(50);
  expect(kept.at(-1)).toEqual(gap(790));
});

it('tries to connect again ever more slowly, and never all screens at once', () => {
  expect([0, 1, 2, 3, 4, 20].map((attempt) => backOff_ms(attempt, 0.5))).toEqual([
    250, 500, 1_000, 2_000, 3_000, 3_000,
  ]);
  expect([backOff_ms(0, 0), backOff_ms(0, 1)].map(Math.round)).toEqual([175, 325]);
});

it('a lost link is tried again after 250 ms doubled to 3 s, each ±30 %', () => {
  expect(backOff_ms(0, 0.5)).toBeCloseTo(250);
  expect(backOff_ms(2, 0.5)).toBeCloseTo(1_000);
  expect(backOff_ms(30, 0)).toBeCloseTo(2_100);
  expect(backOff_ms(30, 1)).toBeCloseTo(3_900);
});
