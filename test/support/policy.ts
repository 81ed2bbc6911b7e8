import { type Policy, parsePolicyFile } from '../../src/core/policy/policy.ts';

/** The policy that a file of this text makes. */
export function parsePolicy(text: string): Policy {
  return parsePolicyFile(text).policy;
}
