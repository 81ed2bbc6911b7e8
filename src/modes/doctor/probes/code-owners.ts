import { codeOwnersFiles, findOwners } from '../../../core/set-up/owners.ts';
import { doubtful, fine, listed, type Probe } from '../probe.ts';

const words = {
  about: 'Owners of .github',
  why: 'Whoever can change the workflow or the policy on the default branch decides who may approve.',
};

export const codeOwners: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ branch, expressions, policy, setUp, workflows }) {
    const { name, tip } = await branch();
    const guarded = [policy.path, ...(await workflows()).map(({ path }) => path)];
    let text: string | undefined;
    for (const path of codeOwnersFiles) text ??= await setUp.readFile(path, tip);
    const tryExpression = await expressions();
    const open = guarded.filter((path) => findOwners(text ?? '', path, tryExpression).length === 0);
    if (open.length > 0) {
      const found =
        text === undefined ? 'There is no CODEOWNERS file.' : `Nobody owns ${listed(open)}.`;
      return [doubtful(words, found, '/.github/ @OWNER # in .github/CODEOWNERS')];
    }
    const rules = await setUp.rules(name);
    const reviewed = rules.some(
      ({ type, parameters }) =>
        type === 'pull_request' && parameters.require_code_owner_review === true,
    );
    if (reviewed)
      return [fine(words, 'They are owned, and a change needs a review of the owners.')];
    return [
      doubtful(
        words,
        `They are owned, and no ruleset of ${name} asks for a review of the owners.`,
        '{ "type": "pull_request", "parameters": { "require_code_owner_review": true, "required_approving_review_count": 1, "dismiss_stale_reviews_on_push": false, "require_last_push_approval": false, "required_review_thread_resolution": false } }',
      ),
    ];
  },
};
