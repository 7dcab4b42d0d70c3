/** An address that answers with numbers. */
import { onServer } from "../on_server.js";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await onServer());
}
