import { runKerasCase } from "./keras_case";
import { itConforms } from "./vectors";

itConforms("external_vectors.json", 42, runKerasCase);
