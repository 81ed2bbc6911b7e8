/** What a workflow file says about where its code comes from. */
import { isScalar, parseDocument, visit } from 'yaml';

/** A reusable workflow of the same repository: GitHub lists it among the workflows that a run called. */
const reusable = /^\.\/\.github\/workflows\/[^/]+\.ya?ml$/i;

/**
 * Whether a workflow runs actions from the files of its own commit (`uses: ./…`): then the file alone does not say
 * what it runs. A file that cannot be read counts as one that does.
 * Source: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses
 * @param text of the file; its form is not checked yet
 */
export function usesOwnActions(text: string): boolean {
  const document = parseDocument(text, { uniqueKeys: false, prettyErrors: false });
  if (document.errors.length > 0) return true;
  let found = false;
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== 'uses') return undefined;
      const uses = isScalar(value) && typeof value.value === 'string' ? value.value.trim() : './';
      if (!uses.startsWith('./') || reusable.test(uses)) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
