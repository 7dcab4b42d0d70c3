import type { Plugin } from "esbuild";

export const useNodeKernels: Plugin;
