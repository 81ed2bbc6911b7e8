/**
 * Measures what the action costs, as ratios of things that are timed in turn, so that a noisy machine slows both sides.
 * It prints a table, and keeps it in `bench/result.json` and in `docs/performance.md`.
 *
 *     npm run build && npm run bench            all parts
 *     npm run bench -- comment plan             these parts; the others stay as they were measured before
 *     BENCH_ROUNDS=3 npm run bench              3 times each; 7 if nobody says
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { type Figure, rounds } from './measure.ts';
import { parts } from './parts.ts';

/** One part as it was measured. */
interface Measurement {
  readonly part: string;
  readonly measured_at: string;
  readonly rounds: number;
  readonly machine: { readonly processors: number; readonly model: string; readonly node: string };
  /** Load averages of one minute, before and after. */
  readonly load: readonly [number, number];
  readonly figures: readonly Figure[];
  /** Why there is no figure. */
  readonly failed?: string;
}

const file = new URL('result.json', import.meta.url);
const page = new URL('../docs/performance.md', import.meta.url);

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => parts[name] === undefined);
if (unknown.length > 0) {
  throw new Error(
    `No such part: ${unknown.join(', ')}. There are ${Object.keys(parts).join(', ')}.`,
  );
}

const kept = new Map<string, Measurement>();
if (existsSync(file)) {
  const earlier = JSON.parse(readFileSync(file, 'utf8')) as readonly Measurement[];
  for (const one of earlier) if (parts[one.part] !== undefined) kept.set(one.part, one);
}
for (const part of wanted.length > 0 ? wanted : Object.keys(parts)) {
  const result = await measure(part);
  kept.set(part, result);
  console.log(table([result]));
  save([...kept.values()]);
}
process.exit([...kept.values()].some(({ failed }) => failed !== undefined) ? 1 : 0);

async function measure(part: string): Promise<Measurement> {
  const load = () => Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const before = load();
  const about = {
    part,
    measured_at: new Date().toISOString().slice(0, 16).concat('Z'),
    rounds,
    machine: { processors: cpus().length, model: cpus()[0]?.model ?? '', node: process.version },
  };
  const figures: Figure[] = [];
  try {
    figures.push(...((await parts[part]?.((figure) => figures.push(figure))) ?? []));
    return { ...about, load: [before, load()], figures };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    return { ...about, load: [before, load()], figures, failed: failed.slice(-1000) };
  }
}

function save(all: readonly Measurement[]): void {
  const order = Object.keys(parts);
  const sorted = all.toSorted((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
  writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
  const text = readFileSync(page, 'utf8');
  const [start, end] = ['<!-- table: npm run bench -->', '<!-- /table -->'];
  const [before = '', rest = ''] = text.split(start);
  const after = rest.split(end)[1] ?? '';
  writeFileSync(page, `${before}${start}\n\n${table(sorted)}\n\n${end}${after}`);
}

function table(all: readonly Measurement[]): string {
  const rows = all.flatMap(({ part, load, figures, failed }) => {
    const about = `${load.join(' to ')}`;
    const missing =
      failed === undefined ? [] : [`| ${part}: the rest | | | | | not measured | ${about} |`];
    const measured = figures.map((one) => {
      const unit = one.unit === 's' ? ' s' : '';
      const theirs =
        one.against_milliseconds === null ? '' : milliseconds(one.against_milliseconds);
      const mark = one.met ? 'yes' : 'no';
      return `| ${one.what} | ${milliseconds(one.milliseconds)} | ${one.against} | ${theirs} | ${one.figure}${unit} | ${one.goal}${unit}: ${mark} | ${about} |`;
    });
    return [...measured, ...missing];
  });
  return [
    '| what | median | against | median | figure | goal, at most: met | load |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}

function milliseconds(time: number): string {
  return `${time.toFixed(0)} ms`;
}
