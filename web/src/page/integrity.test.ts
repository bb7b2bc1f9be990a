import { describe, expect, it, vi } from 'vitest';

vi.mock('../stream/socket', () => ({ link: { value: 'live' }, altered: { value: false } }));
const { Mismatches } = await import('./integrity');

const seen = (drawn: string, known: string, place = 'hr of 3') => ({ place, drawn, known });

describe('what is drawn and what is known', () => {
  it('may differ at one look or two, while a frame is on its way', () => {
    const doubts = new Mismatches<string>();
    expect(doubts.look([seen('97', '96')])).toBe(false);
    expect(doubts.look([seen('97', '95')])).toBe(false);
    expect(doubts.look([seen('95', '95')])).toBe(false);
    expect(doubts.look([seen('95', '94')])).toBe(false);
    expect(doubts.look([seen('95', '93')])).toBe(false);
    expect(doubts.places).toEqual(['hr of 3']);
  });

  it('differ for good when the number is frozen', () => {
    const doubts = new Mismatches<string>();
    expect(doubts.look([seen('97', '96')])).toBe(false);
    expect(doubts.look([seen('97', '84')])).toBe(false);
    expect(doubts.look([seen('97', '83')])).toBe(true);
  });

  it('are not taken to differ while somebody draws, however late', () => {
    const doubts = new Mismatches<string>();
    for (let n = 0; n < 50; n += 1) {
      expect(doubts.look([seen(`${90 + n}`, `${91 + n}`), seen('70', '70', 'bp of 4')])).toBe(
        false,
      );
    }
  });

  it('are not held against a place that is gone', () => {
    const doubts = new Mismatches<string>();
    doubts.look([seen('97', '96')]);
    doubts.look([seen('97', '96')]);
    doubts.forget('hr of 3');
    expect(doubts.look([seen('97', '96')])).toBe(false);
  });
});
