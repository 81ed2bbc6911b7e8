declare const checked: unique symbol;

/** 40 or 64 lowercase hexadecimal digits, by which git names a commit, a tree or a blob; never a name of a ref. */
export type ObjectId = string & { readonly [checked]: 'object id' };

export const objectIdPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** @returns undefined for anything else, such as a short id or the name of a branch */
export function parseObjectId(text: string): ObjectId | undefined {
  return objectIdPattern.test(text) ? (text as ObjectId) : undefined;
}
