/** A company's authority that only Node was told of is trusted by git, besides those that git trusts anyway. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { combineCertificates } from '../../src/git/certificates.ts';
import { createGit } from '../../src/git/git.ts';
import { folder, Repository } from './repository.ts';

const place = folder();

/** An authority of its own, which is the certificate of a server on this machine, too. */
function authority(name: string): { readonly key: string; readonly certificate: string } {
  const [key, certificate] = [join(place, `${name}.key`), join(place, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost'];
  const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', certificate], {
    stdio: 'pipe',
  });
  return { key, certificate };
}

const [known, company] = [authority('known'), authority('company')];

/** @returns the address of a server that knows no repository */
async function serve({ key, certificate }: ReturnType<typeof authority>): Promise<string> {
  const options = { key: readFileSync(key), cert: readFileSync(certificate) };
  const server = createServer(options, (_, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `https://localhost:${(server.address() as AddressInfo).port}/octo/shop`;
}

async function answer(url: string, env: Record<string, string>): Promise<string> {
  const { fetch } = createGit({ PATH: process.env.PATH, ...env }, 'secret');
  const repository = `${new Repository().directory}/.git`;
  return fetch([url], { repository }).then(
    () => 'fetched',
    (error) => error.message,
  );
}

it('is trusted by git, and no other is', async () => {
  const [ofKnown, ofCompany] = [await serve(known), await serve(company)];
  const told = { GIT_SSL_CAINFO: known.certificate, NODE_EXTRA_CA_CERTS: company.certificate };
  for (const url of [ofKnown, ofCompany]) expect(await answer(url, told)).toMatch(/not found/);
  const { GIT_SSL_CAINFO } = told;
  expect(await answer(ofKnown, { GIT_SSL_CAINFO })).toMatch(/not found/);
  expect(await answer(ofCompany, { GIT_SSL_CAINFO })).toMatch(/certificate/);
  expect(await answer(ofKnown, { NODE_EXTRA_CA_CERTS: company.certificate })).toMatch(
    /certificate/,
  );
});

it('is added to those of the machine', () => {
  const extra = readFileSync(company.certificate, 'latin1');
  const combined = combineCertificates({ NODE_EXTRA_CA_CERTS: company.certificate }, folder());
  const bundle = readFileSync(combined ?? '', 'latin1');
  expect(bundle).toContain(extra);
  expect(bundle.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50);
  expect(rootCertificates.length).toBeGreaterThan(50);
});

it('is nothing if Node is told of none, or of what cannot be read', () => {
  for (const path of [undefined, '', '/nonexistent', place]) {
    expect(combineCertificates({ NODE_EXTRA_CA_CERTS: path }, folder())).toBeUndefined();
  }
});
