import { fine, glance, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'git',
  why: 'The workspace is the merge of head and base, which git makes without a work tree from 2.38 on.',
};

export const git: Probe = {
  ...words,
  needs: 'sudo apt-get install --yes git',
  async look({ machine }) {
    const version = await glance(() => machine.gitVersion());
    if ('unseen' in version) return [wrong(words, version.unseen.message, this.needs)];
    const said = version.seen;
    const [, major = 0, minor = 0] = (/^git version (\d+)\.(\d+)/.exec(said) ?? []).map(Number);
    if (major > 2 || (major === 2 && minor >= 38)) return [fine(words, `${said}.`)];
    return [
      wrong(
        words,
        `This runner has ${said}, and 2.38 or newer is needed.`,
        'sudo add-apt-repository --yes ppa:git-core/ppa && sudo apt-get install --yes git',
      ),
    ];
  },
};
