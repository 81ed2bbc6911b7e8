import type { CheckLine } from '../../../report/check-table.ts';
import type { DoctorFacts } from '../facts.ts';
import { doubtful, fine, glance, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Policy',
  why: 'These rules hold for every run. A file that cannot be understood stops all of them.',
};

export const policy: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ policy: source, workflows }) {
    const read = await glance(() => source.effective());
    if ('unseen' in read) {
      if (read.unseen.reason !== 'config-invalid') throw read.unseen;
      return [wrong(words, read.unseen.message, `# ${source.path}\nversion: 1`)];
    }
    const { blob, commit, path } = await source.origin();
    const { paused } = await source.read();
    const where =
      blob === null
        ? `There is no ${path} at ${commit}: the defaults hold.`
        : `${path} at ${commit}.`;
    return [
      fine(words, where),
      ...(paused === null
        ? []
        : [doubtful(words, `The action is paused: ${paused}`, 'paused: null')]),
      ...describeValues(read.seen, await findInputs(workflows)),
    ];
  },
};

/** One line for each key at the top, with every value below it and where it comes from. */
function describeValues(record: string, inputs: ReadonlyMap<string, string>): CheckLine[] {
  const { policy: values, sources } = JSON.parse(record) as {
    readonly policy: Readonly<Record<string, unknown>>;
    readonly sources: Readonly<Record<string, string>>;
  };
  return Object.keys(values)
    .filter((key) => key !== 'version')
    .map((key) => {
      const keys = Object.keys(sources).filter((one) => one === key || one.startsWith(`${key}.`));
      const parts = keys.map((one) => {
        const value = JSON.stringify(valueAt(values, one));
        const input = inputs.get(one) ?? '';
        return `${one === key ? '' : `${one.slice(key.length + 1)}: `}${value} (${sources[one]})${input}`;
      });
      return fine({ about: `Policy: ${key}`, why: words.why }, parts.join('; ') || 'nothing');
    });
}

/** The keys that an input of a job overrides, with its value. */
const keyOf: Readonly<Record<string, string>> = {
  drift: 'drift',
  regenerate: 'regenerate',
  'approval-hours': 'approvers.hours',
  profile: 'codex.enforcement',
};

async function findInputs(workflows: DoctorFacts['workflows']): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const read = await glance(() => workflows());
  for (const { path, jobs } of 'seen' in read ? read.seen : []) {
    for (const { name, steps } of jobs) {
      for (const [input, key] of Object.entries(keyOf)) {
        const value = steps.map((step) => step.with[input]?.trim()).find(Boolean);
        if (value === undefined) continue;
        const says = `, in ${path}, job ${name}: ${input} ${value} (input)`;
        found.set(key, `${found.get(key) ?? ''}${says}`);
      }
    }
  }
  return found;
}

function valueAt(values: unknown, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], values);
}
