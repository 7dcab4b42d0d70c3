/** What the two onnxruntimes share: a session on the workload's ONNX file. */

export async function load(ort, workload, read, options) {
  const file = await read(`${workload.name}.onnx`);
  const session = await ort.InferenceSession.create(file, { graphOptimizationLevel: "all", ...options });
  const { input, inputShape, stream, layers } = workload;
  const tensor = (data, shape) => new ort.Tensor(data instanceof Int32Array ? "int32" : "float32", data, shape);
  if (!stream) {
    return { run: async () => (await session.run({ x: tensor(input, inputShape) })).y.data };
  }
  const names = layers[0].kind === "LSTM" ? ["h", "c"] : ["h"];
  const shape = [1, 1, layers[0].units];
  let states;
  const reset = () => {
    states = Object.fromEntries(names.map((name) => [name, new Float32Array(layers[0].units)]));
  };
  reset();
  return {
    reset,
    run: async () => {
      const given = { x: tensor(input, inputShape) };
      for (const name of names) given[name] = tensor(states[name], shape);
      const results = await session.run(given);
      for (const name of names) states[name] = results[`${name}_out`].data;
      return states.h;
    },
  };
}
