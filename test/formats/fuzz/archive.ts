/** Seeded damage to zip archives: bombs, members twice, names that lead elsewhere, directories that lie. */
import { deflateRawSync } from "node:zlib";
import { unzipSync } from "fflate";
import { type Member, zip } from "../support";
import { damaged, EXTREMES, type Next, oneOf } from "./bytes";
import { damagedJson } from "./json";

const DEFLATED = 8;
const BOMB_BYTES = 80 << 20; // more than the limit of the trials
const NAMES = [
  "../config.json",
  "/config.json",
  "config.json\0",
  "..\\config.json",
  "CONFIG.JSON",
  "",
  "a/".repeat(99),
];

let bomb: Uint8Array | undefined;

function bombMember(name: string, next: Next): Member {
  bomb ??= new Uint8Array(deflateRawSync(new Uint8Array(BOMB_BYTES)));
  return { name, data: bomb, method: DEFLATED, size: oneOf([BOMB_BYTES, 10, 1000, 2 ** 32 - 1], next) };
}

/** The members of a sound archive, for {@link damagedArchive}. */
export function membersOf(bytes: Uint8Array): Member[] {
  return Object.entries(unzipSync(bytes)).map(([name, data]) => ({ name, data }));
}

/** An archive one of whose members is damaged inside, by its entry in the directory, or is not what it should be. */
export function damagedArchive(members: readonly Member[], next: Next): Uint8Array {
  const at = next(members.length);
  const { name, data } = members[at] as Member;
  const put = (...instead: Member[]) => zip([...members.slice(0, at), ...instead, ...members.slice(at + 1)]);
  switch (next(8)) {
    case 0:
      return put({ name, data }, { name, data: damaged(data, next) });
    case 1:
      return put({ name: oneOf(NAMES, next), data });
    case 2:
      return next(8) === 0 ? put(bombMember(name, next)) : put({ name, data, method: DEFLATED });
    case 3: {
      const field = oneOf(["method", "flags", "crc", "size", "packed", "header"] as const, next);
      return put({ name, data, [field]: oneOf(EXTREMES, next) });
    }
    case 4:
      return zip(members, { [oneOf(["count", "at"] as const, next)]: oneOf(EXTREMES, next) });
    default:
      return put({ name, data: damagedMember(name, data, next) });
  }
}

function damagedMember(name: string, data: Uint8Array, next: Next): Uint8Array {
  if (!name.endsWith(".json") || next(4) === 0) return damaged(data, next);
  return damagedJson(new TextDecoder().decode(data), next);
}
