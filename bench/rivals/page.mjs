/** The page of a contestant: answers by window.answer(order). */

import { answering } from "./answer.mjs";
import { read } from "./host_page.mjs";

const name = new URLSearchParams(location.search).get("contestant");
const module = await import(`/build/rivals/pages/${name}.js`);
const answer = answering(module, read);
window.answer = (order) => answer(order).catch((error) => ({ error: String(error?.stack ?? error) }));
