import type { Commit, Signature } from './git-objects.ts';

/**
 * The bytes of a commit object, as `git commit-tree` makes them.
 * @returns null for a commit of which git would change or refuse something, so that git itself must decide
 */
export function plainCommit({
  tree,
  parents,
  author,
  committer,
  message,
}: Omit<Commit, 'sha'>): Buffer | null {
  const [by, from] = [plainSignature(author), plainSignature(committer)];
  const twice = new Set(parents).size < parents.length;
  if (by === null || from === null || twice || !plainText.test(message)) return null;
  const headers = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${by}`,
    `committer ${from}`,
  ];
  return Buffer.from(`${headers.join('\n')}\n\n${message}`);
}

/** No NUL, which git refuses, and no character that git does not take for UTF-8. */
const plainText = /^[\t\n\r -~\u00a0-\ud7ff]*$/;
/** git removes some signs from names, at the ends or everywhere. */
const plainName = /^[a-z\d](?:[a-z\d @+[\]._-]*[a-z\d\]])?$/i;
const plainDate = /^(?:19[7-9]|20\d)\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

function plainSignature({ name, email, date }: Signature): string | null {
  const seconds = Math.floor(Date.parse(date) / 1000);
  const plain = plainName.test(name) && plainName.test(email) && plainDate.test(date);
  return plain && Number.isFinite(seconds) ? `${name} <${email}> ${seconds} +0000` : null;
}
