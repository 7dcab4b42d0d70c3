/** Predicts on the server at each request; the page predicts once more when it has been hydrated. */
import { onServer } from "./on_server.js";
import { Prediction } from "./prediction.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  return (
    <main>
      <pre id="server">{JSON.stringify(await onServer())}</pre>
      <Prediction />
    </main>
  );
}
