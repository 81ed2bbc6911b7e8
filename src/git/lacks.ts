/**
 * Whether git failed because the machine lacks something. That is no mistake of the action, and it says nothing about a
 * pull request, so no approval may end by it.
 */
import { Stopped, stoppedByMachine } from '../decision.ts';
import { findDiskLack } from '../system/disk.ts';

/** A git command that failed. */
export interface GitFailure {
  /** The exit status; null if a signal ended it. */
  readonly status: number | null;
  /** A signal that the action did not send. */
  readonly signal: NodeJS.Signals | null;
  /** What it wrote to standard error, or the end of that. Names of files are in it, which a pull request chooses. */
  readonly errors: string;
  /** Absolute path of the repository; everything that git writes is on the same disk. */
  readonly repository: string;
}

/** @returns undefined if the machine is not known to lack anything */
export function findLack({ status, signal, errors, repository }: GitFailure): Stopped | undefined {
  if (signal === 'SIGXFSZ')
    return stoppedByMachine({ code: 'EFBIG', message: `git got ${signal}` });
  if (signal !== null && ofTheMachine.includes(signal)) {
    const why = `The runner ended git (${signal}), as it does if its memory is used up.`;
    return new Stopped('platform-unsupported', why);
  }
  const said = `git said: ${errors.trim().slice(-maxSaid)}`;
  const code = lackInWords(errors);
  if (code !== undefined) return stoppedByMachine({ code, message: said });
  // With this status git answers: there is a conflict, for example.
  if (status === 1) return undefined;
  const lack = findDiskLack(repository, roomForOneFile);
  return lack && stoppedByMachine({ ...lack, message: `${lack.message}. ${said}` });
}

/** git names every file that it could not write, and one is enough. */
const maxSaid = 500;

/**
 * Signals that come from outside: the kernel sends the first if memory is used up, services that watch the memory send
 * either. Others are sent if git itself has a mistake.
 * https://docs.kernel.org/admin-guide/mm/concepts.html#oom-killer
 */
const ofTheMachine: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM'];

/**
 * git says only `error: unable to write file x` if a disk is full, and removes the file that it could not finish. GitHub
 * takes no file of more than 100 MiB, so a disk that has more room than that afterwards was not full. The files are
 * those that git makes and removes again in one command.
 * https://docs.github.com/repositories/working-with-files/managing-large-files/about-large-files-on-github
 */
const roomForOneFile = { bytes: 100 * 1024 * 1024, files: 16 };

/** The words of glibc and musl, the C libraries of Linux, for each error of the system. */
const sentences: Readonly<Record<string, string>> = {
  'No space left on device': 'ENOSPC',
  'Disk quota exceeded': 'EDQUOT',
  'Quota exceeded': 'EDQUOT',
  'Read-only file system': 'EROFS',
  'Input/output error': 'EIO',
  'I/O error': 'EIO',
  'File too large': 'EFBIG',
  'Too many open files': 'EMFILE',
  'No file descriptors available': 'EMFILE',
  'Too many open files in system': 'ENFILE',
  'Cannot allocate memory': 'ENOMEM',
  'Out of memory': 'ENOMEM',
  'Resource temporarily unavailable': 'EAGAIN',
};

/** How a line of git's ends that tells of an error of the system: after a colon. */
const atEnd = new RegExp(`: (${Object.keys(sentences).join('|')})$`);
/** Lines without an error of the system. They hold no name but that of a file of the action. */
const ownWords: readonly (readonly [RegExp, string])[] = [
  [/^fatal: sha1 file '[^']+' write error\. Out of diskspace$/, 'ENOSPC'],
  [/^fatal: Out of memory, \w+ failed(?: \(tried to allocate \d+ bytes\))?$/, 'ENOMEM'],
];
/** A program of git's that the system ended: its numbers for the signals of above. */
const endedHelper = /^error: [\w-]+ died of signal (?:9|15)$/;
/** What git says last after such an error. If another one ends it, a colon or a quote comes after the name. */
const consequence =
  /^(?:fatal: (?:fetch-pack: |git-write-tree: )?[\w .-]+|error: unable to write file [^:']+)$/;

/**
 * Elsewhere in a line stand names of files, which a pull request chooses: none of them may be taken for trouble of the
 * machine, after which an approval goes on. A name can even hold line ends, so what counts is the end of everything.
 * @returns the code of the error
 */
function lackInWords(errors: string): string | undefined {
  // Not by the flag `m`: with it, a line also ends at U+2028, which a name may hold.
  const lines = errors.trimEnd().split('\n');
  const last = lines.at(-1) as string;
  const own = ownWords.find(([words]) => words.test(last))?.[1];
  return (
    own ??
    lackAtEnd(last) ??
    (consequence.test(last) ? lines.map(lackAtEnd).find(Boolean) : undefined)
  );
}

function lackAtEnd(line: string): string | undefined {
  if (endedHelper.test(line)) return 'ENOMEM';
  const sentence = atEnd.exec(line)?.[1];
  return sentence === undefined ? undefined : sentences[sentence];
}
