import { doubtful, fine, glance, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Codex',
  why: 'The flags, the protocol and the sandbox are tested with one version. Its package must come from the registry with the known digest.',
};

export const codex: Probe = {
  ...words,
  needs: 'codex-path: /usr/local/bin/codex',
  async look({ machine }) {
    const offer = await glance(() => machine.codex());
    if ('unseen' in offer) return [wrong(words, offer.unseen.message, this.needs)];
    const { tested, used, newest, from } = offer.seen;
    const where = from === 'path' ? 'at codex-path' : 'from the registry';
    const news =
      newest === null
        ? ' Which one is the newest could not be seen.'
        : newest === tested
          ? ' It is the newest.'
          : ` The newest is ${newest}, which is not tested yet.`;
    if (used !== tested) {
      return [
        doubtful(
          words,
          `${used} ${where}; tested is ${tested}.${news}`,
          `codex-version: ${tested}`,
        ),
      ];
    }
    return [fine(words, `${used} ${where}.${news}`)];
  },
};
