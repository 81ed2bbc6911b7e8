/** Failures that no code waits for. */

/** See `watchUnhandledRejections`. */
export interface ForgottenFailures {
  /** @throws the first of them, if there was one */
  check(): void;
  /** Ends the watch: Node is again as it was before. */
  end(): void;
}

/**
 * Remembers each promise that fails while no code waits for it, until some code does. Without a listener, Node ends the
 * process at once, with a raw stack: the job has no reason code, no summary and no outputs, and the private folder stays.
 * https://nodejs.org/api/process.html#event-unhandledrejection
 */
export function watchUnhandledRejections(): ForgottenFailures {
  const failures = new Map<Promise<unknown>, unknown>();
  const remember = (error: unknown, promise: Promise<unknown>) => void failures.set(promise, error);
  const forget = (promise: Promise<unknown>) => void failures.delete(promise);
  process.on('unhandledRejection', remember);
  process.on('rejectionHandled', forget);
  return {
    check: () => {
      for (const error of failures.values()) throw error;
    },
    end: () => {
      process.off('unhandledRejection', remember);
      process.off('rejectionHandled', forget);
    },
  };
}
