import { join } from "node:path";

/** A plugin of esbuild: Node takes the kernels from a file that it reads sooner and that has the wide build. */
export const useNodeKernels = {
  name: "use-node-kernels",
  setup(build) {
    const path = join(process.cwd(), "src/wasm/kernel_bytes_node.ts");
    build.onResolve({ filter: /\/kernel_bytes$/ }, () => ({ path }));
  },
};
