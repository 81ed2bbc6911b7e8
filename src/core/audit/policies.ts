/** Compares the recorded policies with what they say about themselves, and with each other. */

import { inputKeys } from '../policy/effective.ts';
import { leaves } from '../policy/leaves.ts';
import { driftGate, type Policy, policySchema } from '../policy/policy.ts';
import { canonicalJson } from '../text/json.ts';
import type { Artifact } from './artifact.ts';
import type { Ledger } from './ledger.ts';

/** What the first artifact said, by the file or bundle that decides it. */
type Said = Map<string, { readonly name: string; readonly value: string }>;

/**
 * Each value has its source, and two artifacts that one policy file or one bundle made say the same about it. So nobody
 * can exchange a policy in one artifact alone.
 */
export function checkPolicies(artifacts: readonly Artifact[], ledger: Ledger): void {
  const said: Said = new Map();
  for (const artifact of artifacts) {
    checkSources(artifact, ledger);
    checkDefaults(artifact, ledger);
    checkSame(artifact, said, ledger);
  }
}

function checkSources({ name, policy, sources, making }: Artifact, ledger: Ledger): void {
  const keys = leaves(policy);
  ledger.check(
    'policies',
    canonicalJson(keys.toSorted()) === canonicalJson(Object.keys(sources).toSorted()),
    `policy.json of ${name} does not name the source of each value once.`,
  );
  for (const [key, source] of Object.entries(sources)) {
    const possible =
      source === 'default' ||
      (source === 'file'
        ? making.policy.blob !== null
        : inputKeys.some((one) => key === one || key.startsWith(`${one}.`)));
    ledger.check(
      'policies',
      possible,
      source === 'file'
        ? `policy.json of ${name} takes ${key} from a policy file, and there was none.`
        : `policy.json of ${name} takes ${key} from an input, and no input has it.`,
    );
  }
}

/** The values that nobody stated are computed again; another version may have had others. */
function checkDefaults({ name, policy, sources, making }: Artifact, ledger: Ledger): void {
  const stated = policySchema.safeParse(pick(policy, sources));
  const again = stated.success && { ...stated.data, ...driftGate(stated.data, {}) };
  const same = again !== false && canonicalJson(again) === canonicalJson(policy);
  if (same) ledger.check('policies', true, '');
  else {
    ledger.unproven(
      `That bundle ${making.action.dist_sha256} had the default values in policy.json of ${name}: this program has others.`,
    );
  }
}

function checkSame({ name, policy, sources, making }: Artifact, said: Said, ledger: Ledger): void {
  const { path, blob } = making.policy;
  const file = `file ${path} ${blob}`;
  for (const [key, source] of Object.entries(sources)) {
    // An input can override the file in one job, and not in another.
    if (source === 'input') continue;
    const value = canonicalJson(valueAt(policy, key) ?? null);
    compare(`source of ${key} in ${file}`, source);
    if (source === 'file') compare(`${key} in ${file}`, value);
    // This one follows from another value.
    else if (key !== 'regenerate') compare(`${key} by ${making.action.dist_sha256}`, value);
  }

  function compare(what: string, value: string): void {
    const first = said.get(what);
    if (first === undefined) said.set(what, { name, value });
    else {
      const [key] = what.replace(/^source of /, '').split(' ');
      ledger.check(
        'policies',
        first.value === value,
        `policy.json of ${name} has another ${key} than that of ${first.name}, under the same policy.`,
      );
    }
  }
}

/** What a file or an input stated, as a policy without the rest. */
function pick(policy: Policy, sources: Artifact['sources']): object {
  const picked: Record<string, unknown> = {};
  for (const [key, source] of Object.entries(sources)) {
    if (source === 'default') continue;
    const path = key.split('.');
    let inside = picked;
    for (const part of path.slice(0, -1)) {
      inside[part] ??= {};
      inside = inside[part] as Record<string, unknown>;
    }
    inside[path.at(-1) ?? ''] = valueAt(policy, key);
  }
  return picked;
}

/** @param key as `leaves` writes it: no key of a policy has a dot */
function valueAt(policy: Policy, key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | null)?.[part], policy);
}
