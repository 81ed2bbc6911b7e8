/** Times of two things side by side, and what their ratio should be. */
import { spawn } from 'node:child_process';

export const rounds = Number(process.env.BENCH_ROUNDS ?? 7);

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly against: string;
  /** Medians in milliseconds; null for a goal in seconds, which is compared with nothing. */
  readonly milliseconds: number;
  readonly against_milliseconds: number | null;
  /** The ratio of both, or seconds. */
  readonly figure: number;
  readonly unit: 'ratio' | 's';
  /** At most. */
  readonly goal: number;
  readonly met: boolean;
  /** Each time that was measured, in milliseconds. */
  readonly times: readonly number[];
  readonly against_times: readonly number[];
}

type Measured = () => Promise<number>;

/** Runs both in turn, so that whatever else the machine does meets both; each once before, unmeasured. */
export async function compare(
  [what, one]: readonly [string, Measured],
  [against, other]: readonly [string, Measured],
  goal: number,
  { times: wanted = rounds, warmUp = true } = {},
): Promise<Figure> {
  const times: number[] = [];
  const others: number[] = [];
  if (warmUp) {
    await one();
    await other();
  }
  for (let round = 0; round < wanted; round++) {
    times.push(await one());
    others.push(await other());
  }
  const [mine, theirs] = [median(times), median(others)];
  const figure = round(mine / theirs);
  return {
    ...{ what, against, milliseconds: round(mine), against_milliseconds: round(theirs) },
    ...{ figure, unit: 'ratio', goal, met: figure <= goal },
    ...{ times: times.map(round), against_times: others.map(round) },
  };
}

/** How long something takes by itself. */
export async function clock(what: string, one: Measured, goal: number): Promise<Figure> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await one());
  const figure = round(median(times) / 1000);
  return {
    ...{ what, against: '-', milliseconds: round(median(times)), against_milliseconds: null },
    ...{ figure, unit: 's', goal, met: figure <= goal },
    ...{ times: times.map(round), against_times: [] },
  };
}

/** From start to end of a program; its standard output is thrown away. */
export function timeProgram(
  file: string,
  args: readonly string[],
  { env, input = '', cwd }: { env?: NodeJS.ProcessEnv; input?: string; cwd?: string } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(file, args, {
      ...(env && { env }),
      ...(cwd && { cwd }),
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (text) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(performance.now() - started);
      else reject(new Error(`${file} ended with ${status}: ${errors}`));
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}
