/** The certificate authorities that git trusts: those of the machine, and those of a company that only Node knows. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import type { RunnerEnvironment } from './environment.ts';

/** Where Linux distributions keep their certificate authorities: Debian, Fedora, openSUSE, Alpine. */
const systemBundles = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/**
 * A runner behind a company's proxy that decrypts TLS often sets only `NODE_EXTRA_CA_CERTS`, which *adds* to what is
 * trusted. git has only settings that *replace* it, so both are written into one file.
 * https://nodejs.org/api/cli.html#node_extra_ca_certsfile
 * @param folder absolute path of a private folder to write to
 * @returns the path of that file; undefined if there is nothing to add
 */
export function combineCertificates(runner: RunnerEnvironment, folder: string): string | undefined {
  const extra = readBundle(runner.NODE_EXTRA_CA_CERTS);
  if (extra === undefined) return undefined;
  const own = [runner.GIT_SSL_CAINFO, runner.SSL_CERT_FILE, ...systemBundles];
  const trusted = own.map(readBundle).find((bundle) => bundle !== undefined);
  const combined = join(folder, 'certificates.pem');
  // Replaced in one step: another fetch may be reading it.
  const unfinished = `${combined}-${randomUUID()}`;
  writeFileSync(unfinished, `${trusted ?? rootCertificates.join('\n')}\n${extra}\n`);
  renameSync(unfinished, combined);
  return combined;
}

/** Node also goes on without a file that it cannot read. */
function readBundle(path: string | undefined): string | undefined {
  if (path === undefined || path === '' || !existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
