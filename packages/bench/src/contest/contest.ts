import { median, medianRatio } from "../report/statistics.ts";
import { type Contender, startContender } from "./contender.ts";
import type { Round } from "./contestant.ts";

/** The rounds of each side, in the order of the sides. */
export type Rounds<Outcome> = ReadonlyMap<string, readonly Round<Outcome>[]>;

/** How often each side runs. */
export interface Repetitions {
  /** Rounds that nobody counts, in which code gets compiled and connections are opened. */
  readonly warmup: number;
  readonly rounds: number;
}

/** The sides of one bench, each in its own process. */
export class Contest<Input, Outcome> {
  readonly #contenders: readonly Contender<Input, Outcome>[];

  private constructor(contenders: readonly Contender<Input, Outcome>[]) {
    this.#contenders = contenders;
  }

  /** Starts every side, one after the other. */
  static async start<Input, Outcome>(
    modules: Readonly<Record<string, URL>>,
  ): Promise<Contest<Input, Outcome>> {
    const contenders: Contender<Input, Outcome>[] = [];
    for (const [name, module] of Object.entries(modules)) {
      contenders.push(await startContender<Input, Outcome>(name, module));
    }
    return new Contest(contenders);
  }

  /**
   * Runs rounds of all sides, each time in another order: a slow spell of the machine hits them all, and none
   * always follows the same other. A side that runs after a busy one finds the processor awake: of two sides that
   * do exactly the same, the one that always did took a fifth less time.
   *
   * @param check - Throws when an outcome is not what the work must yield.
   */
  async run(
    input: Input,
    { warmup, rounds }: Repetitions,
    check: (outcome: Outcome, side: string) => void,
  ): Promise<Rounds<Outcome>> {
    const results = new Map<string, Round<Outcome>[]>(this.#contenders.map(({ name }) => [name, []]));
    for (let index = -warmup; index < rounds; index++) {
      for (const contender of shuffled(this.#contenders)) {
        const round = await contender.round(input);
        check(round.outcome, contender.name);
        if (index >= 0) results.get(contender.name)?.push(round);
      }
    }
    return results;
  }

  stop(): void {
    for (const contender of this.#contenders) contender.stop();
  }
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, rank: Math.random() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ item }) => item);
}

/** The times of one side. */
export interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The medians of one side. */
export function medianTimes(results: Rounds<unknown>, side: string): Times {
  const rounds = roundsOf(results, side);
  return {
    wallMs: median(rounds.map(({ wallMs }) => wallMs)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  };
}

/** How many times longer one side took than another. */
export function timeRatios(results: Rounds<unknown>, side: string, base: string): Times {
  const [rounds, others] = [roundsOf(results, side), roundsOf(results, base)];
  return {
    wallMs: medianRatio(
      rounds.map(({ wallMs }) => wallMs),
      others.map(({ wallMs }) => wallMs),
    ),
    cpuMs: medianRatio(
      rounds.map(({ cpuMs }) => cpuMs),
      others.map(({ cpuMs }) => cpuMs),
    ),
  };
}

function roundsOf<Outcome>(results: Rounds<Outcome>, side: string): readonly Round<Outcome>[] {
  const rounds = results.get(side);
  if (rounds === undefined) throw new TypeError(`no side is called ${side}`);
  return rounds;
}
