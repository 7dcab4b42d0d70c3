/** Plugins of esbuild for the library's bundle for Node, where starting counts and the size of a download does not. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "esbuild";

/**
 * A file costs more than what stands in it: all that an entry needs at once is in one file, not in one for every set of
 * the parts that are loaded later. To that end each of these exports the whole library too.
 */
export const fewFiles: Plugin = {
  name: "few-files",
  setup(build) {
    const whole = join(process.cwd(), "src/index.ts");
    build.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
      if (kind !== "dynamic-import" || path.startsWith("node:")) return null;
      const wanted = path.startsWith(".") ? join(resolveDir, path) : path;
      return { path: wanted, namespace: "later", pluginData: resolveDir };
    });
    build.onLoad({ filter: /./, namespace: "later" }, ({ path, pluginData: resolveDir }) => ({
      contents: `export * from ${JSON.stringify(path)}; export * as whole from ${JSON.stringify(whole)};`,
      resolveDir,
    }));
  },
};

/**
 * What `export * as name` makes is a plain object with its values. esbuild would write a function for each of the 210
 * names, which costs a start half a millisecond, and a call that gives them to an object: the bundler of an application
 * could not drop that, nor all the layers behind it.
 */
export const plainNamespaces: Plugin = {
  name: "plain-namespaces",
  setup(build) {
    build.onLoad({ filter: /\/src\/(index|layers_entry)\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return {
        contents: text.replace(/^export \* as (\w+) from "(.+)";$/gm, 'export { $1 } from "values of $2 as $1";'),
        loader: "ts",
      };
    });
    build.onResolve({ filter: /^values of / }, ({ path, resolveDir }) => {
      return { path, namespace: "values", pluginData: resolveDir };
    });
    build.onLoad({ filter: /./, namespace: "values" }, async ({ path, pluginData: resolveDir }) => {
      const [file, name] = path.slice("values of ".length).split(" as ") as [string, string];
      const entryPoints = [join(resolveDir, file)];
      const { metafile } = await build.esbuild.build({
        entryPoints,
        bundle: true,
        format: "esm",
        write: false,
        metafile: true,
      });
      const names = Object.values(metafile.outputs)[0]?.exports.join(", ");
      return {
        contents: `import { ${names} } from "${file}"; export const ${name} = { ${names} };`,
        resolveDir,
      };
    });
  },
};
