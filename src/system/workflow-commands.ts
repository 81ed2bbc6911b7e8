/**
 * How a step speaks to its runner: inputs, outputs, log lines, masks and the job summary. `@actions/core` does the
 * same, but it also loads an HTTP client, which took longer than the whole run for a comment that is not a command.
 * `test/system/workflow-commands.test.ts` compares both, byte by byte.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */

import { accessSync, appendFileSync, constants, existsSync } from 'node:fs';
import { EOL } from 'node:os';
import { randomName } from './random-name.ts';

/** The value of an input; '' if it is not set. */
export function getInput(name: string): string {
  return process.env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] || '';
}

/** Whether the job has debug logging. */
export function isDebug(): boolean {
  return process.env.RUNNER_DEBUG === '1';
}

/** Has the runner mask this text in the log. */
export function setSecret(secret: string): void {
  command('add-mask', secret);
}

export function startGroup(title: string): void {
  command('group', title);
}

export function endGroup(): void {
  command('endgroup', '');
}

/** A line without escaping: the runner obeys a command in it. */
export function info(line: string): void {
  process.stdout.write(line + EOL);
}

export function warning(message: string): void {
  command('warning', message);
}

/** @param title shown above the message */
export function error(message: string, title?: string): void {
  command('error', message, title);
}

/**
 * Sets outputs of the step. Each delimiter is random, so that no value can declare another output.
 * @param outputs by name; a value that is not a string becomes JSON, null becomes ''
 * @throws Error if the runner's file is missing
 */
export function setOutputs(outputs: Readonly<Record<string, unknown>>): void {
  const all = Object.entries(outputs).map(([name, value]) => ({ name, text: toText(value) }));
  const file = process.env.GITHUB_OUTPUT;
  if (!file) {
    for (const { name, text } of all) {
      process.stdout.write(EOL);
      process.stdout.write(`::set-output name=${escapeProperty(name)}::${escapeData(text)}${EOL}`);
    }
    return;
  }
  // If the file does not exist, the runner did not make it, and nobody would read it.
  if (!existsSync(file)) throw new Error(`Missing file at path: ${file}`);
  const lines = all.map(({ name, text }) => {
    const delimiter = `ghadelimiter_${randomName()}`;
    return `${name}<<${delimiter}${EOL}${text}${EOL}${delimiter}${EOL}`;
  });
  appendFileSync(file, lines.join(''));
}

let summary = '';

/** Adds Markdown to the job summary, and a line end. */
export function addToSummary(markdown: string): void {
  summary += markdown + EOL;
}

/** Whether nothing was added since it was last written. */
export function isSummaryEmpty(): boolean {
  return summary === '';
}

/** @throws Error if the runner's file is missing, or cannot be read and written */
export function writeSummary(): void {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) throw new Error('The runner names no file for the job summary.');
  accessSync(file, constants.R_OK | constants.W_OK);
  appendFileSync(file, summary);
  summary = '';
}

function command(name: string, message: string, title = ''): void {
  const properties = title === '' ? '' : ` title=${escapeProperty(title)}`;
  process.stdout.write(`::${name}${properties}::${escapeData(message)}${EOL}`);
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
