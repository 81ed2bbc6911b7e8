import { doubtful, fine, type Probe, wrong } from '../probe.ts';

const words = {
  about: 'Disk',
  why: 'Codex, the workspace and what builds leave behind need room in RUNNER_TEMP.',
};
const mib = 1024 * 1024;

export const disk: Probe = {
  ...words,
  needs: 'df -h "$RUNNER_TEMP"',
  async look({ machine }) {
    const free = Math.floor(machine.freeDisk() / mib);
    const paste = 'df -h "$RUNNER_TEMP" && sudo du -xsh /* 2>/dev/null | sort -h | tail';
    if (free < 512) return [wrong(words, `${free} MiB are free.`, paste)];
    if (free < 2048) return [doubtful(words, `${free} MiB are free.`, paste)];
    return [fine(words, `${Math.floor(free / 1024)} GiB are free.`)];
  },
};
