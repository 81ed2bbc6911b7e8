/**
 * The editor: `codex app-server` carries out an approved plan in the throw-away workspace, and the gate rules on each of
 * its file changes.
 */
import { z } from 'zod';
import { type CodexSettings, checkCodexSettings } from '../../core/policy/codex-settings.ts';
import { CodexStopped, Stopped, toStopped } from '../../decision.ts';
import type { EditingTask, Editor, EditReport } from '../../ports/agent.ts';
import { interruptible } from '../../system/interruption.ts';
import { inBox } from '../box/box.ts';
import type { Running } from '../box/process.ts';
import { describeTools, toolNames } from '../box/tools.ts';
import { editorArguments } from '../configuration.ts';
import { editingPrompt } from '../prompts.ts';
import { keepingLog, oneLine, RunLog } from '../run-log.ts';
import { type CodexOptions, type Session, withSession } from '../session.ts';
import { noTokens, startClock } from '../usage.ts';
import { AppServer } from './app-server.ts';
import { keepingDeclined } from './declined.ts';
import { Gate } from './gate.ts';
import { Reviews } from './guardian.ts';
import { checkOverrides } from './overrides.ts';
import * as protocol from './protocol.ts';
import { Editing, type TurnEnd } from './turn.ts';

export interface EditorOptions extends CodexOptions {
  readonly settings: CodexSettings;
}

export function createEditor(options: EditorOptions): Editor {
  return { carryOut: (task) => carryOut(options, task) };
}

async function carryOut(options: EditorOptions, task: EditingTask): Promise<EditReport> {
  const silent = checkCodexSettings(options.settings);
  return withSession(options, { workspace: task.workspace, writable: true }, async (session) => {
    const { codex, proxy } = session;
    const log = new RunLog();
    const measure = startClock();
    const version = await codex.version;
    log.add(`carry out: codex ${version}`);
    for (const line of describeTools(session.tools)) log.add(line);
    const { editing, reviews } = watch(options, task, log);
    for (const warning of silent) editing.warn(warning);
    proxy.onObjection = (objection) => editing.warn(objection);
    options.onAsked?.();
    const { server, running } = startServer(options, session, editing);
    proxy.guardianRuling = () => endingIfUnruled(running, () => reviews.ruleOnAnswer());
    return keepingDeclined(editing.declined, async () => {
      const end = await keepingLog(log, async () => {
        // A file that was refused ends the approval, also if the job is cancelled then.
        const ended = await interruptible(
          () => running.stop(cancelled()),
          cancelled,
          () => converse(server, running, editing, options, task),
        );
        if (editing.ranCommands) session.checkCommandBox(version);
        return ended;
      });
      reviews.abortOpen();
      running.stop(null);
      await running.ended;
      if (end.status === 'interrupted' && options.settings.approvals.reviewer !== 'user') {
        editing.warn('Codex ended its turn early, as it does after several denials in a row.');
      } else if (end.status !== 'completed') {
        const said = oneLine(end.error ?? `turn ${end.status}`);
        throw new CodexStopped('codex-failed', `Codex: ${said}`, log.text());
      }
      const model = proxy.askedModel;
      if (model === null) {
        throw new CodexStopped('codex-failed', 'Codex ended without asking a model.', log.text());
      }
      log.add(`model: ${model}, answered by ${proxy.answeredModel ?? 'a model without a name'}`);
      return {
        declined: editing.declined,
        refusedRequests: editing.refusedRequests,
        assessments: reviews.assessments,
        warnings: editing.warnings,
        toolchain: {
          version,
          model,
          effort: options.choice.effort,
          tools: toolNames(session.tools),
        },
        usage: measure(editing.tokens ?? noTokens),
        log: log.text(),
      };
    });
  });
}

const cancelled = () => new Stopped('codex-failed', 'The job was cancelled while Codex worked.');

/** If nobody can rule, the guardian's answer must neither count as a denial nor be asked for again. */
async function endingIfUnruled<T>(running: Running, rule: () => Promise<T>): Promise<T> {
  try {
    return await rule();
  } catch (error) {
    running.stop(toStopped(error));
    throw error;
  }
}

/** Everything that looks on while Codex edits. */
function watch({ settings, report }: EditorOptions, task: EditingTask, log: RunLog) {
  const gate = new Gate({
    workspace: task.workspace,
    workspaceInBox: inBox.workspace,
    judge: task.judge,
  });
  const reviews: Reviews = new Reviews(log, (review) => ruleOnReview(editing, review));
  const beforeWrite = settings.enforcement === 'before-write';
  const editing = new Editing({ gate, beforeWrite, reviews, log, report });
  return { editing, reviews };
}

function startServer(options: EditorOptions, session: Session, editing: Editing) {
  const { enforcement } = options.settings;
  const access = enforcement === 'after-run' ? 'edit by commands too' : 'edit by patches';
  const { codex, tools } = session;
  const surroundings = { codexRoot: codex.rootInBox, choice: options.choice, tools };
  const args = editorArguments(surroundings, access);
  const server: AppServer = new AppServer(editing, (text) => running.write(text));
  const running: Running = session.run(args, { onLine: (line) => server.take(line) });
  return { server, running };
}

/** The whole exchange, up to the end of the turn or of the process, whichever comes first. */
async function converse(
  server: AppServer,
  running: Running,
  editing: Editing,
  options: EditorOptions,
  task: EditingTask,
): Promise<TurnEnd> {
  const gone = running.ended.then(({ fault, code, stderr }) => {
    const said = oneLine(stderr.trim().slice(-500));
    const why = `Codex ended with status ${code} in the middle of its turn. ${said}`.trim();
    const reason = fault ?? new Stopped('codex-failed', why);
    server.abandon(reason);
    throw reason;
  });
  const talk = async (): Promise<TurnEnd> => {
    await openThread(server, editing, options, task);
    return editing.turnEnded;
  };
  return Promise.race([talk(), gone]);
}

/**
 * What is said piece by piece is said again as a whole, and is most of what Codex prints. The diff of the turn comes whole
 * after each patch, which is quadratic: a plan of many files would pass the limit of what is read.
 */
const UNWANTED = [
  'item/agentMessage/delta',
  'item/commandExecution/outputDelta',
  'item/fileChange/outputDelta',
  'item/fileChange/patchUpdated',
  'item/reasoning/textDelta',
  'item/reasoning/summaryTextDelta',
  'turn/diff/updated',
];

async function openThread(
  server: AppServer,
  editing: Editing,
  { settings, choice }: EditorOptions,
  task: EditingTask,
): Promise<void> {
  const clientInfo = {
    name: 'codex_plan_governance',
    title: 'Codex Plan Governance',
    version: '1',
  };
  const capabilities = { experimentalApi: true, optOutNotificationMethods: UNWANTED };
  await server.request('initialize', { clientInfo, capabilities }, z.unknown());
  server.notify('initialized');
  const { approvals } = settings;
  const { rules, message } = editingPrompt(task, settings.enforcement);
  const requirements = await server.request('configRequirements/read', {}, protocol.requirements);
  const started = await server.request(
    'thread/start',
    {
      cwd: inBox.workspace,
      approvalPolicy: approvals.policy,
      approvalsReviewer: approvals.reviewer,
      developerInstructions: rules,
      ephemeral: true,
      ...(choice.model !== null && { model: choice.model }),
    },
    protocol.threadStarted,
  );
  editing.demandOwn(started, 'thread/start');
  for (const override of checkOverrides(settings, started, requirements)) editing.warn(override);
  const input = [{ type: 'text', text: message }];
  const turn = { threadId: started.thread.id, input };
  editing.demandOwn(await server.request('turn/start', turn, protocol.turnStarted), 'turn/start');
}

/** Why the gate objects to the action under review; null if it does not. */
function ruleOnReview(editing: Editing, review: protocol.Review): string | null {
  if (review.action.type !== 'applyPatch') return null;
  const refused = review.targetItemId ? editing.ruleItem(review.targetItemId) : null;
  if (refused === null) return 'Codex did not say what the patch changes.';
  if (refused.length === 0) return null;
  return refused.map(({ path, detail }) => `${path}: ${detail}`).join(' ');
}
