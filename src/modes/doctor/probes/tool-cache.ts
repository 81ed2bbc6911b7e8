import { doubtful, fine, listed, type Probe } from '../probe.ts';

const words = {
  about: 'Tool cache',
  why: "Codex is kept there, and the model's commands get the tools that the job put there. Without one, Codex is installed again in each run.",
};

export const toolCache: Probe = {
  ...words,
  needs: 'env: { RUNNER_TOOL_CACHE: /opt/hostedtoolcache }',
  async look({ machine }) {
    const { folder, shown, refused, writableByAll } = machine.toolCache();
    if (folder === null) return [doubtful(words, 'The runner has none.', this.needs)];
    const open = writableByAll
      ? ' Every user of the machine can write to it, as on hosted images.'
      : '';
    const tools = shown.length > 0 ? listed(shown) : 'no tool of this job';
    return [
      fine(words, `${folder}, with ${tools}.${open}`),
      ...refused.map((why) => doubtful(words, why, 'uses: actions/setup-node@COMMIT-ID')),
    ];
  },
};
