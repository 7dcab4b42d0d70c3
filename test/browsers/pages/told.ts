/** What a page is told by a refusal. */
import { RecurraError } from "recurra";

/** The code and message of what a call throws or rejects with. */
export async function told(call: () => unknown): Promise<string> {
  try {
    await call();
    return "nothing";
  } catch (error) {
    return error instanceof RecurraError ? `${error.code}: ${error.message}` : `untyped: ${error}`;
  }
}
