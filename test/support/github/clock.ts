/** A span of time for {@link Clock.advance}. */
export interface Span {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
}

/**
 * The time of the embedded GitHub. It stands still until a test moves it, and every time that
 * GitHub reports (`Date` header, `created_at`, signed URL expiry) comes from it.
 */
export class Clock {
  #milliseconds: number;

  constructor(start: string | Date = '2026-03-02T09:00:00Z') {
    this.#milliseconds = seconds(new Date(start));
  }

  /** Now, on a whole second: GitHub's timestamps have no fraction. */
  get now(): Date {
    return new Date(this.#milliseconds);
  }

  /** Now as GitHub writes it: `2026-03-02T09:00:00Z`. */
  get iso(): string {
    return iso(this.now);
  }

  /** Moves the clock forward by a span, or back by a negative one. */
  advance(span: Span): void {
    const { days = 0, hours = 0, minutes = 0, seconds: rest = 0 } = span;
    this.#milliseconds = seconds(
      new Date(this.#milliseconds + (((days * 24 + hours) * 60 + minutes) * 60 + rest) * 1000),
    );
  }

  /** Sets the clock to a point in time. */
  set(time: string | Date): void {
    this.#milliseconds = seconds(new Date(time));
  }
}

/** A time as GitHub writes it in JSON. */
export function iso(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}

function seconds(time: Date): number {
  const value = time.getTime();
  if (Number.isNaN(value)) throw new Error('not a time');
  return Math.floor(value / 1000) * 1000;
}
