/** The reason code that a step ends with; 'ok' if it does not fail. */
export async function reasonOf(step: () => unknown): Promise<string> {
  try {
    await step();
    return 'ok';
  } catch (error) {
    return (error as { reason?: string }).reason ?? `unexpected: ${error}`;
  }
}
