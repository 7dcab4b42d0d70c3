/** Files of the fixtures, with something changed inside. */
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { modelBytes } from "../fixtures/golden";

// biome-ignore lint/suspicious/noExplicitAny: a file's configuration may be any JSON
export type Config = Record<string, any>;

/** A file, of the fixtures where a name is given, with another configuration. */
export function changed(file: string | Uint8Array, change: (config: Config, metadata: Config) => void): Uint8Array {
  const members = unzipSync(typeof file === "string" ? modelBytes(file) : file);
  const [config, metadata] = ["config.json", "metadata.json"].map((member) => JSON.parse(strFromU8(members[member]!)));
  change(config, metadata);
  const written = {
    "config.json": strToU8(JSON.stringify(config)),
    "metadata.json": strToU8(JSON.stringify(metadata)),
  };
  return zipSync({ ...members, ...written }, { level: 0 });
}

/** The first layer of that class. */
export const layerOf = (config: Config, className: string): Config =>
  config.config.layers.find((layer: Config) => layer.class_name === className);
