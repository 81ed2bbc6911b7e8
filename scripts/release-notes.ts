/**
 * Prints the notes of a release: its section of the changelog, and the line to pin it with. Fails if the version is not
 * that of `package.json`, or if the changelog does not have it.
 *
 *   node scripts/release-notes.ts 0.1.0 <commit id>
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const repository = 'codex-plan-governance/codex-plan-governance';

export function releaseNotes(changelog: string, version: string, commit: string): string {
  const heading = new RegExp(
    `^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d\\d-\\d\\d$`,
    'm',
  );
  const [before = '', after] = changelog.split(heading);
  const section = after?.split(/^(?:## |\[[^\]]+\]: )/m, 1)[0]?.trim();
  if (before === changelog || !section) {
    throw new Error(`CHANGELOG.md has no section "## [${version}] - <date>" with a text.`);
  }
  return `${section}\n\n### Pin it\n\n\`\`\`yaml\n- uses: ${repository}@${commit} # v${version}\n\`\`\`\n`;
}

if (import.meta.main) {
  const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
  const [version = '', commit = ''] = parseArgs({ allowPositionals: true }).positionals;
  const known = JSON.parse(read('package.json')).version;
  if (version !== known) {
    console.error(`package.json has version ${known}, and the release is to be "${version}".`);
    process.exitCode = 1;
  } else {
    process.stdout.write(releaseNotes(read('CHANGELOG.md'), version, commit));
  }
}
