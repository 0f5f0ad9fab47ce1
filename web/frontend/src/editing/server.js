// Talks to the server: JSON both ways, with the page's token. Failures say whether trying again can help.
const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? '';

/** `status` is 0 when there was no answer; `told` is what the server said, as JSON, or {}. */
export class NotDone extends Error {
  constructor(status, told = {}) {
    super(told.message ?? `HTTP ${status}`);
    this.status = status;
    this.told = told;
  }
}

/** The answer's JSON. Raises NotDone; an answer that is a page instead of data means: signed out (401). */
export async function ask(address, { method = 'GET', data, keepalive = false } = {}) {
  let answer;
  try {
    answer = await fetch(address, {
      method,
      keepalive,
      headers: {
        Accept: 'application/json',
        'X-CSRF-Token': token(),
        ...(data === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: data === undefined ? undefined : JSON.stringify(data),
    });
  } catch {
    throw new NotDone(0);
  }
  const isData = answer.headers.get('Content-Type')?.includes('json');
  const told = isData ? await answer.json() : {};
  if (!answer.ok) throw new NotDone(answer.status, told);
  if (!isData) throw new NotDone(401);
  return told;
}
