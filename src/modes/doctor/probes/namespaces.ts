import { fine, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'User namespaces',
  why: 'Codex runs in two sandboxes, which need unprivileged user namespaces. Without them no model is called (sandbox-unavailable).',
};

export const namespaces: Probe = {
  ...words,
  needs: 'runs-on: ubuntu-latest',
  async look({ machine }) {
    const { work, missing, cured } = await machine.namespaces();
    if (work) return [fine(words, 'They work.')];
    if (cured)
      return [fine(words, "They are off, and the action switches them on: GitHub's machine.")];
    const [setting] = missing.flatMap((one) => /sudo sysctl -w \S+/.exec(one)?.[0] ?? []);
    return [
      wrong(
        words,
        ['A program cannot be started in one.', ...missing].join(' '),
        setting ?? 'sudo sysctl -w user.max_user_namespaces=15000',
      ),
    ];
  },
};
