/** Format → what makes a damaged file of it. */
import { readdirSync, readFileSync } from "node:fs";
import { bytesOf, text } from "../support";
import { damagedArchive, membersOf } from "./archive";
import { damaged, type Next, oneOf } from "./bytes";
import { addressesIn, damagedHdf5 } from "./hdf5";
import { damagedJson } from "./json";
import { damagedMessage, fieldsOf } from "./protobuf";
import { audio, header, shard, TENSOR_BYTES, tensors, tfjs } from "./sound";

/** What a trial is given: one file, or a topology with its weights. */
export type Made = Uint8Array | { topology: Uint8Array | string; weights: Uint8Array | Record<string, Uint8Array> };

/** The folder `test`, which is where the command and the tests are run. */
const TEST = "test/";
const read = (path: string) => new Uint8Array(readFileSync(`${TEST}${path}`));
const json = (value: object) => (next: Next) => damagedJson(JSON.stringify(value), next);

const archives = ["sequential_lstm", "sequential_deflated", "functional_shared", "functional_nested_functional"];
const [lstm, deflated, ...others] = archives.map((name) => read(`fixtures/models/${name}.keras`)) as [
  Uint8Array,
  Uint8Array,
  ...Uint8Array[],
];
const members = [lstm, ...others].map(membersOf);
const memberOf = (name: string) => members[0]!.find((member) => member.name === name)!.data;

const hdf5 = [
  ...["keras_2_1", "cudnn_weights", "types.weights", "chunked.weights", "latest.weights"].map(
    (name) => `formats/files/${name}.h5`,
  ),
  ...["sequential_lstm", "functional_shared", "sequential_stacked_cells"].map((name) => `fixtures/models/${name}.h5`),
].map((path) => read(path));
const addresses = hdf5.map(addressesIn);
const weights = memberOf("model.weights.h5");
const weightsAddresses = addressesIn(weights);
const topology = new TextDecoder().decode(memberOf("config.json"));

const graphs = [
  ...["types", "graph", "external"].map((name) => `formats/files/${name}.onnx`),
  ...readdirSync(`${TEST}fixtures/onnx`)
    .filter((name) => name.endsWith(".onnx") && !/keras_stack|dynamo/.test(name))
    .map((name) => `fixtures/onnx/${name}`),
].map((path) => read(path));
const messages = graphs.map((bytes) => fieldsOf(bytes)!);

/** A sound NumPy file, as the reader of samples and the `.npz` of a model take it. */
const npy = (descr: string, shape: string, data: Uint8Array) => {
  const head = `{'descr': '${descr}', 'fortran_order': True, 'shape': (${shape}), }\n`;
  return bytesOf([0x93, 1], text("NUMPY"), [1, 2], [head.length, 2], text(head), data);
};
const arrays = [npy("<f4", "2, 3", new Uint8Array(24)), npy(">i8", "4,", new Uint8Array(32))];
const NPY_TEXTS = ["'O'", "'<i8'", "'|b1'", "99999999999", "4294967296, 4294967296", "-1", "True", ""];

function damagedNpy(next: Next): Uint8Array {
  const array = oneOf(arrays, next);
  if (next(2) === 0) return damaged(array, next);
  const parts = String.fromCharCode(...array).split(/('[^']*'|\d+)/);
  parts[2 * next(parts.length >> 1) + 1] = oneOf(NPY_TEXTS, next);
  return Uint8Array.from(parts.join(""), (letter) => letter.charCodeAt(0));
}

export const FORMATS: Readonly<Record<string, (next: Next) => Made>> = {
  keras: (next) =>
    next(4) === 0 ? damaged(oneOf([lstm, deflated], next), next) : damagedArchive(oneOf(members, next), next),
  hdf5: (next) => {
    const k = next(hdf5.length);
    return damagedHdf5(hdf5[k]!, addresses[k]!, next);
  },
  weights: (next) => {
    const bytes = next(4) === 0 ? weights : damagedHdf5(weights, weightsAddresses, next);
    return { topology: bytes === weights ? damagedJson(topology, next) : topology, weights: bytes };
  },
  tfjs: (next) => {
    if (next(4) === 0) return { topology: JSON.stringify(tfjs), weights: damaged(shard, next) };
    return { topology: damagedJson(JSON.stringify(tfjs), next), weights: next(2) === 0 ? shard : { "a.bin": shard } };
  },
  "tfjs, by path": json(tfjs),
  safetensors: (next) => {
    const head = next(3) === 0 ? header : damagedJson(JSON.stringify(tensors), next);
    const whole = bytesOf([head.length, 8], head, new Uint8Array(TENSOR_BYTES));
    return next(3) === 0 ? damaged(whole, next) : whole;
  },
  onnx: (next) => {
    const k = next(graphs.length);
    return next(3) === 0 ? damaged(graphs[k]!, next) : damagedMessage(messages[k]!, next);
  },
  rtneural: json(audio.rtneural),
  guitarml: json(audio.guitarml),
  nam: json(audio.nam),
  npy: damagedNpy,
  npz: (next) => damagedArchive([...members[0]!.slice(0, 2), npzOf(next)], next),
};

function npzOf(next: Next) {
  const arrayMembers = arrays.map((data, k) => ({ name: `layers/dense/vars/${k}.npy`, data }));
  arrayMembers[0]!.data = damagedNpy(next);
  return { name: "model.weights.npz", data: damagedArchive(arrayMembers, next) };
}
