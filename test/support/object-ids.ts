import { type ObjectId, parseObjectId } from '../../src/core/text/object-id.ts';

/** An object id for a test: the text as it is, or a digit that is repeated to the length of an object id. */
export function objectId(text: string): ObjectId {
  const id = parseObjectId(text.length === 1 ? text.repeat(40) : text);
  if (id === undefined) throw new Error(`${text} is no object id.`);
  return id;
}
