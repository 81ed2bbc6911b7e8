import { doubtful, fine, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Pinned actions',
  why: 'Whoever can move a tag or a branch of an action gets what the job holds, the key of the model too.',
};

export const workflowPins: Probe = {
  ...words,
  needs: 'permissions: { contents: read }',
  async look({ workflows }) {
    const uses = [...new Set((await workflows()).flatMap((one) => one.uses))];
    const lines = uses.flatMap((one) => {
      if (/@0{40}$/.test(one)) {
        const found = `${one} has the zeros of the example instead of a commit id.`;
        return [wrong(words, found, `uses: ${one.replace(/@.*/, '')}@COMMIT-ID-OF-THE-RELEASE`)];
      }
      if (one.startsWith('./') || /@[0-9a-f]{40}$|@sha256:[0-9a-f]{64}$/.test(one)) return [];
      const paste = `uses: ${one.replace(/@.*/, '')}@COMMIT-ID # ${one.replace(/^[^@]*@?/, '')}`;
      return [doubtful(words, `${one} is not pinned to a commit id.`, paste)];
    });
    return lines.length > 0 ? lines : [fine(words, `${uses.length} actions are pinned.`)];
  },
};
