import { type KerasCase, runKerasCase } from "./keras_case";
import { itConforms } from "./vectors";

/** The others are tables of parameters, see `seed_params.test.ts`, and summaries, which the tests of models read. */
itConforms<KerasCase>("seed_vectors.json", 2, runKerasCase, {}, (c) => !("kind" in c));
