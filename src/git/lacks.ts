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
  /** What it wrote to standard error, or the end of that. */
  readonly errors: string;
  /**
   * Reads everything from others that `errors` may repeat, such as the names of the files, which a pull request chooses.
   * @throws whatever keeps it from being read
   */
  readonly readForeign: () => Promise<Buffer>;
  /** Absolute path of the repository; everything that git writes is on the same disk. */
  readonly repository: string;
}

/**
 * @returns undefined if the machine is not known to lack anything
 * @throws what `readForeign` throws
 */
export async function findLack({
  status,
  signal,
  errors,
  repository,
  readForeign,
}: GitFailure): Promise<Stopped | undefined> {
  if (signal === 'SIGXFSZ')
    return stoppedByMachine({ code: 'EFBIG', message: `git got ${signal}` });
  if (signal !== null && ofTheMachine.includes(signal)) {
    const why = `The runner ended git (${signal}), as it does if its memory is used up.`;
    return new Stopped('platform-unsupported', why);
  }
  const said = `git said: ${errors.trim().slice(-maxSaid)}`;
  const code = lackInWords(errors);
  if (code !== undefined && !holdsWords(await readForeign())) {
    return stoppedByMachine({ code, message: said });
  }
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

/** Messages of git that do not have these words. They name no file but those of the action. */
const ownWords: readonly (readonly [RegExp, string])[] = [
  [/^fatal: sha1 file '[^']+' write error\. Out of diskspace$/m, 'ENOSPC'],
  [/^fatal: Out of memory, \w+ failed/m, 'ENOMEM'],
  // A program of git's that the system ended: its numbers for the signals of above.
  [/^error: [\w-]+ died of signal (?:9|15)$/m, 'ENOMEM'],
];
const words = new RegExp(`: (${Object.keys(sentences).join('|')})$`, 'm');

/** @returns the code of the error; often another line comes after it, with what git could not do then */
function lackInWords(errors: string): string | undefined {
  const sentence = words.exec(errors)?.[1];
  if (sentence !== undefined) return sentences[sentence];
  return ownWords.find(([message]) => message.test(errors))?.[1];
}

const foreignWords = [...Object.keys(sentences), 'Out of diskspace', 'died of signal'];

/**
 * Whether what git repeats of others can look like an error of the machine, after which an approval goes on. git quotes few
 * names, and a name can even hold line ends, so nobody can tell from a message what in it is a name.
 */
function holdsWords(foreign: Buffer): boolean {
  return foreignWords.some((one) => foreign.includes(one));
}
