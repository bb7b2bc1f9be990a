export interface Answer {
  readonly text?: string;
  readonly closed?: boolean;
}

export declare const isAtHand: boolean;
export declare const seeds: readonly number[];

export declare class Ward {
  constructor(seed: number);
  ask(op: object): Promise<Answer>;
  end(): void;
}
