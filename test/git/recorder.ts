/** A `git` before the real one on the path, which writes down how it was started. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './repository.ts';

/** One start of git. */
export interface Start {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface Recorder {
  /** To be put into the environment that git is started in. */
  readonly path: string;
  /** Every start since the last call, in order. */
  starts(): Start[];
}

export function recordGit(): Recorder {
  const bin = folder();
  const log = join(bin, 'log');
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const script = [
    '#!/bin/sh',
    // In one write each, since several of them may run at once.
    `{ printf 'START\\0%s\\0' "$PWD"; printf '%s\\0' "$@"; printf 'ENV\\0'; env -0; } > '${bin}/'$$`,
    `cat '${bin}/'$$ >> '${log}'`,
    `exec ${real} "$@"`,
  ];
  writeFileSync(join(bin, 'git'), `${script.join('\n')}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return {
    path: `${bin}:${process.env.PATH}`,
    starts: () => {
      const text = existsSync(log) ? readFileSync(log, 'latin1') : '';
      writeFileSync(log, '');
      return text.split('START\0').slice(1).map(parseStart);
    },
  };
}

function parseStart(text: string): Start {
  const [cwd = '', ...rest] = text.split('\0').slice(0, -1);
  const env = rest.indexOf('ENV');
  const pairs = rest.slice(env + 1).map((line) => {
    const sign = line.indexOf('=');
    return [line.slice(0, sign), line.slice(sign + 1)];
  });
  return { cwd, args: rest.slice(0, env), env: Object.fromEntries(pairs) };
}

/** The settings that git is given by its environment, with their names in lower case. */
export function settings({ env }: Start): Map<string, string> {
  const count = Number(env.GIT_CONFIG_COUNT);
  return new Map(
    Array.from({ length: count }, (_, index) => [
      (env[`GIT_CONFIG_KEY_${index}`] ?? '').toLowerCase(),
      env[`GIT_CONFIG_VALUE_${index}`] ?? '',
    ]),
  );
}
