/** The page sends rows and shows what the worker thinks after each. Run: npx vite examples/worker */

import model from "../digits/digits_lstm.keras?url";
import heldOut from "../digits/held_out.json";

const status = document.querySelector("[role=status]");
const worker = new Worker(new URL("./worker.mjs", import.meta.url), { type: "module" });

worker.onmessage = ({ data }) => {
  status.textContent = data.error ?? `after ${data.rows} rows: ${data.digit}`;
};
worker.onerror = ({ message }) => {
  status.textContent = message;
};
const image = heldOut.pixels[0].match(/.{8}/g).map((row) => Array.from(row, (pixel) => Number.parseInt(pixel, 17)));
worker.postMessage({ model: new URL(model, document.baseURI).href, image });
