/**
 * The configuration that Codex runs under, complete. Each setting closes something that was seen open in this version;
 * a test holds the exact set, so that a new version of the CLI cannot open it again unseen.
 */
import { Stopped } from '../decision.ts';
import { inBox, TOKEN_VARIABLE } from './box/box.ts';
import type { Tools } from './box/tools.ts';

/** The name of the action's permission profile and of its provider. */
export const GATE = 'gate';

export interface ModelChoice {
  /** Null for Codex's own. */
  readonly model: string | null;
  readonly effort: string | null;
}

/**
 * What the permission profile lets the model's commands and patches do.
 *
 * For a plan it names what can be read. For an edit everything in the command box can be read, which shows nothing but
 * what is meant to be read: Codex carries out each file operation of a patch in a separate sandbox, and with a list of
 * what can be read it starts three times as many of them.
 */
export type Access = 'plan' | 'edit by patches' | 'edit by commands too';

/** What every start of Codex depends on. */
export interface Surroundings {
  /** Where the box shows Codex. */
  readonly codexRoot: string;
  readonly choice: ModelChoice;
  readonly tools: Tools;
}

function filesystemProfile({ codexRoot, tools }: Surroundings, access: Access): string {
  if (access === 'plan') {
    return inlineTable({
      ':minimal': '"read"',
      ':workspace_roots': '{"."="read"}',
      // Bubblewrap cannot start Codex's own helper otherwise.
      [codexRoot]: '"read"',
      ...Object.fromEntries(tools.shown.map(({ folder }) => [folder, '"read"'])),
    });
  }
  const workspace = access === 'edit by patches' ? 'read' : 'write';
  return inlineTable({ ':root': '"read"', ':workspace_roots': `{"."="${workspace}"}` });
}

/** What commands find in their environment, and no more. */
function commandEnvironment({ codexRoot, tools }: Surroundings): string {
  // Codex brings ripgrep.
  const path = [...tools.path, `${codexRoot}/codex-path`, '/usr/local/bin', '/usr/bin', '/bin'];
  // HOME and SHLVL: without them, bash reads the account's startup files and resets PATH.
  const variables = { PATH: path.join(':'), HOME: '/tmp', SHLVL: '2', ...tools.variables };
  const pairs = Object.entries(variables).map(
    ([name, value]) => `${name}=${JSON.stringify(value)}`,
  );
  return `{inherit="none",set={${pairs.join(',')}}}`;
}

/** Settings for `codex exec` and `codex app-server` alike. */
export function configuration(surroundings: Surroundings, access: Access): string[] {
  const { choice } = surroundings;
  const provider = `{name="${GATE}",base_url="http://127.0.0.1:${inBox.port}/v1",wire_api="responses",env_key="${TOKEN_VARIABLE}"}`;
  return [
    ...profileSettings(surroundings, access),
    // A trusted project starts its MCP commands and hooks. The dotted form of this key is silently ignored.
    ...setting('projects', `{"${inBox.workspace}"={trust_level="untrusted"}}`),
    // Without this, AGENTS.md of the pull request reaches the prompt …
    ...setting('project_doc_max_bytes', '0'),
    // … and so does each .agents/skills/*/SKILL.md, of untrusted projects too.
    ...setting('skills', '{include_instructions=false}'),
    ...setting('web_search', '"disabled"'),
    // Newer models get sub-agents even with `--disable multi_agent`, each with a separate thread and turn.
    ...setting('agents', '{enabled=false}'),
    // There is no network in the box to report to, and Codex would wait five seconds for it at its end.
    ...setting('analytics', '{enabled=false}'),
    ...setting('allow_login_shell', 'false'),
    ...setting('shell_environment_policy', commandEnvironment(surroundings)),
    ...DISABLED_FEATURES.flatMap((feature) => ['--disable', feature]),
    ...setting('model_provider', `"${GATE}"`),
    ...setting(`model_providers.${GATE}`, provider),
    ...(choice.model === null ? [] : setting('model', `"${choice.model}"`)),
    ...(choice.effort === null ? [] : setting('model_reasoning_effort', `"${choice.effort}"`)),
  ];
}

/** A profile instead of --sandbox, which would let the model read the whole disk. */
function profileSettings(surroundings: Surroundings, access: Access): string[] {
  const filesystem = filesystemProfile(surroundings, access);
  return [
    ...setting('default_permissions', `"${GATE}"`),
    ...setting(`permissions.${GATE}.filesystem`, filesystem),
  ];
}

const DISABLED_FEATURES = [
  'multi_agent',
  'goals',
  'apps',
  'plugins',
  'hooks',
  'shell_snapshot',
  'view_image',
  'sleep_tool',
];

/**
 * The arguments of `codex exec` for a plan; the user message comes on standard input.
 * @param rules the developer message, without control characters but tabs and line ends
 */
export function planArguments(surroundings: Surroundings, schema: string, rules: string): string[] {
  return [
    // Without --ignore-user-config, which would ignore the command box too: the home is new, and holds no configuration.
    ...['exec', '-', '--json', '--ephemeral', '--ignore-rules'],
    ...['--strict-config', '--skip-git-repo-check', '--color', 'never'],
    ...['-C', inBox.workspace, '--output-schema', schema],
    ...configuration(surroundings, 'plan'),
    // A string of JSON is one of TOML, too. A value that is not TOML would silently be taken as plain text.
    ...setting('developer_instructions', JSON.stringify(rules)),
  ];
}

/** The arguments of the app server; the prompt comes in its protocol. */
export function editorArguments(
  surroundings: Surroundings,
  access: Exclude<Access, 'plan'>,
): string[] {
  return ['app-server', '--strict-config', ...configuration(surroundings, access)];
}

/** The arguments that run nothing, under the same profile: they prove that both sandboxes start. */
export function probeArguments(codexRoot: string, tools: Tools): string[] {
  const choice = { model: null, effort: null };
  const profile = profileSettings({ codexRoot, choice, tools }, 'plan');
  return ['sandbox', ...profile, '-P', GATE, '-C', inBox.workspace, '--', '/bin/true'];
}

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/;
const EFFORT = /^[a-z]{1,20}$/;

/**
 * Model and effort become part of a TOML value on the command line.
 * @throws Stopped config-invalid
 */
export function checkModelChoice(choice: ModelChoice): void {
  if (choice.model !== null && !MODEL_NAME.test(choice.model)) {
    throw new Stopped('config-invalid', `model is not the name of a model: ${choice.model}`);
  }
  if (choice.effort !== null && !EFFORT.test(choice.effort)) {
    throw new Stopped('config-invalid', `effort is not a reasoning effort: ${choice.effort}`);
  }
}

function setting(key: string, value: string): string[] {
  return ['-c', `${key}=${value}`];
}

function inlineTable(entries: Record<string, string>): string {
  const pairs = Object.entries(entries).map(([key, value]) => `${JSON.stringify(key)}=${value}`);
  return `{${pairs.join(',')}}`;
}
