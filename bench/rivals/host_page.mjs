/** What contestants need of a page, which bench/rivals/browser.mjs serves from the root of the repository. */

export async function read(file) {
  const response = await fetch(`/build/rivals/models/${file}`);
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export const litertFolder = async () => "/bench/rivals/node_modules/@litertjs/core/wasm/";
