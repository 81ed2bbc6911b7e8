import { createHash } from 'node:crypto';

declare const checked: unique symbol;

/** 64 lowercase hexadecimal digits; only this file and the reader of the records make one. */
export type Sha256 = string & { readonly [checked]: 'sha256' };

/** The digest of a manifest: it identifies one plan for one pull request at one head. */
export type PlanId = Sha256;

/** @param content text is hashed as UTF-8 */
export function sha256(content: string | Uint8Array): Sha256 {
  return createHash('sha256').update(content).digest('hex') as Sha256;
}

export const sha256Pattern = /^[0-9a-f]{64}$/;

/**
 * Accepts only a full digest: whoever can choose two texts can find a pair whose digests begin alike.
 * @returns undefined for anything else
 */
export function parseSha256(text: string): Sha256 | undefined {
  return sha256Pattern.test(text) ? (text as Sha256) : undefined;
}

/** The first digits, which people are shown. */
export function shortDigest(digest: Sha256): string {
  return digest.slice(0, 12);
}
